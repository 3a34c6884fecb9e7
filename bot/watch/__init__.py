"""What is seen of a running bot from outside: counts, times and events. It refuses to know who somebody is and what they said."""
