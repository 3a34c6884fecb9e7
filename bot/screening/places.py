"""Where somebody can be found: postcodes, addresses, e-mail and web addresses, user names, number plates."""

import re
from collections.abc import Iterator

POSTCODE = re.compile(
    r"(?<![A-Z0-9])[A-Z]{1,2}\d[A-Z\d]?[ -]{0,2}\d(?!(?:st|nd|rd|th)\b)[ABD-HJLNP-UW-Z]{2}(?![A-Z0-9])", re.IGNORECASE
)

EMAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]+)+|[\w.+-]+@[\w-]+", re.IGNORECASE
)

WEB = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|co\.uk|org|org\.uk|net|uk|me|io|gg|tv|app|ly|info|link)\b(?:/\S*)?|"
    r"\bdot (?:com|co|org|net|uk)\b",
    re.IGNORECASE,
)

HANDLE = re.compile(
    r"(?<![\w.])@\s?\w[\w.]+|\b[A-Za-z]\w*_\w+\b|\b\w+_\w*[A-Za-z]\b|"
    r"\b[A-Za-z]{3,}\d{2,}\b|\b[A-Za-z]+\d+[A-Za-z]{2,}\w*\b"
)
"""@name, some_name, name99."""

NAMED_ACCOUNT = re.compile(
    r"\b(?:user ?name|gamer ?tag|handle|(?:snap(?:chat)?|insta(?:gram)?|tik ?tok|discord|xbox|psn|roblox|account)(?: name)?)"
    r"\s*(?:is|:|=|called|under)\s*[\"“'‘]?(?!(?:not|on|in|a|the|her|his|their|used|being|full|how|where|now|private|public|"
    r"blocked|deleted|unknown|another|one|still|open|locked|to)\b)\w+",
    re.IGNORECASE,
)
"""A user name that is said to be one."""

NO_HANDLE = re.compile(
    r"\b(?:covid|year|yr|key|stage|section|category|cat|grade|level|room|mp|ks|under|over|age|aged|at|since|from|until|by|for|"
    r"the|in)\d+\w{0,2}\b",
    re.IGNORECASE,
)
"""Words that people write together with a number."""

PLATE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2}[ -]?[A-Z]{3}|[a-z]{2}\d{2}[a-z]{3}|[A-Z]\d{2,3} ?[A-Z]{3}|"
    r"[A-Z]\d[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])(?![A-Za-z0-9])"
)
"""A number plate as it is written now, and as older ones are."""

_STREETS = (
    "road|rd|street|st|avenue|ave|close|lane|drive|way|court|crescent|gardens|grove|place|terrace|hill|square|walk|row|"
    "mews|green|rise|parade|view|heights|house|park|wharf|quay|broadway"
)
_NO_STREET = "the|a|of|on|in|main|busy|same|side|other|next|near|minor|major|quiet|year|years|week|weeks"
ADDRESS = re.compile(
    rf"\b\d{{1,4}}[A-Za-z]?,?\s+(?:[A-Z][\w'’-]*\.?\s+){{1,3}}(?i:{_STREETS})\b|"
    rf"\b\d{{1,4}}[a-z]?,?\s+(?!(?:{_NO_STREET})\b)[a-z'’]+\s+(?:road|street|avenue|crescent|terrace|mews|lane|gardens)\b|"
    r"\b(?i:flat|apartment|apt|unit|plot|caravan)\s+(?i:no\.?\s*)?\d{1,4}[a-z]?\b|"
    r"\b(?i:lives|lived|living|stays|staying|house|address)\s+(?:at|is|on)\s+(?:number|no\.?)\s*\d+|"
    rf"\b(?i:lives|lived|living|stays|staying|stayed)\s+(?:at|on|in)\s+(?:[A-Z][\w'’-]+\s+){{1,3}}(?i:{_STREETS})\b"
)
"""A house number with a street, a flat with its number, the street in which somebody lives."""


def whereabouts(text: str) -> Iterator[str]:
    """The kinds of place that the text could hold."""
    if POSTCODE.search(text):
        yield "postcode"
    if EMAIL.search(text):
        yield "email"
    if WEB.search(EMAIL.sub(" ", text)):
        yield "web"
    if HANDLE.search(NO_HANDLE.sub(" ", text)) or NAMED_ACCOUNT.search(text):
        yield "handle"
    if PLATE.search(text):
        yield "vehicle"
    if ADDRESS.search(text):
        yield "address"
