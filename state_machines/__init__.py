"""Where a conversation may be and what may happen there. It alone imports transitions, and knows no words and no items."""
