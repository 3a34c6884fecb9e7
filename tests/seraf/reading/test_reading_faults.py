"""Tests of every kind of fault of a pack: a sound pack with one changed value has exactly that fault."""

import re
from typing import Any

import pytest

from bot.runtime.packs import SHIPPED
from seraf.errors import PackFault
from seraf.reading.toml.tables import Faults, parse
from tests.support.pack.other_board import FOLDER
from tests.support.pack.toml import ABSENT, edited, faults_of, parsed, put, read

OPTION = {"id": "maybe", "label": "Maybe", "points": 0, "means": "absent"}
ITEM = {
    **{"id": "B3", "section": "background", "label": "More", "short": "More", "consider": "Is it?", "source": "ours"},
    **{"explanation": "It is.", "counts": ["This"], "excludes": ["That"], "verified": True},
}
SECTION = {
    **{"id": "third", "title": "Third", "plural": "Third", "ask": "Ever?", "source": "ours"},
    "options": [
        OPTION,
        OPTION | {"id": "y", "label": "Y", "means": "current"},
        OPTION | {"id": "n", "label": "N", "means": "unknown"},
    ],
}
ADDITION = {"id": "disabled", "points": 1, "label": "Twice", "source": "ours", "when": {"age": ["13-15"]}}
QUESTION = {"id": "disabled", "ask": "Again?"}
CONTACT = {"id": "art", "name": "Art", "source": "ours", "confirmed": True, "always": True, "value": "101"}
MISSING = {"section": "signs", "begins": "With…", "points": 1, "note": "One is missing."}

