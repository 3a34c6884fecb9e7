"""Starts `seraf-bot` quickly: its process is forked from one that has already imported everything.

This package knows arguments, environment and streams of such a process, and nothing about what is tested.
"""
