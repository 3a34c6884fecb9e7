"""The order in which a conversation goes through its questions and items, derived from the answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from dialogs.core.acts import Given
from dialogs.core.events import Occasion
from dialogs.core.replies import Reply, Toast, Wipe
from dialogs.core.session import Session, fresh, profile_of
from seraf.advice.guidance import Advice
from seraf.form.circumstances import Circumstance
from seraf.form.instrument import Instrument, Section
from seraf.form.responses import Responses
from seraf.form.vocabulary import ANSWERED_FACTS, ANSWERS, FACT_WORDS, NOT_KNOWN, Age, Meaning
from seraf.pack import Pack
from seraf.what_if.finding_out import order_to_ask
from state_machines.assessment import ASKING, TABLE, Facts, Phase, Trigger

OPENING = ("profession", "danger", "told_or_seen", "concern", "age", "how")
"""The questions before item 1. The profession, asked only once, comes first, since duties depend on it."""

# The cards on which short questions are ticked: the first alone if all fit on it, otherwise both.
CARDS = ("circumstances", "circumstances-2")
# Questions between the items and the short questions. They come first, since they decide whom to call.
CLOSING = ("allocated", "stage", "known")
PREPARE = "prepare"  # the order of items once a call is due, serious ones first; people cannot choose it
QUICK = "quick"
ORDERS = ("form", "serious", QUICK)  # as on paper; significant items first; or a section a card
ADULT = "adult"  # eighteen or over and not entitled to aftercare: this guidance does not apply

# The answers that mean that SERAF does not apply. They are never stored; a card then says whom to talk to.
OUTSIDE: Mapping[str, str] = {"concern": "no", "age": ADULT}
_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "danger": ("yes", "missing", "no", NOT_KNOWN),
    "told_or_seen": ANSWERS,
    "concern": ("yes", "no"),
    "age": (Age.UNDER_13, Age.FROM_13_TO_15, Age.FROM_16_TO_17, Age.FROM_18_TO_25, ADULT, NOT_KNOWN),
    "how": ORDERS,
    "judgement": ("yes", "not-sure", "no"),
    "profession": FACT_WORDS["profession"][:-1],
}


def options(question: str) -> tuple[str, ...]:
    """Return the possible answers to a question, in the order of its buttons. A pack's own question has yes, no and not known."""
    return _OPTIONS.get(question, FACT_WORDS[question] if question in ANSWERED_FACTS else ANSWERS)


def closing(instrument: Instrument) -> tuple[str, ...]:
    """Return all questions that may be asked after the items, including those of the pack that count towards the score."""
    return (*CLOSING, *(question.id for question in instrument.questions))


# The opening questions that the check page lists. The others are about how SERAF is filled in.
CHANGEABLE = ("danger", "told_or_seen", "age", "profession")
CHECKED_A_PAGE = 6  # maximum number of answers on one page of the check page
OPTIONAL = ("stage", "known")  # questions omitted if the person ends early, since no action depends on them


def places(session: Session, pack: Pack, *, phase: Phase) -> tuple[str, ...]:
    """Return what a phase goes through, in order: ids of questions, items, sections or cards, or page numbers, which start at 1."""
    match phase:
        case Phase.OPENING:
            is_ordered = session.answers.get("order") or session.answers.get("how") == PREPARE
            return OPENING[:-1] if is_ordered else OPENING  # how to take the items is asked last
        case Phase.ITEMS:
            return session.detour.reopened or _items_in_order(session, pack.instrument)
        case Phase.CLOSING:
            return _closing_places(session, pack)
        case Phase.JUDGEMENT:
            return ("judgement",)
        case Phase.CHECK | Phase.RESULT | Phase.WELCOME | Phase.PAUSED | Phase.ELSEWHERE | Phase.ERASED:
            return ("1",)
    assert_never(phase)


