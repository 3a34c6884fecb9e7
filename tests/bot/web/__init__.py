"""Tests of `channels/web/`."""
