"""The file formats of a summary: PDF, text, JSON and FHIR. Files are made in memory, and not left on a disk."""
