"""Reading how far back the windows of a section reach."""

from seraf.reading.toml.tables import TomlTable

LONGEST = 1200


def read_windows(table: TomlTable) -> tuple[int, ...] | None:
    """The months of `windows`: at most two, the second the greater; None where the pack does not say."""
    value = table.take("windows")
    if value is None:
        return None
    months = tuple(each for each in value if type(each) is int) if isinstance(value, list) else ()
    if not isinstance(value, list) or len(months) < len(value) or not all(1 <= each <= LONGEST for each in months):
        table.fault("windows", f"must be a list of whole numbers of months, each from 1 to {LONGEST}")
    elif len(months) > 2 or list(months) != sorted(set(months)):
        table.fault("windows", "must be at most two numbers, the current window first, then the longer one")
    return months
