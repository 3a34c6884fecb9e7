"""Whose private chat it is: Telegram numbers people and their private chats alike."""

from bot.runtime.person_id import TELEGRAM, PersonId


def person_of(chat: int) -> str:
    """The person of a private chat, as the store names them."""
    return str(PersonId.on_telegram(chat))


def chat_of(person: str) -> int:
    """The private chat of a person. `ValueError` for somebody of another channel."""
    who = PersonId.read(person)
    if who.channel != TELEGRAM:
        raise ValueError("this person has no chat here: they use another channel")
    return int(who.name)
