"""What Telegram stores: chats with their messages, unanswered taps, and waiting updates; and how it words refusals."""
