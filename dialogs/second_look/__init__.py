"""Cards about a case that several people see: asking for a second look, handing over, and reading a colleague's case."""
