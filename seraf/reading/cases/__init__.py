"""Reading made-up cases and the sentences they are built from. It derives no answer: `rehearsal` proves the keys."""
