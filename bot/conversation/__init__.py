"""Between store and core: the record in, the decision out. It knows no messenger."""
