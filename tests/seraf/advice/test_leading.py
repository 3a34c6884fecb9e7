"""What the leads of a pack rest on is what a carry-over code has to hold: it is found wherever it stands, and named where not."""

from dataclasses import replace

import pytest

from bot.runtime.packs import load_pack
from seraf.advice.action_plan import Urgency
from seraf.advice.guidance import Guidance, Lead, read_by_leads
from seraf.form.circumstances import ALWAYS, EVIDENCE, Basis, Choice, Circumstance, Condition
from seraf.form.vocabulary import NOT_ASKED, NOT_KNOWN, Age
from seraf.pack import Pack
from seraf.review.carry_over import FACTS, uncarried
from tests.support.shipped import OTHER_BOARD, PACK


def asks(**words: str) -> Condition:
    """A condition on these facts, each with one word."""
    return Condition(tuple((fact, frozenset({word})) for fact, word in words.items()))


def short(name: str, *ticks: str, implied: tuple[Condition, ...] = (), rest: str = "no") -> Circumstance:
    """A short question that may be answered with these ticks."""
    choices = tuple(Choice(tick, tick) for tick in ticks or ("yes",))
    return Circumstance(name, "Is it?", choices, rest, "What.", Basis(), implied=implied, card="safety")


def guidance(*leads: Condition, circumstances: tuple[Circumstance, ...] = (), evidence: Condition = ALWAYS) -> Guidance:
    """Guidance with these leads, and one that always holds."""
    told = tuple(
        Lead(str(number), str(number), Urgency.CALL, "T", "t", Basis(), (each,))
        for number, each in enumerate((*leads, ALWAYS))
    )
    return Guidance(told, (), (), (), circumstances, (evidence,))


@pytest.mark.parametrize("pack", [PACK, load_pack(OTHER_BOARD)], ids=lambda pack: pack.instrument.edition.board)
def test_a_code_holds_all_that_the_leads_of_a_pack_rest_on(pack: Pack) -> None:
    """Of the shipped pack and of another board's."""
    assert uncarried(read_by_leads(pack.guidance)) == ()


@pytest.mark.parametrize("pack", [PACK, load_pack(OTHER_BOARD)], ids=lambda pack: pack.instrument.edition.board)
def test_a_code_says_not_known_where_that_is_something_else_than_not_asked(pack: Pack) -> None:
    """For a lead, or for whether a question is put on which one rests: what a code leaves unsaid could be either."""
    guidance = pack.guidance
    asking = [condition for each in guidance.circumstances for condition in (*each.matters, *each.implied)]
    leading = [condition for lead in guidance.leads for condition in lead.conditions]
    told_apart = {
        fact
        for condition in (*leading, *guidance.evidence, *asking)
        for fact, words in condition.asks
        if (NOT_KNOWN in words) is not (NOT_ASKED in words)
    }

    assert [fact for fact in sorted(told_apart & FACTS.keys()) if NOT_KNOWN not in FACTS[fact]] == []


def test_what_the_shipped_leads_rest_on_is_found() -> None:
    """Outright, and by way of evidence."""
    read = read_by_leads(PACK.guidance)

    assert {"age", "danger", "told_or_seen", "judgement", "missing_now", "grounds"} <= read.keys()
    assert {"young_exploiter", "draws_in", "network"} <= read.keys()
    assert read["age"] == tuple(Age)
    assert read["grounds"] == ("yes", "no", "not-decided", "not-known")
    assert {"moved", "online", "safe", "family"} <= read.keys()
    assert not {"profession", "category", "present", EVIDENCE, "parents_told"} & read.keys()


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        (guidance(asks(hurt="yes"), circumstances=(short("hurt"),)), "hurt"),
        (guidance(asks(evidence="yes"), circumstances=(short("hurt"),), evidence=asks(hurt="yes")), "hurt"),
        (
            guidance(asks(moved="yes"), circumstances=(short("hurt"), short("moved", implied=(asks(hurt="yes"),)))),
            "hurt",
        ),
        (guidance(asks(grounds="yes"), circumstances=(short("grounds", "yes", "perhaps"),)), "grounds = perhaps"),
        (
            guidance(
                asks(network="yes"),
                circumstances=(
                    short("hurt"),
                    short("moved", implied=(asks(hurt="yes"),)),
                    short("network", implied=(asks(moved="yes"),)),
                ),
            ),
            "hurt",
        ),
    ],
)
def test_what_no_code_holds_is_named_wherever_it_stands(told: Guidance, fault: str) -> None:
    """In a lead, in the evidence that a lead asks for, in what implies a short question, or as a word of one."""
    assert uncarried(read_by_leads(told)) == (fault,)


@pytest.mark.parametrize(
    "told",
    [
        guidance(circumstances=(short("hurt"),)),
        guidance(asks(danger="yes"), circumstances=(short("hurt"),), evidence=asks(hurt="yes")),
        guidance(asks(profession="police", allocated="yes", stage="review", known="no")),
        guidance(*(asks(**{fact: words[1]}) for fact, words in FACTS.items())),
    ],
)
def test_what_no_lead_rests_on_needs_no_place_in_a_code(told: Guidance) -> None:
    """Steps alone, evidence that no lead asks for, and who reads it."""
    assert uncarried(read_by_leads(told)) == ()


def test_a_pack_is_measured_by_all_its_leads() -> None:
    """One more lead on what is only asked for a step, and the pack has a fault."""
    lead = replace(PACK.guidance.leads[0], id="more", conditions=(asks(child_told="yes"),))
    told_of = replace(PACK.guidance.circumstances[0], id="child_told")

    told = replace(
        PACK.guidance,
        leads=(lead, *PACK.guidance.leads),
        circumstances=(*PACK.guidance.circumstances, told_of),
    )

    assert uncarried(read_by_leads(told)) == ("child_told",)
