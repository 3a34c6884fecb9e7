"""`step`: a session and an event give the next session. It shows nothing, and knows nothing of rehearsals."""