INSTRUMENT: list[tuple[str, object, str]] = [
    ("instrument.name", ABSENT, "instrument.name: missing; write a text"),
    ("instrument.name", 7, "instrument.name: must be a text, not a whole number"),
    ("instrument.board", "  ", "instrument.board: empty; write a text"),
    ("instrument.edition", "x" * 121, "instrument.edition: 121 characters; at most 120 fit"),
    ("instrument.edition", "a\x1bb", "instrument.edition: has control characters"),
    ("instrument.edition", "a\u202eb", "instrument.edition: has control characters"),
    ("instrument.notes", "one", "instrument.notes: must be a list of texts"),
    ("instrument.review_due", ABSENT, "instrument.review_due: missing; write a date"),
    ("instrument.review_due", "2027-01-31", "instrument.review_due: must be a date such as 2019-04-30, not a text"),
    ("sections.1.windows", 6, "sections[1].windows: must be a list of whole numbers of months, each from 1 to 1200"),
    ("sections.1.windows", ["six"], "sections[1].windows: must be a list of whole numbers of months"),
    ("sections.1.windows", [0], "sections[1].windows: must be a list of whole numbers of months"),
    ("sections.1.windows", [1201], "sections[1].windows: must be a list of whole numbers of months"),
    ("sections.1.windows", [12, 6], "sections[1].windows: must be at most two numbers, the current window first"),
    ("sections.1.windows", [6, 6], "sections[1].windows: must be at most two numbers, the current window first"),
    ("sections.1.windows", [1, 2, 3], "sections[1].windows: must be at most two numbers, the current window first"),
    ("instrument.colour", "red", "instrument.colour: not a key that is known here; known: board, edition"),
    ("colour", "red", "colour: not a key that is known here; known: additions, asking"),
    ("sections.0.note", 1.5, "sections[0].note: must be a text, not a decimal number"),
    ("sections.0.title", ["x"], "sections[0].title: must be a text, not a list"),
    ("sections.0.title", {"x": 1}, "sections[0].title: must be a text, not a table"),
    ("sections.0.options.0.points", ABSENT, "sections[0].options[0].points: missing"),
    ("sections.0.options.0.points", True, "sections[0].options[0].points: must be a whole number, not true or false"),
    ("sections.0.options.0.points", -1, "sections[0].options[0].points: must be from 0 to 1000, not -1"),
    ("sections.0.options.0.points", 1001, "sections[0].options[0].points: must be from 0 to 1000, not 1001"),
    ("sections.0.options.1.points", 1, "sections[0].options[1].points: must be 0 for an option that means absent"),
    ("sections.0.options.2.points", 1, "sections[0].options[2].points: must be 0 for an option that means unknown"),
    ("sections.0.options.0.id", "a b", "sections[0].options[0].id: must be at most 16 letters, digits"),
    ("sections.0.options.0.id", "x" * 17, "sections[0].options[0].id: must be at most 16 letters, digits"),
    ("sections.0.options.3", OPTION | {"id": "no"}, "sections[0].options: 'no' stands more than once"),
    ("sections.0.options.3", OPTION | {"label": "No"}, "sections[0].options: 'No' stands more than once"),
    ("sections.0.options.2", ABSENT, "sections[0].options: none of them means unknown; a person must be able to say"),
    ("sections.1.options.0.means", "perhaps", "sections[1].options[0].means: 'perhaps' is not one of: current"),
    ("sections.2", SECTION, "sections: 'third' has no items"),
    ("sections.2", SECTION | {"id": "signs"}, "sections: 'signs' stands more than once"),
    ("items.5", 7, "items[5]: must be a table, not a whole number"),
    ("items.0.verified", ABSENT, "items[0].verified: missing"),
    ("items.0.verified", 1, "items[0].verified: must be true or false, not a whole number"),
    ("items.0.counts", ABSENT, "items[0].counts: must be a list of texts, none of them empty"),
    ("items.0.counts", [], "items[0].counts: needs at least 1, has 0"),
    ("items.0.counts", ["x", ""], "items[0].counts: must be a list of texts, none of them empty"),
    ("items.0.section", "elsewhere", "items[0].section: 'elsewhere' is not one of: background, signs"),
    ("items.5", ITEM | {"id": "B1"}, "items: 'B1' stands more than once"),
    ("items.5", ITEM | {"short": "Alone"}, "items: 'Alone' stands more than once"),
    ("items.5", ITEM | {"id": "signs"}, "items: 'signs' is already the name of something else; choose another"),
    ("items.5", ITEM | {"id": "danger"}, "items: 'danger' is already the name of something else; choose another"),
    ("additions", {"id": "x"}, "additions: must be a list of tables ([[additions]]), not a table"),
    ("additions.2", ADDITION, "additions: 'disabled' stands more than once"),
    ("additions.0.when", ABSENT, "additions[0].when: missing; say when it holds"),
    ("additions.0.when", {}, "additions[0].when.: empty; leave the table out where the rule always holds"),
    ("additions.0.when", {"judgement": ["yes"]}, "additions[0].when.judgement: not a fact; known: age, current"),
    ("additions.0.when", {"category": ["1"]}, "additions[0].when.category: not a fact; known: age, current, disabled"),
    ("additions.0.when", {"hours": ["open"]}, "additions[0].when.hours: not a fact; known: age, current, disabled"),
    ("additions.0.when", {"earlier_category": ["1"]}, "additions[0].when.earlier_category: not a fact; known: age"),
    ("additions.0.when", {"still_counts": ["B1"]}, "additions[0].when.still_counts: not a fact; known: age, current"),
    ("additions.0.when.age", ["12"], "additions[0].when.age: '12' is not one of: under-13, 13-15"),
    ("additions.0.when.present", ["B9"], "additions[0].when.present: 'B9' is not one of: background, signs, B1"),
    ("additions.1.when.disabled", ["maybe"], "additions[1].when.disabled: 'maybe' is not one of: yes, no, not-known"),
    ("bands.3", ABSENT, "bands: must be the categories 1, 2, 3, 4, each once and in this order"),
    ("bands.1.category", 3, "bands: must be the categories 1, 2, 3, 4, each once and in this order"),
    ("bands.0.from", 1, "bands: `from` must begin at 0 and rise from one band to the next"),
    ("bands.2.from", 3, "bands: `from` must begin at 0 and rise from one band to the next"),
    ("bands.2.from", 9, "bands: `from` must begin at 0 and rise from one band to the next"),
    ("manager_discussion", ABSENT, "manager_discussion: missing; the guidance asks for this rule"),
    ("manager_discussion.categories", ["5"], "manager_discussion.categories: '5' is not one of: 1, 2, 3, 4"),
    ("manager_discussion.present", ["S9"], "manager_discussion.present: 'S9' is not one of: background, signs"),
    ("other_harm", ABSENT, "other_harm: missing; list the items that point to significant harm"),
    ("other_harm.items", ["B1", "B1"], "other_harm.items: 'B1' stands more than once"),
    ("other_harm.items", ["B8"], "other_harm.items: 'B8' is not one of: B1, B2, G1, G2, G3"),
    ("alerts", [{"id": "x"}], "alerts: not a key that is known here; known: additions, asking"),
    ("enough", [{"when": {"present": ["B1"]}}], "enough: not a key that is known here; known: additions, asking"),
    ("missing", [MISSING | {"section": "x"}], "missing[0].section: 'x' is not one of: background, signs"),
    ("questions.1", QUESTION, "questions: 'disabled' stands more than once"),
    ("questions.1", QUESTION | {"id": "how"}, "questions: 'how' is already the name of something else"),
    ("questions.1", QUESTION | {"id": "B1"}, "questions: 'B1' is already the name of something else"),
]

