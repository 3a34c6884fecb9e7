"""`step`: a session and an event give the next session. It draws no card, and knows nothing of rehearsals."""
