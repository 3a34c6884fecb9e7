"""How an administrator manages access in the chat: the request, the look-up of everybody, the change and the next card. It
knows no case.
"""