ASKED = {
    **{"id": "moved", "ask": "Has moved", "rest": "no", "what": "To another place.", "source": "ours"},
    "ticks": [{"answer": "yes", "short": "Has moved"}],
    "card": "case",
}
ALONE = {key: value for key, value in ASKED.items() if key not in ("rest", "card")}

AFTER = ASKED | {"id": "why", "ticks": [{"answer": "yes", "short": "Why"}]}

SHORT_QUESTIONS: list[tuple[object, str]] = [
    (ASKED, "circumstances: must be a list of tables ([[circumstances]]), not a table"),
    ([ASKED | {"colour": "red"}], "circumstances[0].colour: not a key that is known here; known: ask, card, heading"),
    ([ASKED | {"id": "a b"}], "circumstances[0].id: must be at most 16 letters"),
    ([ASKED | {"ask": "x" * 101}], "circumstances[0].ask: 101 characters; at most 100 fit"),
    ([ASKED | {"what": "x" * 501}], "circumstances[0].what: 501 characters; at most 500 fit"),
    ([ASKED | {"what": ""}], "circumstances[0].what: empty; write a text"),
    ([ASKED | {"rest": "yes"}], "circumstances[0].rest: 'yes' is what a tick gives; the rest needs another word"),
    ([ASKED | {"card": "third"}], "circumstances[0].card: 'third' is not one of: safety, case"),
    ([ASKED | {"urgent": True}], "circumstances[0].urgent: not a key that is known here; known: ask, card, heading"),
    ([ASKED | {"at_once": True}], "circumstances[0].at_once: not a key that is known here; known: ask, card"),
    ([ASKED | {"note": "x"}], "circumstances[0].note: not a key that is known here; known: ask, card, heading, id"),
    ([ALONE | {"rest": "no"}], "circumstances[0].rest: not a key that is known here; known: ask, heading, id, if"),
    ([ALONE | {"note": "x" * 301}], "circumstances[0].note: 301 characters; at most 300 fit"),
    ([ALONE | {"ticks": [{"answer": "not-asked", "short": "Skip"}]}], "circumstances[0].ticks: 'not-known' and"),
    ([ASKED | {"ticks": [{"answer": "not-known", "short": "Unclear"}]}], "circumstances[0].ticks: 'not-known' and"),
    ([ASKED | {"ticks": []}], "circumstances[0].ticks: needs at least 1, has 0"),
    (
        [ASKED | {"ticks": [{"answer": "yes", "short": "x" * 19}]}],
        "circumstances[0].ticks[0].short: 19 characters; at most 18 fit",
    ),
    ([ASKED | {"ticks": [{"answer": "yes", "short": "x", "y": 1}]}], "circumstances[0].ticks[0].y: not a key that is"),
    (
        [ASKED | {"ticks": [{"answer": "yes", "short": "A"}, {"answer": "yes", "short": "B"}]}],
        "circumstances[0].ticks: 'yes' stands more than once",
    ),
    ([ASKED | {"if": "age"}], "circumstances[0].if: must be a list of tables ([[if]]), not a text"),
    ([ASKED | {"if": []}], "circumstances[0].if: needs at least 1, has 0"),
    ([ASKED | {"if": {"weather": ["wet"]}}], "circumstances[0].if.weather: not a fact; known: age, allocated"),
    ([ASKED | {"if": [{"weather": ["wet"]}]}], "circumstances[0].if[0].weather: not a fact; known: age, allocated"),
    ([ASKED | {"yes_when": [{"age": ["12"]}]}], "circumstances[0].yes_when[0].age: '12' is not one of: under-13"),
    ([ASKED | {"if": [{"moved": ["yes"]}]}], "circumstances[0].if[0].moved: not a fact; known: age, allocated"),
    ([ASKED, AFTER | {"if": [{"moved": ["so"]}]}], "circumstances[1].if[0].moved: 'so' is not one of: yes, no"),
    ([ASKED, AFTER | {"id": "moved"}], "circumstances: 'moved' stands more than once"),
    ([ASKED, ASKED | {"id": "why"}], "circumstances: 'Has moved' stands more than once"),
    ([ASKED | {"id": "danger"}], "circumstances: 'danger' is already the name of something else; choose another"),
    ([ASKED | {"id": "disabled"}], "circumstances: 'disabled' is already the name of something else; choose another"),
    ([ASKED | {"id": "signs"}], "circumstances: 'signs' is already the name of something else; choose another"),
    ([ASKED | {"id": "evidence"}], "circumstances: 'evidence' is already the name of something else; choose another"),
    (
        [ASKED | {"id": f"q{number}", "ticks": [{"answer": "yes", "short": f"Q{number}"}]} for number in range(7)],
        "circumstances: 7 statements on the card 'case'; at most 6 fit on one",
    ),
]

