"""The cards of a person who rehearses alone: choosing a case, its story, the debrief, and past rehearsals."""
