"""Pictures and papers of rehearsals, made in memory and never left on a disk. They take words and counts, and know no person."""
