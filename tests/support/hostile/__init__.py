"""Hostile input, generated from seeds, and a program that gives it to the bot and checks what happens."""
