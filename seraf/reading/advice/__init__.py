"""Reading the guidance: leads and steps, the action card, contacts, what to say on the telephone. It judges no rule."""
