"""The form in which an author writes a made-up case. No file is stored here."""