LINE = {
    **{"id": "ring", "line": "police", "title": "Ring the police", "short": "Police", "by": "soon"},
    **{"why": "They know how.", "source": "ours"},
}
DETAIL = {"id": "d", "line": "record", "text": "In their own words.", "source": "ours"}
NAMED = {"line": "police", "name": "the police"}
OLD_NAME = {"line": "care", "name": "x", "if": {"age": ["under-10"]}}

PLAN: list[tuple[str, object, str]] = [
    ("deadlines.2", {"id": "soon"}, "deadlines: 'soon' stands more than once"),
    ("deadlines.0.minutes", -1, "deadlines[0].minutes: must be from 0 to 1000, not -1"),
    ("deadlines.0.opens", "10", "deadlines[0].opens: must be a time such as 09:00"),
    ("whom.1", NAMED | {"line": "council"}, "whom[1].line: 'council' is not one of: emergency, care, parents"),
    ("whom", [OLD_NAME, NAMED | {"line": "care"}], "whom[0].if.age: 'under-10' is not one of: under-13"),
    ("whom.0.if", {"danger": ["yes"]}, "whom: the last name of the line care must hold always (no `if`)"),
    ("actions.2", LINE | {"id": "call"}, "actions: 'call' stands more than once"),
    ("actions.2", LINE | {"id": "a very long id for it"}, "actions[2].id: must be at most 16 letters"),
    ("actions.2", LINE | {"line": "council"}, "actions[2].line: 'council' is not one of: emergency, care, parent"),
    ("actions.2", LINE | {"by": "noon"}, "actions[2].by: 'noon' is not one of: soon"),
    ("actions.2", LINE | {"title": "Ring {who}"}, "actions: 'ring': a title may name {whom} alone, where [[whom]]"),
    ("actions.2", LINE | {"title": "Ring {whom}"}, "actions: 'ring': a title may name {whom} alone, where [[whom]]"),
    ("actions.0.title", "Call {whom} and say what you know, and what you do not", "actions: 'call': “Call"),
    ("actions.2", LINE | {"why": ""}, "actions[2].why: empty; write a text"),
    ("actions.2", LINE | {"covers": ["next", "council"]}, "actions[2].covers: 'council' is not one of: emergency"),
    ("actions.2", LINE | {"if": {"urgency": ["soon"]}}, "actions[2].if.urgency: 'soon' is not one of: plan, today"),
    ("actions.2", LINE | {"if": {"lead": ["flood"]}}, "actions[2].if.lead: 'flood' is not one of: danger, sign"),
    ("actions.2", LINE | {"if": {"hours": ["late"]}}, "actions[2].if.hours: 'late' is not one of: open, closed"),
    ("details", [DETAIL, DETAIL], "details: 'd' stands more than once"),
    ("details", [{**DETAIL, "id": "a b"}], "details[0].id: must be at most 30 letters"),
    ("details", [DETAIL | {"line": "council"}], "details[0].line: 'council' is not one of: emergency, care"),
    ("details", [DETAIL | {"if": {"lead": ["flood"]}}], "details[0].if.lead: 'flood' is not one of: danger, sign"),
    ("details", DETAIL, "details: must be a list of tables ([[details]]), not a table"),
]
"""For each fault of the action card's rules: the path, the wrong value, and the expected fault."""

