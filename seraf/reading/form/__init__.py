"""Parsers of the questionnaire (the instrument and its rules) and of scoring requests. They compute no score."""
