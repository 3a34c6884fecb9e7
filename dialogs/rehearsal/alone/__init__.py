"""A rehearsal by oneself: the debrief and one's own course. It knows nobody else."""
