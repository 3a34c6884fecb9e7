"""Tests that values are read as written, that every text has a maximum length, and that unknown keys are refused."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest

from bot.runtime.packs import SHIPPED
from seraf.advice.contacts import Hours
from seraf.reference import fold
from tests.support.pack.mutating import CONDITIONS, spots
from tests.support.pack.other_board import FOLDER
from tests.support.pack.other_board import INSTRUMENT as OTHER
from tests.support.pack.toml import ABSENT, Asks, Raw, faults_of, groups_of, meant, parsed, put, stated
from tests.support.shipped import INSTRUMENT, PACK

VOICES = ("says", "heading", "law", "ours")
MISSING = {"section": "signs", "begins": "With…", "points": 1, "note": "One is missing."}
NOTE = {"id": "n", "text": "A note.", "source": "ours"}
DETAIL = {"id": "d", "line": "record", "text": "In their own words.", "source": "ours"}
SIGNED = {"by": "A person", "role": "Lead", "on": date(2027, 1, 31), "digests": ["all 0"], "proof": "0"}
SIGNER = {"by": "A person", "key": "ssh-ed25519 0"}
BLAMING = {"id": "x", "phrases": ["x y"], "why": "x", "instead": "x", "source": "ours"}

PLACED = {"joined": "{items} {last}", "both": "{item}", "rest": "{count}"}
"""The beginning of a text that must contain placeholders."""

LIMITS = """
instrument.toml instrument.name=1000 instrument.edition=120 sections.0.title=40 sections.0.plural=40 sections.0.ask=200
sections.0.note=300 sections.0.within=40 sections.0.reminder=60 sections.0.options.0.label=18 items.0.id=16
items.1.label=200 items.1.short=18 items.1.gloss=200 items.1.consider=160 items.1.explanation=400 items.1.why=100
items.1.spoken=40 items.1.counts.0=1000 additions.0.label=80 bands.0.name=40 bands.0.description=300
missing.0.note=1000 questions.0.ask=300 signatures.0.by=60 signatures.0.role=60 signatures.0.proof=1000 signers.0.by=60
signers.0.key=200 names.specialist=80
calling.toml joined=60 both=60 rest=60 say.0.text=160 asked.0.text=200
guidance.toml leads.0.id=30 leads.0.title=60 leads.0.text=300 steps.0.id=30 leads.0.reason=30 steps.0.text=120
whom.0.name=50 whom.0.short=8 actions.1.short=8 actions.1.title=60 actions.1.folded=60 actions.1.why=300
details.0.id=30 details.0.text=120 notes.0.id=30 notes.0.text=400
contacts.toml contacts.1.name=60 contacts.1.when=80 contacts.1.note=160
glossary.toml terms.0.id=30 terms.0.term=20 terms.0.text=400
guide.toml chapters.0.title=20 topics.0.id=12 topics.0.title=60 topics.0.short=20 topics.0.text=700
recording.toml headings.0.title=60 headings.0.short=18 headings.0.ask=300 mirror.0.why=200 mirror.0.instead=250
"""
"""For each file, the paths of its texts with the maximum number of characters."""


def files() -> dict[str, Raw]:
    """Return the small pack, extended so that it has at least one row of every kind."""
    found = parsed(FOLDER)
    found["instrument.toml"]["missing"] = [dict(MISSING)]
    found["guidance.toml"]["notes"] = [dict(NOTE)]
    found["guidance.toml"]["details"] = [dict(DETAIL)]
    found["instrument.toml"]["signatures"] = [dict(SIGNED)]
    found["instrument.toml"]["signers"] = [dict(SIGNER)]
    found["recording.toml"]["mirror"] = [dict(BLAMING)]
    return found


TABLES = [
    (name, spot.way)
    for name, raw in files().items()
    for spot in spots(raw)
    if isinstance(spot.value, dict) and not any(step in CONDITIONS for step in spot.way)
]


def limits() -> Iterator[tuple[str, str, int]]:
    name = ""
    for word in LIMITS.split():
        path, _, most = word.partition("=")
        name = name if most else path
        if most:
            yield name, path, int(most)


@pytest.mark.parametrize(("name", "path", "limit"), tuple(limits()))
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(name: str, path: str, limit: int) -> None:
    fitting, long = files(), files()
    put(fitting[name], path, PLACED.get(path, "").ljust(limit, "x"))
    put(long[name], path, PLACED.get(path, "").ljust(limit + 1, "x"))

    assert [fault for fault in faults_of(fitting) if "other_harm" not in fault] == []
    assert any(f"at most {limit}" in fault for fault in faults_of(long))


@pytest.mark.parametrize("key", ["sections", "items"])
def test_a_form_without_sections_or_items_is_a_fault(key: str) -> None:
    changed = files()
    changed["instrument.toml"][key] = []

    assert f"instrument.toml.{key}: needs at least 1, has 0" in faults_of(changed)


@pytest.mark.parametrize(("name", "way"), TABLES, ids=lambda value: str(value))
def test_no_table_takes_a_key_that_nobody_knows(name: str, way: tuple[Any, ...]) -> None:
    changed = files()
    put(changed[name], ".".join(str(step) for step in (*way, "colour")), "red")

    (fault,) = faults_of(changed)

    assert ".colour: not a key" in fault


def test_the_instrument_matches_its_file() -> None:
    raw = stated(SHIPPED, INSTRUMENT.edition.places)["instrument.toml"]

    for section, written in zip(INSTRUMENT.sections, raw["sections"], strict=True):
        options = [
            {"id": each.id, "label": each.label, "points": each.points, "means": each.means} for each in section.options
        ]
        assert options == written["options"]
        for key, value in without(written, "options").items():
            assert getattr(section, key) == (tuple(value) if isinstance(value, list) else value)
    for item, written in zip(INSTRUMENT.items, raw["items"], strict=True):
        assert item.section.id == written["section"]
        for key, value in {"gloss": "", **without(written, "section")}.items():
            found = getattr(item.inquiry if key in ("ask", "why", "spoken") else item, key)
            assert found == (tuple(value) if isinstance(value, list) else value)


def without(raw: Raw, key: str) -> Raw:
    return {each: value for each, value in raw.items() if each != key}


def test_the_rules_of_the_instrument_match_its_file() -> None:
    assert [(band.category, band.lowest) for band in INSTRUMENT.bands] == [(1, 0), (2, 6), (3, 11), (4, 16)]
    assert [(each.id, each.points) for each in INSTRUMENT.additions] == [("under-13", 5)]
    assert INSTRUMENT.manager_discussion.categories == {1, 2}
    assert INSTRUMENT.manager_discussion.present == {"significant"}
    assert INSTRUMENT.other_harm == ("V1", "V2", "V3", "M4", "M6", "M7")
    assert [(each.section, each.points) for each in INSTRUMENT.missing] == [("moderate", 1)]
    assert INSTRUMENT.edition.review_due == date(2019, 4, 30)
    assert [question.id for question in OTHER.questions] == ["disabled"]


def test_the_guidance_matches_its_file() -> None:
    files = stated(SHIPPED, INSTRUMENT.edition.places)
    raw, groups = files["guidance.toml"], groups_of(files)

    for kind in ("leads", "steps", "mixes", "notes"):
        rules = getattr(PACK.guidance, kind)
        assert [rule.id for rule in rules] == [each["id"] for each in raw[kind]]
        assert [rule.text for rule in rules] == [each["text"] for each in raw[kind]]
    for kind in ("leads", "steps"):
        for rule, each in zip(getattr(PACK.guidance, kind), raw[kind], strict=True):
            assert [condition.asks for condition in rule.conditions] == asked(each.get("if", []), groups)
    for kind in ("mixes", "notes"):
        for rule, each in zip(getattr(PACK.guidance, kind), raw[kind], strict=True):
            assert rule.condition.asks == meant(each.get("if", {}), groups)
    for lead, each in zip(PACK.guidance.leads, raw["leads"], strict=True):
        assert (lead.urgency.word, lead.reason) == (each["urgency"], each.get("reason", each["id"]))


def asked(conditions: Any, groups: Any) -> list[Asks]:
    listed = [conditions] if isinstance(conditions, dict) else conditions
    return [meant(each, groups) for each in listed]


def test_the_lines_of_the_card_match_their_file() -> None:
    files = stated(SHIPPED, INSTRUMENT.edition.places)
    raw, groups, plan = files["guidance.toml"], groups_of(files), PACK.guidance.plan

    for kind in ("actions", "details", "whom"):
        for rule, each in zip(getattr(plan, kind), raw[kind], strict=True):
            assert [condition.asks for condition in rule.conditions] == asked(each.get("if", []), groups)
            result = {key: value for key, value in each.items() if key not in ("if", "covers", *VOICES)}
            assert {key: getattr(rule, key, None) or getattr(rule.wording, key) for key in result} == result
            if kind != "whom":
                assert [getattr(rule.basis, voice) for voice in VOICES] == [each.get(voice, "") for voice in VOICES]
    for action, each in zip(plan.actions, raw["actions"], strict=True):
        assert (action.calls, list(action.covers)) == (each.get("calls", False), each.get("covers", []))
    for deadline, each in zip(plan.deadlines, raw["deadlines"], strict=True):
        assert deadline.id == each["id"]
        assert (deadline.minutes, deadline.at_close) == (each.get("minutes", 0), each.get("at_close", False))
        assert (deadline.working_days, deadline.months) == (each.get("working_days", 0), each.get("months", 0))
        assert deadline.opens == (time.fromisoformat(each["opens"]) if "opens" in each else None)


def test_the_short_questions_match_their_file() -> None:
    files = stated(SHIPPED, INSTRUMENT.edition.places)
    raw, groups = files["guidance.toml"], groups_of(files)

    for each, written in zip(PACK.guidance.circumstances, raw["circumstances"], strict=True):
        assert (each.id, each.ask, each.what) == tuple(written[key] for key in ("id", "ask", "what"))
        said = (written.get("rest", ""), written.get("card", ""), written.get("note", ""))
        assert (each.rest, each.card, each.note) == said
        assert [(tick.answer, tick.short) for tick in each.ticks] == [tuple(tick.values()) for tick in written["ticks"]]
        assert each.at_once is written.get("at_once", False)
        for conditions, key in ((each.matters, "if"), (each.implied, "yes_when")):
            assert [condition.asks for condition in conditions] == asked(written.get(key, []), groups)
    evidence = [meant(each["if"], groups) for each in raw["evidence"]]
    assert [condition.asks for condition in PACK.guidance.evidence] == evidence


def test_contacts_and_words_are_what_their_files_say() -> None:
    raw = stated(SHIPPED, INSTRUMENT.edition.places)

    art, edt = PACK.contacts["art"], PACK.contacts["edt"]
    assert art.hours == (
        Hours(frozenset({0, 1, 2, 3}), time(9), time(17)),
        Hours(frozenset({4}), time(9), time(16, 30)),
    )
    assert (art.confirmed, art.always, art.checked_on, edt.hours) == (False, True, date(2024, 4, 30), ())
    terms = sorted(raw["glossary.toml"]["terms"], key=lambda each: fold(each["term"]))
    assert [(term.id, term.text) for term in PACK.glossary.terms] == [(each["id"], each["text"]) for each in terms]


def test_the_guide_matches_its_file() -> None:
    raw = stated(SHIPPED, INSTRUMENT.edition.places)["guide.toml"]

    assert [(each.id, each.title) for each in PACK.guide.chapters] == [
        (each["id"], each["title"]) for each in raw["chapters"]
    ]
    for card, written in zip(PACK.guide.topics, raw["topics"], strict=True):
        chapter = PACK.guide.chapter_of(card.id)
        assert chapter is not None
        assert chapter.id == written["chapter"]
        for key, value in {"short": written["title"], "roles": [], **without(written, "chapter")}.items():
            assert getattr(card, key) == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize("key", ["gloss", "note"])
def test_a_text_that_may_be_left_out_is_empty_where_it_is(key: str) -> None:
    for value in (ABSENT, ""):
        changed = files()
        changed["instrument.toml"]["items"][0]["gloss"] = "A gloss."
        changed["instrument.toml"]["sections"][0]["note"] = "A note."
        put(changed["instrument.toml"], f"{'items' if key == 'gloss' else 'sections'}.0.{key}", value)
        assert faults_of(changed) == ()
