"""Tests of rooms (rehearsals of a group) that guests join by a link, over HTTP."""
