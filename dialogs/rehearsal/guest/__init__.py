"""Group rehearsals for people without an account (guests): their turns and cards, and the slides on a trainer's screen."""
