"""Tests of usability: number of taps, length and height of every card, reading grade, and words used for children."""

import random
import re
from dataclasses import replace
from statistics import median

import pytest

from dialogs.cards.show import show
from dialogs.core.acts import Kind, Open, Overlay
from dialogs.core.replies import Card
from dialogs.core.session import Answers, Session
from dialogs.form.path import options
from dialogs.phrases.earlier import said_of_an_adult
from dialogs.result.actions import with_due
from dialogs.result.result_pages import PAGES
from docs.phone.cards import heading, is_item, is_tick_list
from docs.phone.measure import (
    LARGER,
    TEXT,
    TEXT_ROOM,
    VISIBLE,
    cut_labels,
    foot,
    height,
    height_by_letters,
    lines,
)
from docs.phone.widths import width
from seraf.advice.contacts import LocalTime
from seraf.form.responses import Responses
from seraf.form.vocabulary import Age
from seraf.review.carry_over import Carried
from state_machines.assessment import Phase
from tests.dialogs.form.test_changing import at_the_check
from tests.seraf.advice.test_urgency import random_case
from tests.seraf.score.test_scoring_oracle import random_seraf
from tests.support.counts import each_seed, times
from tests.support.pack.saying import grade, is_sentence, official, said
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, at
from tests.support.talk.crawling import over
from tests.support.talk.phone import cards_of_all_walks
from tests.support.talk.reviews import reviewing
from tests.support.talk.summaries import finished
from tests.support.talk.talking import Talk
from tests.support.talk.walking import faults_of_form, next_event

BLAMING = re.compile(
    r"boyfriend|girlfriend|risk[- ]taking|tak(es|ing) risks|puts? (her|him|them)sel(f|ves) at risk|promiscu|"
    r"difficult to engage|hard to reach|self[- ]protect|avoid(ing)? risk|lifestyle|streetwise|sexually active|"
    r"mak(es|ing) (bad|poor|unsafe) choices|(her|his|their) (own )?choice|prostitut|attention[- ]seeking|"
    r"mostly vulnerabilities|keep(ing)? (her|him|them)sel(f|ves) safe|asking for it|manipulative|"
    r"\bchoices?\b|\bchose to\b|\bengag|\brisky?[- ]situation|\brisky\b|collud",
    re.IGNORECASE,
)
"""Words that blame a child for what was done to the child."""

QUICK_TICKS = [item for item in INSTRUMENT.items if item.section.id != "significant"]


RETURNING = Responses.of({"profession": "school"})  # a returning person whose role is stored


@pytest.mark.parametrize("order", ["Form order", "Serious first", "Quick"])
def test_item_one_is_at_most_six_taps_from_the_start(order: str) -> None:
    talk, newcomer = Talk(profile=RETURNING).open_with(order=order), Talk().open_with(order=order)

    assert talk.session.phase is newcomer.session.phase is Phase.ITEMS
    assert talk.taps <= 6
    assert newcomer.taps == talk.taps + 1


@pytest.mark.parametrize("order", ["Form order", "Serious first"])
@pytest.mark.parametrize("first", ["No", "Yes", "Not known"])
def test_a_whole_seraf_straight_through_is_at_most_forty_five_taps(order: str, first: str) -> None:
    serious, other = ["Not in 12 months"] * 7, [first, *["No"] * 22]
    responses = [*serious, *other] if order == "Serious first" else [*other, *serious]
    talk = Talk(profile=RETURNING).open_with(order=order).answer(responses).close().press("Not sure")

    assert talk.session.phase is Phase.RESULT
    assert talk.taps <= 45


