"""The command line. It prints text for people and JSON for programs. Rules about cases are in other packages."""
