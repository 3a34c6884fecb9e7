"""The management of access by an administrator in the chat: the request, the look-up, the change and the next card, without a case."""