GUIDANCE: list[tuple[str, object, str]] = [
    *(("circumstances", value, fault) for value, fault in SHORT_QUESTIONS),
    *PLAN,
    ("evidence", [{}], "evidence[0].if: missing; say what is evidence of exploitation"),
    ("evidence", [{"if": {"evidence": ["yes"]}}], "evidence[0].if.evidence: not a fact; known: age, allocated"),
    ("evidence", [{"if": {"age": ["13-15"]}, "id": "x"}], "evidence[0].id: not a key that is known here; known: if"),
    ("steps.0.if", {"lead": ["flood"]}, "steps[0].if.lead: 'flood' is not one of: danger, sign, disabled, second"),
    ("leads.0.urgency", "soon", "leads[0].urgency: 'soon' is not one of: plan, today, manager, call, emergency"),
    ("leads.0.reason", "a b", "leads[0].reason: must be at most 30 letters"),
    ("leads.0.if", {"urgency": ["call"]}, "leads[0].if.urgency: not a fact; known: age, allocated"),
    ("leads.0.if", {"lead": ["danger"]}, "leads[0].if.lead: not a fact; known: age, allocated"),
    ("leads.7.if", {"danger": ["no"]}, "leads: the last lead must hold always (no `if`), so that no result is"),
    ("steps.0.if", {"present": ["B9"]}, "steps[0].if.present: 'B9' is not one of: background, signs, B1"),
    ("steps.0.if", {"still_counts": ["B9"]}, "steps[0].if.still_counts: 'B9' is not one of: background, signs, B1"),
    ("leads.0.if", {"weather": ["wet"]}, "leads[0].if.weather: not a fact; known: age, allocated"),
    ("leads.0.id", "always", "leads: 'always' stands more than once"),
    ("steps", ABSENT, "steps: needs at least 1, has 0"),
    ("mixes.0.if", {"mix": ["signs+background"]}, "mixes[0].if.mix: 'signs+background' is not one of: none"),
    ("mixes.0.if", "signs", "mixes[0].if: must be a table, not a text"),
    ("mixes.0.if", {"mix": []}, "mixes[0].if.mix: needs at least 1, has 0"),
    ("notes", [{"id": "n", "text": "x"}], "notes[0].ours: missing; write `says` with its `heading`, `law`, or `ours`"),
]

CONTACTS: list[tuple[str, object, str]] = [
    ("contacts.2", ABSENT, "contacts: 'edt' is missing; it cannot be left out"),
    ("contacts.1.value", "", "contacts: 'art' has no value; write its number, which cannot be left out"),
    ("contacts.1.value", "ring us", "contacts[1].value: must be a telephone number"),
    ("contacts.1.hours.0.days", ["monday"], "contacts[1].hours[0].days: 'monday' is not one of: mon, tue"),
    ("contacts.1.hours.0.from", "9.00", "contacts[1].hours[0].from: must be a time such as 09:00"),
    ("contacts.1.hours.0.to", "09:00", "contacts[1].hours[0].to: must be later than `from`"),
    ("contacts.3", ABSENT, "contacts: 'elsewhere' is missing; it needs no value, and it cannot be left out"),
    ("contacts.1.dial", "01632 960000", "contacts[1].dial: must be a + and 7 to 15 digits, with no spaces"),
    (
        "contacts.4",
        {"id": "art", "name": "x", "source": "ours", "confirmed": True, "always": True, "value": "101"},
        "contacts: 'art' stands more than once",
    ),
    ("contacts.1.hours", [], "contacts: 'art' has no hours; write when it answers as [[contacts.hours]] with days"),
]

