"""The values of a conversation: session, event, reply, act, overlay, script and wording, and the session as text. No
card is drawn here.
"""