@each_seed(500, 6)
def test_a_quick_seraf_with_any_six_ticks_is_twenty_seven_taps_and_its_questions(seed: int) -> None:
    """In quick order, six items are ticked in lists, and the seven significant items are answered one at a time."""
    others = [item.id for item in QUICK_TICKS if item.id != "M4"]
    ticked = ["M4", *random.Random(seed).sample(others, 5)]

    talk = Talk(profile=RETURNING).open_with(order="Quick")
    for section in ("vulnerability", "moderate"):
        for item in INSTRUMENT.of_section(section):
            if item.id in ticked:
                talk.answer([item.short])
        talk.press("None of the others").on()
    talk = talk.answer(["Not in 12 months"] * 7).close().press("Not sure")

    assert talk.session.phase is Phase.RESULT
    assert {item for item, option in talk.session.answers.items if option == "yes"} == set(ticked)
    at_once = sum("a question that cannot wait" in card.text for card in talk.cards)
    second = any("What else applies in this case?" in card.text for card in talk.cards)
    assert at_once <= 5
    assert second == bool({"Multiple callers", "Peers exploited"} & {INSTRUMENT.item(each).short for each in ticked})
    assert talk.taps == 27 + at_once + second


def result_cards(session: Session) -> list[Card]:
    return [show(session.at(str(page)), SCRIPT, NOON) for page, _ in enumerate(PAGES, 1)]


def test_half_of_the_texts_read_at_grade_eight_and_none_above_eleven() -> None:
    """Flesch–Kincaid grade of each sentence of wording and pack, without official labels, which we cannot change."""
    graded = {text: grade(text) for text in said() if is_sentence(text)}

    assert {text: points for text, points in graded.items() if points > 11} == {}
    assert median(graded.values()) <= 8


def test_no_text_blames_a_child() -> None:
    assert [text for text in said() if BLAMING.search(text)] == []


def test_the_official_labels_that_carry_such_words_have_a_neutral_gloss() -> None:
    for item_id in ("M1", "M4", "M9", "M10", "M12", "S2", "S5", "S6"):
        assert INSTRUMENT.item(item_id).gloss
    assert any(BLAMING.search(label) for label in official())


HOURS = (NOON, at("2026-12-25T03:00", is_bank_holiday=True))
WHERE_NOTES_ARE_TAKEN = {Kind.NOTES, Kind.NOTE, Kind.MIRROR}
"""The overlays that need notes to be switched on; test_notes.py measures them."""

ASKED = ("danger", "told_or_seen", "allocated", "stage", "known", "profession", "judgement")


def walked(draw: random.Random) -> list[Session]:
    talk, found = draw.choice((Talk, reviewing))(), dict[tuple[Phase, str, Kind | None], Session]()
    for _ in range(60):
        talk.take(next_event(draw, talk))
        overlay = talk.session.overlay
        found[talk.session.phase, talk.session.place, overlay.kind if overlay else None] = talk.session
    return list(found.values())


def judged(draw: random.Random) -> list[Session]:
    age, responses = random_seraf(draw)
    answers = {"age": age, **{key: draw.choice(options(key)) for key in ASKED}}
    earlier = tuple(looked_back_on(draw, month) for month in draw.choice(((), (), (9,), (6, 9, 12))))
    session = replace(finished(answers, responses), earlier=earlier)
    return [session.at(str(page)) for page, _ in enumerate(PAGES, 1)]


def looked_back_on(draw: random.Random, month: int) -> Carried:
    age, responses = random_seraf(draw)
    judgement = draw.choice(options("judgement"))
    return Carried(2025, month, Age(age), judgement, Responses.of(responses), INSTRUMENT.fingerprint)


def faults(session: Session, met: set[Overlay], now: LocalTime) -> list[object]:
    judged_cards = [
        (overlay, card, faults_of_form(card, session.card)) for overlay, card in over(session, SCRIPT, now, met)
    ]
    return [(session.phase, session.place, overlay, wrong, card.text) for overlay, card, wrong in judged_cards if wrong]


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(300, 3)))
def test_every_card_over_every_card_of_a_random_walk_is_right(seed: int) -> None:
    met: set[Overlay] = set()
    for session in walked(random.Random(f"every {seed}")):
        assert faults(session, met, HOURS[seed % 2]) == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(400, 2)))
