"""Reading made-up cases and the sentences that they are made of."""
