"""Pictures and papers of rehearsals and reviews, typeset in memory and never written to disk. They name no person."""
