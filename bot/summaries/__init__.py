"""The file formats of a summary for people and programs: PDF, text, JSON and FHIR, made in memory and never left on a disk."""
