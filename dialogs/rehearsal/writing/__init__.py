"""The questionnaire with which an author writes a made-up case. No file is stored here."""
