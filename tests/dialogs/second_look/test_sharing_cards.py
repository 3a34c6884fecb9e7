"""Tests of the cards of a second look: each fits on a phone, in any case, and shows nothing before it is opened."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from dialogs.cards.show import show
from dialogs.core.acts import Log, Say, Share, ShareDeed
from dialogs.core.replies import Card
from dialogs.core.session import Answers, Session
from dialogs.core.ties import MOST_LOOKS, MOST_REQUESTS, TieKind
from dialogs.notes.noting import LONGEST
from dialogs.result.action_card import in_short
from dialogs.result.actions import lead_of, with_due
from dialogs.second_look import asking, looking
from dialogs.second_look.asking import CODE_HOLDER, Offered, Reader
from dialogs.second_look.card import SharedCase, SharingCard
from dialogs.second_look.looking import CaseReading, Draft
from dialogs.summary.people import countersigned
from docs.phone.measure import VISIBLE, cut_labels, height, height_by_letters
from seraf.advice.action_plan import Urgency
from seraf.form.responses import Responses
from seraf.form.second_view import Says, SecondView, ViewReason
from state_machines.assessment import Phase
from tests.seraf.advice.test_urgency import random_case
from tests.support.counts import each_seed
from tests.support.shipped import INSTRUMENT, NOON, SCRIPT, WEB_SCRIPT
from tests.support.talk.notes import NOTING

LONG, CODE = "COPPER THISTLE 77", "WWWWWWWWWM"
LABEL = "Safeguarding manager, North"
MOST_READERS = MOST_LOOKS + MOST_REQUESTS + 1
"""Who reads a case at the same time besides its holder: looks, requests, and who raised it."""

REASONS = tuple(
    ViewReason(str(at), Says.MORE, "What is not known about this case could be serious", "Not known, serious")
    for at in range(5)
)
CASE = SharedCase(LONG, Urgency.MANAGER, NOON.at - timedelta(days=1))
OFFERED = tuple(Offered(f"{at:08x}", LABEL, "on call until Monday 08:00", at != 2) for at in range(8))
ALL_READ = tuple(
    Reader(each.who, LABEL, "manager", NOON.at, times, NOON.at - timedelta(hours=1), NOON.today, is_former=at > 3)
    for at, (each, times) in enumerate(
        zip(OFFERED[:MOST_READERS], ((NOON.at,) * 12, *((NOON.at,) * 3,) * 5), strict=True)
    )
)


def cards_of_asking() -> Iterator[SharingCard]:
    now, one = NOON, OFFERED[0]
    yield asking.whom_card(CASE, OFFERED, script=SCRIPT, now=now)
    yield asking.whom_card(CASE, (), script=SCRIPT, now=now)
    for who in (one.who, CODE_HOLDER):
        yield asking.what_card(CASE, who, label=LABEL, script=SCRIPT, now=now)
    for kind in (TieKind.ASKED_LOOK, TieKind.ASKED_HAND):
        yield asking.code_card(CASE, CODE, script=SCRIPT, kind=kind, until=NOON.at, now=now)
        yield asking.claimed_card(CASE, one, script=SCRIPT, kind=kind, at=NOON.at, now=now)
        calls = ("1 call is open: Emergency Duty Team, no answer 02:31 and 02:42.",) * 2
        yield asking.request_card(CASE, LABEL, script=SCRIPT, kind=kind, now=now, calls=calls)
    yield asking.waiting_card(CASE, SCRIPT, now=now)
    yield asking.enter_card(SCRIPT)
    yield asking.requests_card(((CASE, LABEL),) * 8, SCRIPT, now=now)
    yield asking.unread_card(CASE, LABEL, script=SCRIPT, now=now)
    yield asking.unopened_card(CASE, one, next_one=OFFERED[1], script=SCRIPT, at=NOON.at, now=now)
    yield asking.ended_card(LONG, LABEL, script=SCRIPT)
    yield asking.readers_card(CASE, ALL_READ, script=SCRIPT, now=now)
    yield asking.readers_card(CASE, (), script=SCRIPT, now=now)


def cards_of_looking(reading: CaseReading) -> Iterator[SharingCard]:
    yield looking.reading_card(reading)
    yield looking.answers_card(reading, page=1)
    yield looking.log_card(reading)
    yield looking.gaps_card(reading)
    yield looking.see_card(reading)
    yield looking.level_card(reading)
    for decides in (True, False):
        yield looking.grounds_card(reading, decides=decides)
    for draft in (Draft("as"), Draft("more", "emergency", "yes", ("1", "2")), Draft("less", "", "no", ("3",))):
        yield looking.why_card(reading, draft, reasons=REASONS)
        yield looking.send_card(reading, draft, reasons=REASONS)
        yield looking.send_card(replace(reading, script=NOTING), draft, reasons=REASONS)
        yield looking.words_card(replace(reading, script=NOTING), draft)
        yield from cards_of_views(reading, draft)


def cards_of_views(reading: CaseReading, draft: Draft) -> Iterator[SharingCard]:
    """Yield every page of both views: the viewer's own judgement, and views of colleagues with every reason and words of their own."""
    *_, own = in_short(reading.session.view(INSTRUMENT), SCRIPT)
    all_reasons = tuple(each.id for each in looking.reasons_for(draft, SCRIPT))
    view = SecondView(
        Says(draft.says), draft.level, draft.grounds, all_reasons, label=LABEL, role="manager", at=NOON.at.isoformat()
    )
    signed = countersigned(view, SCRIPT, at="Wed 25 November 12:00")
    worded = f"{signed} {SCRIPT.wording.say('share.said.words', words=('seen with him ' * LONGEST)[:LONGEST])}"
    for is_holder in (True, False):
        for texts, pages in (((own, signed), 1), ((own, worded, signed, worded), 4)):
            for page in range(1, pages + 1):
                yield looking.views_card(LONG, texts, script=SCRIPT, is_holder=is_holder, next_one=LABEL, page=page)


