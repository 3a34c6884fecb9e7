"""Short notes, if an organisation takes them: their cards and buttons. How text is screened is not defined here."""
