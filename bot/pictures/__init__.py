"""Pictures of rehearsals and reviews, and papers of rehearsals, set in memory and never written to a disk. They know no person."""
