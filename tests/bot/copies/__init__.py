"""Tests of several copies of the bot on one database."""
