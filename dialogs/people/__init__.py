"""The cards on which administrators manage access: who is admitted, until when, and in which role."""
