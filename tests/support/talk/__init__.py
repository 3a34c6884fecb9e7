"""Simulated conversations with the core, in which tests press buttons by their labels."""
