"""The training documents about a made-up case, as values. They name no person, and are laid out elsewhere."""
