"""The papers of a trainer who teaches with a made-up case, as values. They name no person, and are laid out elsewhere."""
