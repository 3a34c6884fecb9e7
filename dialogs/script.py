"""What a conversation is held by: a pack, the wording, and what the channel can do."""

from dataclasses import dataclass

from dialogs.wording import Wording
from seraf.pack import Pack


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What differs between channels and has to be said or heeded: `name` picks the sentences about who can read it.

    `keeps` is false where nothing outlives the window; `can_empty` is true where everything can be removed from sight.
    """

    name: str
    keeps: bool
    can_empty: bool


@dataclass(frozen=True, slots=True)
class Script:
    """All that a turn and a card need beside the session, the event and the time."""

    pack: Pack
    wording: Wording
    channel: ChannelFacts
