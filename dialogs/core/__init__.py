"""The value types of a conversation: sessions, events, replies, acts, overlays, the script and the wording."""
