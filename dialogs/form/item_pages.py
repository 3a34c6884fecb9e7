"""The pages of items and questions: the answers as a group, what counts as a sign, and what was stored last."""

from collections.abc import Iterator
from dataclasses import replace

from dialogs.cards.plain_page import parts_of, ways_left, ways_of
from dialogs.core.acts import Go, Kind, Open, Rest, Say, Tick
from dialogs.core.keys import View
from dialogs.core.page import Box, Look, More, Page, Part, Question, Saved, Shape, Text, Ticks, Ways
from dialogs.core.replies import Button, Card
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.item_cards import WHAT_CARD, asked_of, check_line, is_ticked, of_the_section, said_before
from dialogs.form.path import CARDS, on_card, places, rest_of, section_at
from dialogs.phrases.earlier import legend, marked
from seraf.advice.contacts import LocalTime
from state_machines.assessment import ASKING, Phase, Trigger

STEERING = ("profession", "judgement")
"""Questions whose answer steers much and is given once. It is chosen, and then sent by a button."""


def question_page(plain: Page, card: Card, session: Session, *, script: Script, now: LocalTime) -> Page:
    """Return the page of an item, a question or a card of ticks. `plain` is the page that its card makes without any group."""
    say, place, instrument = script.wording.say, session.place, script.pack.instrument
    at = next(at for at, each in enumerate(card.paragraphs) if each.is_heading)
    lead = asked_of(place, session, script=script)
    below = card.paragraphs[at + 1 + bool(lead) :]
    warnings = tuple(Text(each.text, Look.WARNING, each.numbers) for each in below if each.is_strong)
    hints = tuple(each.text for each in below if not each.is_strong)
    is_ticks = place in CARDS or section_at(place, instrument) is not None
    answers = (Tick, Rest) if is_ticks else (Say,)

    def is_elsewhere(button: Button) -> bool:
        is_what = isinstance(button.act, Open) and button.act.overlay.kind is Kind.WHAT
        return isinstance(button.act, answers) or is_what

    step = instrument.number(place) if place in instrument else 0
    title = say("leaf.item", number=step, of=len(instrument.items)) if step else say("leaf.question")
    if is_ticks:
        asked: Part = _ticks(session, script)
    else:
        choices = tuple(each for each in card.buttons if isinstance(each.act, Say))
        is_radio = place in STEERING
        asked = Question(choices, lead, hints, is_radio=is_radio, send=say("leaf.continue") if is_radio else "")
    return replace(
        plain,
        shape=Shape.TICKS if is_ticks else Shape.QUESTION,
        title=title,
        parts=(
            *warnings,
            asked,
            *_saved(session, script, card=card),
            *what_counts(View(session.place, session, script, now)),
            *ways_of(card, is_elsewhere),
        ),
        step=step,
        of=len(instrument.items) if step else 0,
    )


def _ticks(session: Session, script: Script) -> Ticks:
    """Return the boxes of a card of ticks in the order of `given_at`, and what can be said of everything that is not ticked."""
    say, place, instrument = script.wording.say, session.place, script.pack.instrument
    section = section_at(place, instrument)
    if section:
        items = instrument.of_section(section.id)
        label = (lambda item: marked(item, session, script=script)) if session.earlier else (lambda item: item.label)
        boxes = [Box(label(item), is_ticked(item, session)) for item in items]
        legends = (legend(section, session, script=script),) if session.earlier else ()
        lead = (*legends, *of_the_section(section, script))
    else:
        asked = on_card(place, session, pack=script.pack)
        boxes = [
            Box(
                each.ask if len(each.ticks) == 1 else f"{each.ask} {tick.short}",
                session.answers.get(each.id) == tick.answer,
            )
            for each in asked
            for tick in each.ticks
        ]
        lead = ()
    rest = [
        (say("leaf.rest-no" if at == 0 else "leaf.rest-not-known"), each)
        for at, each in enumerate(rest_of(place, script.pack))
    ]
    return Ticks(tuple(boxes), lead, say("leaf.rest-asked"), tuple(rest), say("leaf.continue"))


def _saved(session: Session, script: Script, *, card: Card) -> Iterator[Saved]:
    """Yield what was answered at the place before this one, with the button that goes back to it."""
    back = next((each for each in card.buttons if each.act == Go(Trigger.BACK)), None)
    path = places(session, script.pack, phase=session.phase) if session.phase in ASKING else ()
    at = path.index(session.place) if session.place in path else 0
    if back is None or at == 0 or session.detour.is_changing or section_at(path[at - 1], script.pack.instrument):
        return
    before = path[at - 1]
    if session.answers.by_place.get(before):
        line = check_line(before, session, script=script)
        yield Saved(script.wording.say("leaf.saved", line=line), back._replace(label=script.wording.say("leaf.change")))


def what_counts(view: View) -> Iterator[More]:
    """Yield what counts as a sign for an item or a question, which a chat shows on a card of its own."""
    words = WHAT_CARD.words(view)
    at = next((at for at, each in enumerate(words) if each.is_strong), 0)
    parts = tuple(part for each in words[at + 1 :] for part in parts_of(each))
    yield More(view.script.wording.say("button.what"), parts)


def follow_up_page(view: View, plain: Page) -> Page:
    """Return the page of a question that cannot wait, with its answers as a group."""
    buttons = [each for part in plain.parts if isinstance(part, Ways) for each in part.buttons]
    choices = tuple(each for each in buttons if isinstance(each.act, Say))
    if not choices:
        return plain
    session, script, question = view.session, view.script, view.script.pack.guidance.circumstance(view.about)
    assert question is not None, "only a question of the pack has answers"
    is_after = session.phase is Phase.RESULT
    lead = () if is_after else tuple(each.text for each in said_before(question, session, script=script))
    hints = (question.note,) if question.note and not is_after else ()

    def is_elsewhere(button: Button) -> bool:
        is_what = isinstance(button.act, Open) and button.act.overlay.kind is Kind.WHAT
        return isinstance(button.act, Say) or is_what

    return replace(
        plain,
        shape=Shape.QUESTION,
        caption=script.wording.say("leaf.plan" if is_after else "leaf.at-once"),
        parts=(Question(choices, lead, hints), *ways_left(plain, is_elsewhere), *what_counts(view)),
    )