GLOSSARY: list[tuple[str, object, str]] = [
    ("terms", [], "terms: needs at least 1, has 0"),
    ("terms.0.also", ["CONSENT"], "terms: 'consent' stands more than once"),
    ("terms.0.id", "consent", "terms: 'consent' stands more than once"),
]

HEADING = {"id": "wishes", "title": "x", "short": "x", "ask": "x", "source": "ours"}
BLAMING = {"id": "x", "phrases": ["x y"], "why": "x", "instead": "x", "source": "ours"}

RECORDING: list[tuple[str, object, str]] = [
    ("headings", [], "headings: needs at least 1, has 0"),
    ("headings.0.id", "B1", "headings: 'B1' is already the name of an item; choose another"),
    ("headings.1", HEADING, "headings: 'wishes' stands more than once"),
    ("headings.1", HEADING | {"id": "y", "short": "Wishes"}, "headings: 'Wishes' stands more than once"),
    ("mirror", [BLAMING, BLAMING], "mirror: 'x' stands more than once"),
    ("mirror", [BLAMING | {"phrases": []}], "mirror[0].phrases: needs at least 1, has 0"),
    ("mirror", [BLAMING | {"phrases": ["so *"]}], "mirror[0].phrases: 'so *' has no words; write the words themselves"),
    ("colour", "red", "colour: not a key that is known here; known: headings, mirror"),
]

BESIDE_FIVE = {"chapter": "all", "id": "school", "title": "School", "text": "x" * 540, "sources": list("abcde")}

GUIDE: list[tuple[str, object, str]] = [
    ("topics", [], "chapters[0]: needs at least one card in [[topics]]"),
    ("chapters.1", {"id": "more", "title": "More"}, "chapters[1]: needs at least one card in [[topics]]"),
    ("topics.0.chapter", "none", "topics[0].chapter: 'none' is not one of: all"),
    ("topics.0.id", "all", "chapters: 'all' stands more than once"),
    ("topics.0.id", "x" * 13, "topics[0].id: must be at most 12 letters"),
    ("topics.0.short", ABSENT, "topics[0].short: missing, and the title has over 20 characters"),
    ("topics.0.short", "SCHOOL", "topics: 'school' stands more than once"),
    ("topics.0.sources", [], "topics[0].sources: needs at least 1, has 0"),
    ("topics.0.sources", list("abcdefg"), "topics[0].sources: 7 headings; at most 6 fit"),
    ("topics.1", BESIDE_FIVE | {"text": "x" * 541}, "topics[1].text: 541 characters; at most 540 fit above 5 headings"),
    ("topics.1.roles", ["teacher"], "topics[1].roles: 'teacher' is not one of: school, health"),
]

CASES = [
    *(("instrument.toml", *case) for case in INSTRUMENT),
    *(("guidance.toml", *case) for case in GUIDANCE),
    *(("contacts.toml", *case) for case in CONTACTS),
    *(("glossary.toml", *case) for case in GLOSSARY),
    *(("recording.toml", *case) for case in RECORDING),
    *(("guide.toml", *case) for case in GUIDE),
]


def in_plain_signs(value: object) -> str:
    return re.sub(r"[^ -[\]-~]", "?", str(value))[:40]


@pytest.mark.parametrize(("name", "path", "value", "fault"), CASES, ids=in_plain_signs)
def test_one_wrong_value_is_one_fault_with_its_path(name: str, path: str, value: Any, fault: str) -> None:
    files = parsed(FOLDER)
    put(files[name], path, value)

    expected = f"{name}.{fault}"
    assert [found[: len(expected)] for found in faults_of(files)] == [expected]


