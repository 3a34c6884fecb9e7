"""Tests of the papers of the trainer's kit, read back as text: what each must and must not contain."""

import io
from collections import Counter
from dataclasses import replace
from functools import cache, reduce
from typing import Any

import pytest
from pypdf import PdfReader

from bot.pictures.papers import as_training_paper
from bot.rehearsal.documents import kit_files, paper_of, preview_file
from dialogs.form.item_cards import asked_in_words
from dialogs.rehearsal.core.stage_card import role_calls
from dialogs.rehearsal.kit.paper import Leaf, Prose, TrainingPaper
from dialogs.rehearsal.kit.papers import HANDOUT, KEY, NOTE, PAPERS, PLANS, SHEET
from seraf.cases.vignette import FirstCall, Vignette
from seraf.rehearsal.critical_actions import other_readings
from seraf.rehearsal.session_plan import best_match, session_plan
from tests.bot.summaries.test_summary_pdf import elements, text_of
from tests.support.counts import times
from tests.support.pack.made_up import REHEARSING, ROBIN
from tests.support.shipped import INSTRUMENT, PACK, SCRIPT, WORDING
from tests.support.talk.summaries import HOSTILE

VIGNETTES = [pytest.param(each, id=each.id) for each in PACK.vignettes[:: times(1, 4)]]
MILO = next(each for each in PACK.vignettes if each.id == "milo")
SUPPORT = WORDING.say("kit.support.today")


def squeezed(text: str) -> str:
    return "".join(text.split())


@cache
def read(kind: str, vignette: Vignette = MILO) -> str:
    return squeezed(text_of(PdfReader(io.BytesIO(paper_of(kind, vignette, SCRIPT).content))))


def key_texts(vignette: Vignette) -> set[str]:
    key, say = vignette.key, WORDING.say
    reasons = {text for each in key.keyed for text in (each.because, each.other_because) if text}
    labels = {item.label for item in INSTRUMENT.items} | {band.name for band in INSTRUMENT.bands}
    calls = {say(f"first-call.{call}") for call in FirstCall if call is not FirstCall.EMERGENCY}
    rules = {say(f"rule.{rule}.{what}") for rule in key.rules for what in ("name", "text")}
    said = {say("kit.key.title"), say("kit.key.answer"), say("kit.key.critical"), "Category", f"{key.total} points"}
    return {*reasons, *labels, *calls, *rules, *said, key.first_call_because}


@pytest.mark.prove
@pytest.mark.parametrize("vignette", VIGNETTES)
def test_a_handout_tells_the_story_and_nothing_of_the_key(vignette: Vignette) -> None:
    text, answers = read(HANDOUT, vignette), read(SHEET)

    result = (vignette.title, vignette.warning, *(part.text for part in vignette.parts))
    assert [each for each in result if squeezed(each) not in text] == []
    rest = reduce(lambda left, each: left.replace(squeezed(each), "|"), result, text).casefold()
    assert [each for each in key_texts(vignette) if squeezed(each).casefold() in rest] == []
    assert [each.because for each in vignette.key.keyed if squeezed(each.because) in answers] == []
    assert squeezed(vignette.title) not in answers


@pytest.mark.prove
@pytest.mark.parametrize("vignette", VIGNETTES)
def test_the_key_has_every_answer_with_its_reason_and_begins_with_what_must_not_be_missed(vignette: Vignette) -> None:
    text, key, say = read(KEY, vignette), vignette.key, WORDING.say

    wanted = [each for keyed in key.keyed for each in (asked_in_words(keyed.place, SCRIPT), keyed.because)]
    wanted += [keyed.other_because for keyed in key.keyed] + [f"{key.total} points", key.first_call_because]
    assert [each for each in wanted if squeezed(each) not in text] == []
    first_item = text.index(squeezed(INSTRUMENT.sections[0].plural))
    assert text.index(squeezed(say("kit.key.critical"))) < text.index(squeezed(key.first_call_because)) < first_item
    for reading in other_readings(PACK, key):
        changes = say("kit.prompt.moves-call" if reading.moves_call else "kit.prompt.same-call", other="|", calls="|")
        assert squeezed(changes.rsplit("|", 2)[1]) in text
    assert squeezed(say("kit.key.for-trainer")) in text
    named = [squeezed(each) for each in role_calls(key, PACK, wording=WORDING)]
    assert all(each in text for each in named)
    assert bool(named) is (key.first_call not in (FirstCall.EMERGENCY, FirstCall.LEAD))
    moving = [asked_in_words(each.keyed.place, SCRIPT) for each in other_readings(PACK, key) if each.moves_call]
    talk = text[text.index(squeezed(say("kit.prompt.title"))) :]
    assert all(
        talk.startswith(squeezed(f"{say('kit.prompt.title')} {say('kit.prompt.how')} {each}")) for each in moving[:1]
    )


