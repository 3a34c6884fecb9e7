"""Reading the form (instrument, rules, short questions) and scoring requests. It counts no points."""