@pytest.mark.parametrize("written", ["9:00", "09:00Z", "24:00", "0900", "09:00:00", "T09:00"])
def test_only_hours_and_minutes_are_a_time_of_day(written: str) -> None:
    """A time of day with a zone or seconds could not be compared with the others."""
    files = parsed(FOLDER)
    put(files["contacts.toml"], "contacts.1.hours.0.to", written)

    assert "contacts.toml.contacts[1].hours[0].to: must be a time such as 09:00" in faults_of(files)


def test_the_most_chapters_and_cards_that_fit_are_accepted() -> None:
    files = parsed(FOLDER)
    card = files["guide.toml"]["topics"][1]
    files["guide.toml"] = {
        "chapters": [{"id": f"c{number}", "title": f"C {number}"} for number in range(12)],
        "topics": [
            {**card, "chapter": f"c{max(0, number // 12) if number < 60 else 5 + number % 7}", "id": f"a{number}"}
            | {"title": f"A {number}"}
            for number in range(99)
        ],
    }

    assert len(read(files).guide.topics) == 99


def test_a_card_may_be_as_long_as_its_headings_leave_room() -> None:
    files = parsed(FOLDER)
    files["guide.toml"]["topics"][1] = BESIDE_FIVE

    assert read(files).guide.topics[1].text == "x" * 540


def test_more_chapters_and_cards_than_fit_are_faults() -> None:
    files = parsed(FOLDER)
    (chapter,), card = files["guide.toml"]["chapters"], files["guide.toml"]["topics"][1]
    files["guide.toml"] = {
        "chapters": [chapter, *({"id": f"c{number}", "title": f"C {number}"} for number in range(12))],
        "topics": [
            *({**card, "id": f"a{number}", "title": f"A {number}"} for number in range(90)),
            *({**card, "chapter": f"c{number}", "id": f"d{number}", "title": f"D {number}"} for number in range(12)),
        ],
    }

    assert faults_of(files) == (
        "guide.toml.chapters[0]: 90 cards; at most 12 fit",
        "guide.toml.chapters: 13 of them; at most 12 fit",
        "guide.toml.topics: 102 of them; at most 99 fit",
    )


@pytest.mark.parametrize(
    ("whom", "fault"),
    [
        ("parent", "instrument.toml.items: 'V1' is family harm: its `ask` must not have parent"),
        ("child", "instrument.toml.items: 'V1' is about an assault: its `ask` must not have child"),
    ],
)
def test_nobody_is_sent_to_ask_where_that_could_harm(whom: str, fault: str) -> None:
    """A board cannot make the bot ask a parent about harm in the family, or a child about an assault."""
    files = edited(SHIPPED, "instrument.toml", lambda raw: raw["items"][0].update(ask=[whom]))

    with pytest.raises(PackFault) as caught:
        read(files)

    assert fault in str(caught.value)


def test_no_lead_may_rest_on_what_no_review_code_holds() -> None:
    """Otherwise the case would have another lead when it is read from its review code."""
    files = parsed(FOLDER)
    files["guidance.toml"]["circumstances"] = [ASKED | {"id": "weather"}]
    files["guidance.toml"]["leads"][0]["if"] = {"weather": ["yes"]}

    assert faults_of(files) == (
        "guidance.toml.leads: a lead rests on 'weather', which no review code holds; let no lead rest on it",
    )


@pytest.mark.parametrize(("within", "faults"), [(12, []), (13, ["nested deeper than 12, or over 100,000 values"])])
def test_a_file_that_nests_too_deep_is_one_fault(within: int, faults: list[str]) -> None:
    """Twelve nested tables, counting the file itself, are accepted."""
    noted = Faults()

    table = parse("x.toml", f"a = {'{a=' * (within - 1)}1{'}' * (within - 1)}".encode(), faults=noted)

    assert [each.partition(";")[0] for each in noted.found] == [f"x.toml: {each}" for each in faults]
    assert (table is None) == bool(faults)


def test_at_most_a_thousand_faults_are_reported() -> None:
    files = parsed(FOLDER)
    files["glossary.toml"]["terms"] = [{"id": "x", "colour": "red"}] * 1_001

    found = faults_of(files)

    assert len(found) == 1_000
    assert "glossary.toml.terms: 1,001 rows; at most 1,000 are read" in found
