"""How people see and use their chats, and how a group looks from outside; nothing here knows HTTP."""
