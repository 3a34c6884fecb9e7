"""How simulated people see and use their chats, and how a group behaves. Nothing here knows HTTP."""
