"""`seraf-bot run`: the Telegram bot."""


def run_bot() -> None:
    """The Telegram bot. It says “ready” in its log when it polls; SIGTERM or Ctrl-C stops it cleanly."""
