"""Two matched cases in words: in what they are alike, and in what they are not."""

from dialogs.core.script import Script
from seraf.rehearsal.session_plan import Demand, MatchedPair


def how_matched(pair: MatchedPair, script: Script) -> tuple[str, ...]:
    """What the two share and in what they differ, a line each; and that nobody has measured how hard they are."""
    say = script.wording.say
    named = {"first": pair.first.title, "second": pair.second.title}
    one, other = (_told(each, script) for each in pair.demands)
    lines = (
        say(f"kit.pair.{'same' if a == b else 'other'}", what=say(f"kit.pair.{name}"), one=a, other=b, **named)
        for name, a, b in zip(("lead", "call", "category", "ticked"), one, other, strict=True)
    )
    return (*lines, say("kit.pair.story"), say("kit.pair.measured"))


def _told(demand: Demand, script: Script) -> tuple[str, str, str, str]:
    lead = next(each for each in script.pack.guidance.leads if each.id == demand.lead)
    say = script.wording.say
    return lead.title, say(f"first-call.{demand.call}"), str(demand.category), str(demand.ticked)
