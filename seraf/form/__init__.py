"""The questionnaire: instrument, items, short questions and responses. It computes no score and gives no advice."""
