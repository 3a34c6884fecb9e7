"""A code that one person says to another on the telephone: ten signs, of which the last shows whether the others were heard rightly."""

SIGNS = "2346789ABCDEFGHJKMNPQRSTVWXYZ"
"""The 29 signs: those of other codes without 5, since “five” and “nine” sound alike."""

DRAWN = 9  # signs that are drawn at random, which makes 43.7 bits; the tenth follows from them
LENGTH = DRAWN + 1
GROUP = 5  # signs in a group, with a space between groups

# The 29 signs are as many as a prime number. So a wrong sign changes the sum, since no weight is a multiple of 29; and so
# does a swap, since no two weights are equal.
WEIGHTS = range(1, LENGTH + 1)


def with_check(drawn: str) -> str:
    """Return the code of these nine signs: with the tenth, for which the weighted sum of all ten is a multiple of 29."""
    # The weight of the tenth is 10, and 3 is what multiplies by 10 to 30, which is 1 modulo 29.
    return drawn + SIGNS[-_sum(drawn) * 3 % len(SIGNS)]


def spoken_code(number: int) -> str:
    """Return the code that follows from a random number, of which only the rest by 29 to the power of 9 counts."""
    signs = []
    for _ in range(DRAWN):
        number, index = divmod(number, len(SIGNS))
        signs.append(SIGNS[index])
    return with_check("".join(signs))


def read_code(typed: str) -> str | None:
    """Return the code in what was typed, in any case and with any spaces and hyphens, or None if it cannot be a code."""
    code = "".join(typed.upper().replace("-", " ").split())
    is_code = len(code) == LENGTH and all(sign in SIGNS for sign in code)
    return code if is_code and _sum(code) % len(SIGNS) == 0 else None


def looks_like_code(typed: str) -> bool:
    """Return True if what was typed has ten letters and digits, as a code has, though it may be none."""
    code = "".join(typed.replace("-", " ").split())
    return len(code) == LENGTH and code.isalnum() and code.isascii()


def in_two_groups(code: str) -> str:
    """Return the code with a space in the middle, as people write it down."""
    return f"{code[:GROUP]} {code[GROUP:]}"


def _sum(signs: str) -> int:
    return sum(weight * SIGNS.index(sign) for weight, sign in zip(WEIGHTS, signs, strict=False))
