"""The domain, without input or output: instrument, score, advice and cases. It imports only the standard library."""