@pytest.mark.parametrize("minutes", PLANS)
def test_a_plan_names_support_before_and_after_and_every_step_with_its_time(minutes: int) -> None:
    text = read(PLANS[minutes])

    assert text.count(squeezed(SUPPORT)) == 2
    for step in session_plan(minutes):
        assert squeezed(WORDING.say(f"kit.step.{step.step}.title")) + f"({step.minutes}min)" in text
    assert f"{minutes // 60}:{minutes % 60:02}·Summary" in text
    assert squeezed(MILO.warning) in text
    assert [each.because for each in MILO.key.keyed if squeezed(each.because) in text] == []
    assert (match := best_match(PACK, MILO)) is not None
    assert (f"rehearsekit{match.second.id}" in text) is (minutes == 180)


def test_an_attendance_note_has_minutes_and_no_name() -> None:
    kit = {each.name: each for each in kit_files(MILO, SCRIPT, minutes=45)}
    printed = squeezed(text_of(PdfReader(io.BytesIO(kit["attendance.pdf"].content))))

    assert "Minutes:45" in printed
    assert "Minutes:" in read(NOTE)
    assert "Minutes:45" not in read(NOTE)
    assert "Name(byhand):" in printed
    assert "isnotest" in printed
    assert sorted(kit) == ["answer-sheet.pdf", "attendance.pdf", "handout.pdf", "model-answers.pdf", "plan-45.pdf"]


def test_the_answer_sheet_asks_what_leads_and_every_item_with_letters_to_circle() -> None:
    text = read(SHEET)

    places = (*(item.label for item in INSTRUMENT.items), *(section.ask for section in INSTRUMENT.sections))
    asked = (WORDING.say(f"ask.{each}") for each in ("age", "danger", "told_or_seen", "judgement"))
    assert [each for each in (*places, *asked) if squeezed(each) not in text] == []
    assert paper_of(SHEET, MILO, SCRIPT).content == paper_of(SHEET, PACK.vignettes[-1], SCRIPT).content


@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_is_of_one_house_and_can_be_heard(kind: str) -> None:
    made = paper_of(kind, MILO, SCRIPT)
    reader = PdfReader(io.BytesIO(made.content))
    root: Any = reader.root_object
    found = Counter(str(each["/S"]) for each in elements(root["/StructTreeRoot"]))

    assert (root["/Lang"], found["/H1"]) == ("en-GB", 1)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == (595, 842)
    assert made.content == paper_of(kind, MILO, SCRIPT).content
    assert len(reader.pages) <= 6
    assert (made.name, "name" in made.caption) == (f"{kind}.pdf", True)
    assert all("Page" in page.extract_text() for page in reader.pages)


def test_a_preview_is_the_story_and_then_the_whole_key() -> None:
    reader = PdfReader(io.BytesIO(preview_file(MILO, SCRIPT).content))
    text = squeezed(text_of(reader))

    assert text.index(squeezed(MILO.parts[-1].text)) < text.index(squeezed(WORDING.say("kit.key.critical")))
    assert all("For the trainer" in page.extract_text() for page in reader.pages)


def test_a_case_with_one_uncontested_reading_states_that() -> None:
    plain = tuple(replace(each, other="", other_because="") for each in ROBIN.key.keyed)
    case = replace(ROBIN, key=replace(ROBIN.key, keyed=plain))
    script = replace(SCRIPT, pack=replace(REHEARSING, vignettes=(case,)))

    key, plan = (
        squeezed(text_of(PdfReader(io.BytesIO(paper_of(kind, case, script).content)))) for kind in (KEY, PLANS[180])
    )

    assert squeezed(WORDING.say("kit.prompt.none")) in key
    assert squeezed(WORDING.say("kit.pair.none")) in plan


def test_a_hostile_case_is_set_as_it_was_written() -> None:
    paper = TrainingPaper("x", HOSTILE, HOSTILE, (Leaf(HOSTILE, (Prose(HOSTILE),), begins_page=True),), HOSTILE)

    reader = PdfReader(io.BytesIO(as_training_paper(paper, WORDING)))

    assert squeezed('#set page(width: 1cm) *bold* $x$ #panic("no")') in squeezed(text_of(reader))
    assert len(reader.pages) == 2
