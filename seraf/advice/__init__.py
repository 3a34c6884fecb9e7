"""What to do, how soon, whom to call, and what to say. It computes no points and knows nothing of screens."""
