"""Reading what may be looked up: guide, glossary, what is to be recorded. It reads no rule."""
