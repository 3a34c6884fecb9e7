"""Tests of the commands that keep the bot running, as an operator types them."""
