"""Reading the guidance: leads, steps, the action card, contacts, and words for calls. It judges no rule."""
