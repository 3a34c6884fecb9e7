"""Where a rule that people miss can be practised at all, so that no vignette claims to teach what it does not."""

from typing import assert_never

from seraf.cases.vignette import Keyed, Rule
from seraf.form.conditions import Facts
from seraf.form.instrument import Instrument, Item
from seraf.form.vocabulary import NOT_KNOWN, Age, Meaning
from seraf.rehearsal.critical_actions import PROTECTING, protects_less


def is_practised(rule: Rule, keyed: Keyed, *, instrument: Instrument, facts: Facts) -> bool:
    """Whether somebody who answers otherwise at this place may have missed the rule, given the facts of the whole key."""
    if keyed.place in instrument:
        return _at_item(rule, keyed, instrument=instrument, facts=facts)
    return _at_question(rule, keyed, facts=facts)


def _at_question(rule: Rule, keyed: Keyed, *, facts: Facts) -> bool:
    if rule is Rule.JUDGEMENT:
        return keyed.place == "judgement" and keyed.answer == "yes" and not facts["category"].isdisjoint({"1", "2"})
    if rule is Rule.TOLD_OR_SEEN:
        return keyed.place == "told_or_seen"
    return rule is Rule.NOT_KNOWN and keyed.answer == NOT_KNOWN


def _at_item(rule: Rule, keyed: Keyed, *, instrument: Instrument, facts: Facts) -> bool:
    item = instrument.item(keyed.place)
    answer = item.option(keyed.answer)
    has_two_windows = any(option.means is Meaning.EARLIER for option in item.section.options)
    match rule:
        case Rule.BOTH_COLUMNS:
            return has_two_windows and answer.means is Meaning.CURRENT and answer.points > _least(item)
        case Rule.FAMILY:
            return has_two_windows
        case Rule.UNDER_13:
            return Age.UNDER_13 in facts["age"] and has_two_windows and answer.is_present
        case Rule.NOT_KNOWN:
            return not answer.is_known
        case Rule.DISCUSSION:
            return "yes" in facts["manager_discussion"] and answer.is_present and has_two_windows
        case Rule.OTHER_HARM:
            return item.id in instrument.other_harm and answer.is_present
        case Rule.LOOK_BACK:
            return answer.is_known
        case Rule.SUSPICION:
            return answer.is_present
        case Rule.JUDGEMENT | Rule.TOLD_OR_SEEN:
            return False
    assert_never(rule)


def is_missed(rule: Rule, keyed: Keyed, *, given: str, instrument: Instrument) -> bool:
    """Whether this answer, which is not the key's, is one that somebody gives who does not know the rule of that place.

    The addition for a child under 13 is missed by the whole case, or by the age.
    """
    if keyed.place not in instrument:
        return _is_missed_at_question(rule, keyed, given=given)
    item = instrument.item(keyed.place)
    said, agreed = item.option(given), item.option(keyed.answer)
    match rule:
        case Rule.BOTH_COLUMNS:
            return said.is_present
        case Rule.LOOK_BACK:
            has_windows = any(option.means is Meaning.EARLIER for option in item.section.options)
            # With two windows any other tick is one in the wrong window; with one, the slip shows as a Yes
            # for a No or the reverse.
            return said.is_present if has_windows else said.is_known and said.is_present is not agreed.is_present
        case Rule.FAMILY:
            return said.is_present
        case Rule.NOT_KNOWN:
            return said.is_known and not said.is_present
        case Rule.DISCUSSION | Rule.OTHER_HARM | Rule.SUSPICION:
            return not said.is_present
        case Rule.UNDER_13 | Rule.JUDGEMENT | Rule.TOLD_OR_SEEN:
            return False
    assert_never(rule)


def _is_missed_at_question(rule: Rule, keyed: Keyed, *, given: str) -> bool:
    """To protect more than the key asks for is to miss no rule."""
    if rule is Rule.NOT_KNOWN:
        return given == "no"
    return keyed.place not in PROTECTING or protects_less(keyed, given)


def _least(item: Item) -> int:
    return min(option.points for option in item.section.options if option.means is Meaning.CURRENT)