def places_ahead(session: Session, pack: Pack) -> tuple[str, ...]:
    """Return the places of this phase after the current one. While a call is being prepared, answered items are omitted."""
    return _ahead(places(session, pack, phase=session.phase), session, pack=pack)


def _ahead(path: tuple[str, ...], session: Session, *, pack: Pack) -> tuple[str, ...]:
    ahead = path[path.index(session.place) + 1 :] if session.place in path else path
    if session.phase is not Phase.ITEMS or order_of(session) != PREPARE or session.detour.reopened:
        return ahead
    return tuple([each for each in ahead if not is_place_answered(each, session, pack=pack)])


def is_place_answered(place: str, session: Session, *, pack: Pack) -> bool:
    """Return True if the item with this id, or every item of the section with this id, has an answer."""
    items = [place] if place in pack.instrument else [each.id for each in pack.instrument.of_section(place)]
    return session.answers.items.covers(frozenset(items))


def item_places(how: str, instrument: Instrument) -> tuple[str, ...]:
    """Return the places of the items in the order `how`: ids of items, and of sections whose items share one card."""
    if how == "form":
        return instrument.order
    found: list[str] = []
    for section in instrument.sections if how == QUICK else reversed(instrument.sections):
        if how in (QUICK, PREPARE) and section.tick:
            found.append(section.id)
        else:
            found += [item.id for item in instrument.of_section(section.id)]
    return tuple(found)


def _items_in_order(session: Session, instrument: Instrument) -> tuple[str, ...]:
    """Return the places of the items: first those that the person asked about, then all others in their order."""
    path, first = item_places(order_of(session), instrument), session.detour.first
    if not first:
        return path
    others = (
        each
        for each in path
        if each not in first and (each in instrument or not {i.id for i in instrument.of_section(each)}.issubset(first))
    )
    return (*first, *others)


def put_ahead(session: Session, items: tuple[str, ...], *, pack: Pack) -> Session:
    """Return the session at the first of these items. After them, its own place follows, and everything that is left."""
    path = places(session, pack, phase=Phase.ITEMS)
    passed = path[: path.index(session.place)] if session.place in path else ()
    ahead = (each for each in session.detour.first if each not in passed)
    first = tuple(dict.fromkeys((*(each for each in passed if each not in items), *items, *ahead)))
    return replace(session.at(items[0]), detour=replace(session.detour, first=first))


def section_at(place: str, instrument: Instrument) -> Section | None:
    """Return the section with this id, or None if the place is something else."""
    if place in instrument.ids:  # by far the most often
        return None
    return next((section for section in instrument.sections if section.id == place), None)


def _cards(asked: tuple[Circumstance, ...]) -> Mapping[str, tuple[Circumstance, ...]]:
    """Return the cards of ticks, each with its short questions. More than six questions take two cards."""
    ticked = [each for each in asked if each.card]
    if len(ticked) <= 6:
        return {CARDS[0]: tuple(ticked)} if ticked else {}
    first = ticked[0].card
    of_first = tuple(each for each in ticked if each.card == first)
    return {CARDS[0]: of_first, CARDS[1]: tuple(each for each in ticked if each.card != first)}


def on_card(place: str, session: Session, *, pack: Pack) -> tuple[Circumstance, ...]:
    """Return the short questions on this card of ticks, or an empty tuple if there is no such card now."""
    return _cards(advised(session, pack).asked).get(place, ()) if place in CARDS else ()


def left_to_ask(session: Session, pack: Pack) -> tuple[str, ...]:
    """Return the questions after the current one that must still be asked if the person ends early."""
    path = _closing_places(session, pack)
    ahead = path[path.index(session.place) + 1 :] if session.phase is Phase.CLOSING else path
    return tuple(each for each in ahead if each not in OPTIONAL and not _is_answered(each, session, pack=pack))


