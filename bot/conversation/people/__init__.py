"""The management of access in an administrator's chat: the request, the reading of all accounts, the change, and the next card."""
