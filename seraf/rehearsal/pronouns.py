"""Whom a pronoun means. What a reader can take for somebody else than the child is found here, and written otherwise."""

import re

MEN = (
    "father",
    "stepfather",
    "dad",
    "brother",
    "stepbrother",
    "uncle",
    "grandfather",
    "man",
    "boy",
    "boyfriend",
    "son",
)
WOMEN = ("mother", "stepmother", "mum", "sister", "aunt", "grandmother", "woman", "girl", "girlfriend", "daughter")
EITHER = (
    *(
        "parent",
        "cousin",
        "friend",
        "relative",
        "adult",
        "teenager",
        "youth",
        "pupil",
        "neighbour",
        "stranger",
        "driver",
    ),
    *("teacher", "tutor", "coach", "nurse", "doctor", "carer", "worker", "officer", "shopkeeper", "counsellor"),
    *("lodger", "player", "somebody", "someone", "visitor", "mentor"),
)
MANY = (
    "men",
    "women",
    "people",
    "children",
    "adults",
    "friends",
    "parents",
    "pupils",
    "staff",
    "carers",
    "police",
    "family",
)
KIN = ("mother", "father", "mum", "dad", "sister", "brother", "aunt", "uncle", "grandmother", "grandfather", "parents")
"""People of whom a case may speak, by what they are called; and those whom a child calls their own."""

LITERAL = re.compile(r"\b(he|him|his|himself|she|her|hers|herself|they|them|their|themselves)\b", re.IGNORECASE)
CHILD = re.compile(r"\{(they|them|their|themself|They|Their)\}")
PERSON = re.compile(rf"\b({'|'.join((*MEN, *WOMEN, *EITHER, *MANY))})s?\b", re.IGNORECASE)
QUOTED = re.compile(r"“[^”]*”")
CLAUSE = re.compile(r"[,;:.?!–]")


def unclear_place(text: str) -> str:
    """The word of a text with places that could mean somebody else than the child; empty where there is none.

    A pronoun in plain letters means another person. One in a place means the child, who must be named before it, and be
    the only one there. What somebody says between quotation marks is their own.
    """
    said = QUOTED.sub("“”", text)
    if found := LITERAL.search(CHILD.sub("", said)):
        return found[0]
    place = CHILD.search(said)
    is_clear = place is None or ("{name}" in said[: place.start()] and not PERSON.search(said))
    return "" if is_clear or place is None else place[0]


WHOSE = (("his", "he", (*MEN, *EITHER)), ("her", "she", (*WOMEN, *EITHER)), ("their", "they", (*MEN, *WOMEN)))
"""For each word that says whose a relative is: what means the same person, and who else it could be."""


def unclear_kin(text: str) -> str:
    """The words of a told text that could be of two people's relatives, as “his mother” after “the uncle”; empty where none is.

    Within one clause somebody else whom the word could mean stands before it, and nothing between says who is meant.
    """
    for clause in CLAUSE.split(QUOTED.sub("", text)):
        for word, same, people in WHOSE:
            other = rf"\b(?:{'|'.join(people)})\b(?!['’]s)"
            if found := re.search(rf"{other}(?:(?!\b{same}\b).)*\b({word} (?:{'|'.join(KIN)}))\b", clause):
                return found[1]
    return ""
