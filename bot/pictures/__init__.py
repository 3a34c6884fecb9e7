"""Pictures of rehearsals and reviews, and papers of rehearsals, made in memory and never left on a disk. They know no person."""
