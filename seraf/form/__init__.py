"""What is asked and what may be answered: instrument, items, short questions, responses. It gives no points and no advice."""
