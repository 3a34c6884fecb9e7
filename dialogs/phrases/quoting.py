"""How words are set that are quoted within other words, or stand in a cell of a spreadsheet."""

INNER = str.maketrans("“”", "‘’")

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet takes for a formula, which could send what stands next to it elsewhere."""


def quotable(text: str) -> str:
    """A text to be set between quotation marks, so that its own differ from them."""
    return text.translate(INNER)


def as_cell(text: str) -> str:
    """A text for a cell of a CSV; an apostrophe in front keeps a spreadsheet from taking it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
