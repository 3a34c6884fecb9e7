"""Made-up cases to practise on, and the sentences that they are made of. It knows no real case."""
