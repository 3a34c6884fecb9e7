"""Who may do what until when. It shows nothing of a case."""
