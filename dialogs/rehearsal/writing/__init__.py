"""A made-up case written question by question: what is asked next, what is wrong with an answer. It keeps no file."""
