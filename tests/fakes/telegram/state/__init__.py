"""What Telegram keeps: chats and their messages, open taps and waiting updates, and the words in which it says no."""
