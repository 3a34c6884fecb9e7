"""The command line: one module a command. It prints for people; what programs read is JSON on standard output.
It decides nothing about a case.
"""
