"""The questionnaire in which an author writes a made-up case. Storing the file is left to the caller."""