def test_every_card_over_every_page_of_a_random_result_is_right(seed: int) -> None:
    met: set[Overlay] = set()
    for session in judged(random.Random(f"every {seed}")):
        assert faults(session, met, HOURS[seed % 2]) == []


@pytest.mark.prove
def test_half_of_all_cards_of_a_seraf_are_short() -> None:
    kinds = set[Kind]()
    draw, enough = random.Random("length"), ("Not in 12 months", "Past 6 months")
    asking = Talk().open_with().command("explain", "streetwise")
    serious = Talk().open_with(order="Serious first").press(*enough)
    reasons = at_the_check(M9="Yes").press("Reasons")
    rare = (reviewing().session, asking.session, serious.session, reasons.session)
    for sessions in (rare, *((*walked(draw), *judged(draw)) for _ in range(times(10, 7)))):
        met: set[Overlay] = set()
        cards = [each for session in sessions for each in over(session, SCRIPT, NOON, met)]
        lengths = [len(text) for text in {card.text for _, card in cards}]
        kinds |= {overlay.kind for overlay, _ in cards if overlay}
        assert max(lengths) <= 1_000
        assert median(lengths) <= 400

    assert kinds == set(Kind) - WHERE_NOTES_ARE_TAKEN


LONG = "COPPER THISTLE 77"

MEDIAN, OF_ITEMS = 480, 400
"""The maximum median height (px): `MEDIAN` of all cards, `OF_ITEMS` of the cards that ask about one item."""

TOGETHER = ("How far people agree", "Other differences", "Where people differ", "Here are the others")
"""Headings of group results and debriefs. Their cards may be long: people read them at leisure and call nobody."""

MOMENTS = (NOON, at("2026-03-06T16:25"), at("2026-03-07T22:30"))


