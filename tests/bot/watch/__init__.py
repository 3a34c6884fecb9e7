"""What is seen of a running bot from outside: counts, times and events, and nobody."""
