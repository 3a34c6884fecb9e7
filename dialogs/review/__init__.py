"""Review codes, how a review begins, what changed since, and its reminder: their words and buttons. No answer is filled
in.
"""
