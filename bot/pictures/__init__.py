"""Pictures and papers of rehearsals and reviews. They name no person, and are made in memory without writing to a disk."""
