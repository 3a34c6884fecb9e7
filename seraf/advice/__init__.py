"""What to do, how urgently, whom to call, and what to say. It computes no points and knows no card."""