def judged(draw: random.Random) -> Session:
    case = random_case(draw)
    answers = Answers(Responses.of({**dict(case.answers), "age": str(case.age)}), case.responses)
    session = Session(3, Phase.RESULT, "1", None, LONG, INSTRUMENT.fingerprint, answers)
    return with_due(session, SCRIPT, now=NOON, finished=NOON.today.isoformat())


def read_by(seed: int, session: Session) -> CaseReading:
    kind = TieKind.LOOK if seed % 2 else TieKind.ASKED_HAND
    return CaseReading(session, LABEL, kind, may_view=True, as_of="14:41", script=SCRIPT, now=NOON)


def faults(card: Card) -> list[object]:
    tall = max(height(card), height_by_letters(card))
    return [
        *([tall] if tall > VISIBLE else []),
        *cut_labels(card),
        *([len(card.text)] if len(card.text) > 1_000 else []),
    ]


def test_every_card_about_asking_fits_on_a_phone() -> None:
    cards = [each.card(7, SCRIPT) for each in cards_of_asking()]

    assert [(found, card.text) for card in cards if (found := faults(card))] == []


@each_seed(400, 12)
def test_every_card_of_a_reader_fits_on_a_phone_in_any_case(seed: int) -> None:
    session = judged(random.Random(seed))
    reading = CaseReading(
        session,
        LABEL,
        TieKind.LOOK if seed % 2 else TieKind.ASKED_HAND,
        may_view=True,
        as_of="14:41",
        script=SCRIPT,
        now=NOON,
    )
    cards = [each.card(7, SCRIPT) for each in cards_of_looking(reading)]

    assert [(found, card.text) for card in cards if (found := faults(card))] == []


@each_seed(200, 6)
def test_every_card_fits_below_what_others_did_meanwhile(seed: int) -> None:
    session, news = judged(random.Random(seed)), SCRIPT.wording.say("kept.look-viewed-of", references=LONG)
    view = SecondView(Says.MORE, "emergency", "yes", label=LABEL, role="manager", at=NOON.at.isoformat())
    raised = with_due(replace(session, result=replace(session.result, views=(view,))), SCRIPT, now=NOON)
    own = [show(each, SCRIPT, NOON, news) for each in (session, raised)]
    read = [each for one in (session, raised) for each in cards_of_looking(read_by(seed, one))]
    cards = [*own, *(each.card(7, SCRIPT, notice=news) for each in read)]

    assert [(found, card.text) for card in cards if (found := faults(card))] == []


@each_seed(200, 12)
def test_what_to_do_fits_where_notes_are_taken_too(seed: int) -> None:
    card = show(judged(random.Random(seed)), NOTING, NOON)

    assert (faults(card), len(card.rows)) == ([], 5), card.text


@each_seed(200, 12)
def test_a_reader_can_answer_nothing_and_tap_nothing_as_done(seed: int) -> None:
    reading = read_by(seed, judged(random.Random(seed)))
    acts = [button.act for each in cards_of_looking(reading) for button in each.card(7, SCRIPT).buttons]

    assert [act for act in acts if isinstance(act, Say | Log)] == []


@each_seed(200, 12)
def test_only_what_is_more_urgent_than_the_lead_is_offered(seed: int) -> None:
    session = judged(random.Random(seed))
    reading = CaseReading(
        session,
        LABEL,
        TieKind.LOOK if seed % 2 else TieKind.ASKED_HAND,
        may_view=True,
        as_of="14:41",
        script=SCRIPT,
        now=NOON,
    )
    offered = [
        Urgency[button.act.about.upper()]
        for button in looking.level_card(reading).card(7, SCRIPT).buttons
        if isinstance(button.act, Share) and button.act.deed is ShareDeed.LEVEL
    ]

    lead = lead_of(session.view(INSTRUMENT), SCRIPT).urgency
    assert offered == [each for each in Urgency if each > lead]


def test_a_code_is_shown_as_it_is_typed_and_as_it_is_spelt() -> None:
    code = "K7M4X2RTDF"
    card = asking.code_card(CASE, code, script=SCRIPT, kind=TieKind.ASKED_LOOK, until=NOON.at, now=NOON).card(7, SCRIPT)

    written, spelt = card.paragraphs[2].text.splitlines()
    assert (written, spelt) == ("K7M4X 2RTDF", "Kilo seven Mike four X-ray · two Romeo Tango Delta Foxtrot")


def test_a_page_has_what_the_card_has() -> None:
    for each in cards_of_asking():
        page = each.card(7, WEB_SCRIPT).page
        assert page is not None
        assert page.shape == each.kind
