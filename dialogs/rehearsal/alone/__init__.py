"""The cards of a person who rehearses alone: the choice of a case, the debrief and the course."""
