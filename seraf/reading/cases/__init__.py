"""Reading made-up cases and the sentences that they are made of. It works out no answer: a key is proven in `rehearsal`."""
