"""The domain without input or output: instrument, score, advice, cases. It imports only the standard library."""
