"""Made-up cases for practice, and the sentences from which they are generated. There is no real case here."""
