"""The command line. It prints text for people and JSON for programs. The rules about a case are in other packages."""
