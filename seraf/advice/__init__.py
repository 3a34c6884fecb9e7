"""Advice on a case: what to do, how soon, whom to call, and what to say. It computes no score and draws no screen."""
