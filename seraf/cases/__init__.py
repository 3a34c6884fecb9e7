"""Made-up cases for practice, and the sentences from which they are generated. No real case is stored here."""