def check_groups(session: Session, pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """Return what is checked, by group: items not known, ticked items, other items, and the questions about the case."""
    view = session.view(pack.instrument)

    def grouped() -> Mapping[str, tuple[str, ...]]:
        marked, asked = view.marks, view.advice(pack.guidance).asked
        absent = [item for item, option in marked.given if option and not option.is_present]
        questions = (each for each in closing(pack.instrument) if each != "known" or _is_known_asked(session))
        short = (*_cards(asked), *(each.id for each in asked if not each.card))
        items = {"not-known": marked.unknown, "ticked": marked.ticked, "not-ticked": absent}
        by_group = {name: tuple([item.id for item in of]) for name, of in items.items()}
        return {**by_group, "case": (*CHANGEABLE, *questions, *short)}

    return view.once("checked", grouped, by=(pack.guidance,))


def checked(session: Session, pack: Pack) -> tuple[str, ...]:
    """Return what the check page lists, in order: items not known, ticked items, other items, then questions."""
    return tuple([place for group in check_groups(session, pack).values() for place in group])


def check_page(session: Session, pack: Pack, *, number: int) -> tuple[str, ...]:
    """Return what the check lists on its page with this number. The first page is 1."""
    return checked(session, pack)[(number - 1) * CHECKED_A_PAGE : number * CHECKED_A_PAGE]


def check_page_count(session: Session, pack: Pack) -> int:
    """Return how many pages the check page has, which is at least one."""
    return -(-len(checked(session, pack)) // CHECKED_A_PAGE)


def order_of(session: Session) -> str:
    """Return the name of the order in which the items are asked: one of `ORDERS`, or `PREPARE`."""
    answers = session.answers.around.by_item
    how = answers.get("how", "form")
    return how if how == PREPARE else answers.get("order") or how


def _closing_places(session: Session, pack: Pack) -> tuple[str, ...]:
    """Return the questions and cards that this case has after the items, including one that is being changed."""
    place, advice = session.place, advised(session, pack)
    is_cut_short = not session.answers.items.covers(pack.instrument.ids)
    # Codes of earlier SERAFs say that it is a review.
    left_out = {"stage": bool(session.earlier) or is_cut_short, "known": not _is_known_asked(session)}
    asked = [each for each in closing(pack.instrument) if each == place or not left_out.get(each, False)]
    cards = _cards(advice.asked)
    shown = [each for each in CARDS if each in cards or each == place]
    # Questions that were asked at once are not asked again.
    answers = session.answers.around.by_item
    alone = [
        each.id
        for each in advice.asked
        if not each.card and (not each.at_once or each.id == place or each.is_waiting(answers, settled=advice.settled))
    ]
    return (*asked, *shown, *alone)


def advised(session: Session, pack: Pack) -> Advice:
    """Return the advice that the case would get if it were finished now."""
    return session.view(pack.instrument).advice(pack.guidance)


def _is_known_asked(session: Session) -> bool:
    """Return True if the person is asked whether the child is known already: at a review, or if it may be one."""
    return session.answers.get("stage") in ("review", NOT_KNOWN)


def _is_answered(question: str, session: Session, *, pack: Pack) -> bool:
    circumstance = pack.guidance.circumstance(question)
    if circumstance is not None and circumstance.again:
        return not circumstance.is_waiting(session.answers.around.by_item, settled=advised(session, pack).settled)
    if question not in CARDS:
        return session.answers.get(question) is not None
    return all(session.answers.get(each.id) is not None for each in on_card(question, session, pack=pack))


def begin(session: Session) -> Session:
    """Return a session at the welcome card, with the answers about the person but without a case."""
    return fresh(session.card, profile_of(session))


def move(session: Session, trigger: Trigger, *, occasion: Occasion, pack: Pack) -> Reply:
    """Return the reply to this trigger. The session's state machine must allow it."""
    phase = _advance(session, trigger, pack=pack)
    match trigger:
        case Trigger.START:
            if not session.has_case:
                session = replace(session, reference=occasion.reference, fingerprint=pack.instrument.fingerprint)
            first, *others = places(session, pack, phase=Phase.OPENING)
            return Reply(session.moved(Phase.OPENING, others[0] if session.answers.get(first) else first))
        case Trigger.ERASE:
            return Reply(replace(begin(session), phase=phase), (Wipe(), Toast("erased")))
        case Trigger.PAUSE:
            return Reply(session.paused(phase))
        case Trigger.RESUME:
            return Reply(session.resumed(phase))
        case Trigger.REOPEN:
            asked = order_to_ask(session.view(pack.instrument))
            return Reply(replace(session, detour=replace(session.detour, reopened=asked)).moved(phase, asked[0]))
        case Trigger.BACK:
            return Reply(_back(session, phase, pack=pack))
        case Trigger.FINISH if phase is Phase.CLOSING:
            return Reply(session.moved(phase, left_to_ask(session, pack)[0]))
        case Trigger.FINISH | Trigger.ANSWER | Trigger.CHANGE | Trigger.PAGE | Trigger.CONFIRM | Trigger.REVISE:
            first = places(session, pack, phase=phase)[0]
            return Reply(to_check(session, "") if phase is Phase.CHECK else session.moved(phase, first))
    assert_never(trigger)


def onward(session: Session, pack: Pack, *, is_outside: bool = False) -> Session:
    """Return the session at the next place, once the current question or item is answered."""
    phase = _advance(session, Trigger.ANSWER, pack=pack, is_outside=is_outside)
    if phase is Phase.ELSEWHERE:
        return session.moved(phase, session.place)
    if phase is Phase.CHECK:
        return to_check(session, session.place if session.detour.is_changing else "", pack=pack)
    if phase is session.phase:
        return session.at(places_ahead(session, pack)[0])
    if phase is Phase.CLOSING and session.detour.reopened:
        return session.moved(phase, left_to_ask(session, pack)[0])
    return session.moved(phase, places(session, pack, phase=phase)[0])


def to_check(session: Session, place: str, *, pack: Pack | None = None) -> Session:
    """Return the session at that page of the check page which lists `place`, or at the first page if none does."""
    listed = checked(session, pack) if pack else ()
    page = listed.index(place) // CHECKED_A_PAGE + 1 if place in listed else 1
    detour = replace(session.detour, is_changing=False, reopened=())
    return replace(session.moved(Phase.CHECK, str(page)), detour=detour)


def change(session: Session, place: str, *, pack: Pack) -> Session:
    """Return the session at a question or item of the check page. It returns there once the answer is changed."""
    around = Phase.OPENING if place in OPENING else Phase.CLOSING
    target = Phase.ITEMS if place in pack.instrument else around
    phase = _led(session, Trigger.CHANGE, facts=Facts(target=target))
    return replace(session.moved(phase, place), detour=replace(session.detour, is_changing=True))


def _back(session: Session, phase: Phase, *, pack: Pack) -> Session:
    if phase is session.phase:
        if phase in ASKING:
            path = places(session, pack, phase=session.phase)
            index = path.index(session.place) if session.place in path else 0
            return session.at(path[max(index - 1, 0)])
        return session.at(str(int(session.place) - 1))
    if phase is Phase.CHECK:
        return to_check(session, session.place if session.detour.is_changing else "", pack=pack)
    if phase is Phase.WELCOME:
        return session.moved(phase, "")
    if session.phase is Phase.ELSEWHERE:
        return session.moved(phase, session.place)
    return session.moved(phase, places(session, pack, phase=phase)[-1])


def _advance(session: Session, trigger: Trigger, *, pack: Pack, is_outside: bool = False) -> Phase:
    path = places(session, pack, phase=session.phase)
    facts = Facts(
        is_first=session.place == path[0],
        is_last=session.place in path and not _ahead(path, session, pack=pack),
        is_changing=session.detour.is_changing,
        is_outside=is_outside,
        is_settled=(trigger is Trigger.FINISH or bool(session.detour.reopened)) and not left_to_ask(session, pack),
        is_reopened=bool(session.detour.reopened),
        target=session.detour.paused_in,
    )
    return _led(session, trigger, facts=facts)


def _led(session: Session, trigger: Trigger, *, facts: Facts) -> Phase:
    phase = TABLE.advance(session.phase, trigger, facts=facts)
    assert phase is not None, "a key is offered only where its trigger leads somewhere"
    return Phase(phase)


def with_answer(session: Session, question: str, *, answer: str, pack: Pack) -> Session:
    """Return the session with this answer. If the question can be asked again, the ticks that led to it are noted.

    Answers to questions that are no longer asked after this answer are dropped.
    """
    beside = session.view(pack.instrument).noted(pack.guidance, question)
    for each in pack.guidance.no_longer_asked(question, answer):
        session = replace(session, answers=session.answers.drop(each))
    if not beside:
        return session.giving(question, answer)
    return session.answered(Responses.of({**dict(session.answers.around), question: answer, **beside}))


def with_rest(session: Session, option: str, *, pack: Pack, shown: tuple[Circumstance, ...] | None = None) -> Session:
    """Return the session with this option given to everything on the card that has no tick, at the next place.

    If only some questions were `shown`, since a tick among them brought others, these stay open, and the session where it is.
    """
    place = session.place
    if place in CARDS:
        answers, here = dict(session.answers.around), on_card(place, session, pack=pack)
        for each in here:
            if (shown is None or each in shown) and answers.get(each.id) not in each.ticked:
                answers[each.id] = NOT_KNOWN if option == NOT_KNOWN else each.rest
        after = session.answered(Responses.of(answers))
        return onward(after, pack) if all(each.id in answers for each in here) else after
    section = section_at(place, pack.instrument)
    assert section is not None, "only a card of ticks offers the rest"
    ticks = {each.id for each in section.options if each.is_present}
    given = dict(session.answers.items)
    # Items that were answered one by one before keep their answers. They can be corrected on a second visit.
    is_kept = session.answers.get("how") == PREPARE or bool(session.detour.first)
    is_first = is_kept and not is_place_answered(place, session, pack=pack)
    items = [item.id for item in pack.instrument.of_section(section.id)]
    left = (item for item in items if given.get(item) not in ticks and not (is_first and item in given))
    return onward(session.responding(Responses.of({**given, **dict.fromkeys(left, option)})), pack)


def given_at(act: Given, session: Session, pack: Pack) -> Session | None:
    """Return the session after the act, or None if its place has no such boxes or rest, or two ticks answer one question.

    Only what the page had a box for gets an answer. If a tick brings further boxes, the session stays where it is.
    """
    place, section = session.place, section_at(session.place, pack.instrument)
    asked = on_card(place, session, pack=pack)
    boxes = [(each.id, tick.answer) for each in asked for tick in each.ticks]
    if section and section.tick:
        boxes = [(item.id, section.tick.id) for item in pack.instrument.of_section(section.id)]
    ticked = [box for at, box in enumerate(boxes) if act.ticked >> at & 1]
    is_whole = act.ticked >> len(boxes) == 0 and len({name for name, _ in ticked}) == len(ticked)
    if not boxes or not is_whole or act.rest not in rest_of(place, pack):
        return None
    known = session.answers.items if section else session.answers.around
    left = {name: given for name, given in known if (name, given) not in boxes}
    given = Responses.of({**left, **dict(ticked)})
    ticking = session.responding(given) if section else session.answered(given)
    return with_rest(ticking, act.rest, pack=pack, shown=asked)


def rest_of(place: str, pack: Pack) -> tuple[str, ...]:
    """Return the answers that a card of ticks offers for everything that is not ticked."""
    section = section_at(place, pack.instrument)
    if section:
        return tuple(each.id for each in section.options if each.means in (Meaning.ABSENT, Meaning.UNKNOWN))
    return ("no", NOT_KNOWN) if place in CARDS else ()
