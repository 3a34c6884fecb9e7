"""Runs the command line as a user does, and plays the commands of runbooks and deployment pages."""
