"""The values of a conversation: session, event, reply, act, overlay, script, wording. No card is drawn here."""
