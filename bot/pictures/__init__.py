"""Pictures and papers of rehearsals and reviews, set in memory and never written to a disk. They know no person."""
