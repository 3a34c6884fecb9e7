"""Pictures and papers of rehearsals and reviews, typeset in memory and never written to a disk. They know no person."""
