"""The cards on which administrators see to people: who is let in until when, as what. They know labels and roles, and no case."""
