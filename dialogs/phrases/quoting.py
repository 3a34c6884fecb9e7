"""How words are set that are quoted within other words."""

INNER = str.maketrans("“”", "‘’")


def quotable(text: str) -> str:
    """A text to be set between quotation marks, so that its own differ from them."""
    return text.translate(INNER)