def test_a_line_as_the_model_counts_it_is_about_as_wide_as_the_bubble_has_room() -> None:
    """The limit in characters agrees with the letter widths: half of the full lines fit, and none is far too wide."""
    full = [line for each in cards_of_all_walks() for line in lines(each) if len(line.text) >= 40]
    widths = sorted(width(line.text, TEXT, is_strong=line.is_strong) for line in full)

    assert 0.95 < widths[len(widths) // 2] / TEXT_ROOM <= 1
    assert widths[-1] / TEXT_ROOM < 1.25


def test_half_of_the_cards_of_all_walks_are_short() -> None:
    cards = cards_of_all_walks()

    assert median(height(card) for card in cards) <= MEDIAN
    assert median(height(card) for card in cards if is_item(card)) <= OF_ITEMS


def needed(card: Card) -> int:
    """Return the height of a card by the number or by the widths of its letters, whichever is greater."""
    return max(height(card), height_by_letters(card))


def test_no_card_of_a_walk_has_to_be_scrolled_but_a_section_to_tick() -> None:
    """Header, field for typing and buttons leave `VISIBLE` px, also in a rehearsal, which adds lines above and buttons below."""
    cards = [card for card in cards_of_all_walks() if not is_tick_list(card)]

    assert [(needed(card), heading(card)) for card in cards if needed(card) > VISIBLE] == []


def test_what_an_action_card_says_first_is_above_the_fold_in_letters_a_quarter_larger() -> None:
    """The lead, and the first action with whom to ring."""
    feet = [foot(card, first, LARGER) for card in cards_of_all_walks() if (first := first_action(card))]

    assert len(feet) > 100
    assert max(feet) <= VISIBLE


def first_action(card: Card) -> int:
    """Return how many paragraphs an action card has up to its first action and the line below it, or 0 for another card."""
    if not any(isinstance(each.act, Open) and each.act.overlay.kind is Kind.ACTION for each in card.buttons):
        return 0
    titles = [at for at, each in enumerate(card.paragraphs, 1) if each.is_strong and each.text[:1].isdecimal()]
    if not titles:
        return 0
    below = card.paragraphs[titles[0] : titles[0] + 1]
    return titles[0] + sum(not each.is_strong for each in below)


def test_no_label_of_a_walk_is_cut() -> None:
    assert [each for card in cards_of_all_walks() for each in cut_labels(card)] == []


@each_seed(2_000, 25)
def test_every_page_of_a_result_fits_for_every_case_and_hour(seed: int) -> None:
    draw = random.Random(seed)
    case, now = random_case(draw), draw.choice(MOMENTS)
    place = (Phase.RESULT, "1", None, LONG, INSTRUMENT.fingerprint)
    session = with_due(Session(3, *place, Answers(Responses.of(dict(case.answers)), case.responses)), SCRIPT, now=now)

    pages = [show(session.at(str(page)), SCRIPT, now) for page in range(1, len(PAGES) + 1)]

    assert [height(page) for page in pages if height(page) > VISIBLE] == []
    assert [each for page in pages for each in cut_labels(page)] == []
    assert show(session.at(str(len(PAGES) + 1)), SCRIPT, now).text == pages[-1].text


@pytest.mark.parametrize("item", INSTRUMENT.items, ids=lambda item: item.id)
def test_every_item_and_what_counts_for_it_fit(item: object) -> None:
    answers = {"age": "13-15", "profession": "health", "how": "form", "danger": "no", "told_or_seen": "yes"}
    place = (Phase.ITEMS, getattr(item, "id", ""), None, LONG, INSTRUMENT.fingerprint)
    session = Session(3, *place, Answers(Responses.of(answers)))

    cards = [
        show(each, SCRIPT, NOON) for each in (session, replace(session, overlay=Overlay(Kind.WHAT, session.place)))
    ]

    assert [height(card) for card in cards if height(card) > VISIBLE] == []
    assert [each for card in cards for each in cut_labels(card)] == []


CALLED = re.compile(r"\b(the|this|a|any) child\b", re.IGNORECASE)
"""Matches words for a child, which must not be used of a person aged 18 or over."""


def called_a_child(card: Card) -> list[str]:
    return CALLED.findall(re.sub(r"“[^”]*”", "", card.text))


def test_a_whole_seraf_of_a_care_leaver_calls_nobody_a_child() -> None:
    talk = Talk().open_with(age="18–25", role="Leaving care")
    first = len(talk.cards)
    while talk.session.phase is Phase.ITEMS:
        talk.press("What counts?", "Back")
        labels = ("Past 6 months", "Yes", "None of the others")
        talk.press(next(each for each in labels if each in talk.labels)).on()
    talk.close().press("Yes")

    shown = [*talk.cards[first:], *result_cards(talk.session)]

    assert [(card.text.splitlines()[0], found) for card in shown if (found := called_a_child(card))] == []


@each_seed(500, 40)
def test_no_result_of_a_young_adult_calls_them_a_child(seed: int) -> None:
    case = random_case(random.Random(seed))
    answers = Responses.of({**dict(case.answers), "age": "18-25"})
    session = Session(3, Phase.RESULT, "1", None, "BRISK OTTER 41", "", Answers(answers, case.responses))

    assert [found for card in result_cards(session) if (found := called_a_child(card))] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Is the child safe now?", "Is the person safe now?"),
        ("The child's own words. This child.", "The person's own words. This person."),
        ("A child can be exploited.", "A person can be exploited."),
        ("Guidance: “Involvement of the child”", "Guidance: “Involvement of the child”"),
        ("Children's services", "Children's services"),
        ("How a hurt child shows pain", "How a hurt person shows pain"),
        ("Adults use such places to find children.", "Adults use such places to find people."),
    ],
)
def test_only_the_one_it_is_about_is_called_otherwise(text: str, said: str) -> None:
    assert said_of_an_adult(text) == said
