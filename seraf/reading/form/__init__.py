"""Reading the form: instrument, rules, short questions; and a scoring request. It counts no points."""
