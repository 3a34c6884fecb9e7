"""Made-up cases for practice, and the sentences that they are built from. It knows no real case."""
