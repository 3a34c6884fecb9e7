"""What is asked and how it may be answered: instrument, items, short questions, responses. It gives no points or advice."""
