"""The command line. It prints for people, and JSON for programs. It decides nothing about a case."""
