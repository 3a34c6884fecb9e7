"""How an administrator manages access in the chat: the request, the look-up, the change and the next card, without a case."""
