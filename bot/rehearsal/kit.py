"""The trainer's kit as files: the papers of a case, of two matched cases, and of a vignette in progress."""

from dataclasses import replace

from bot.pictures.papers import as_session_paper, as_training_paper
from bot.summaries.file import File
from dialogs.core.script import Script
from dialogs.rehearsal.kit.key_paper import how_matched
from dialogs.rehearsal.kit.paper import TrainingPaper
from dialogs.rehearsal.kit.papers import HANDOUT, KEY, PAPERS, SHEET, kit_of, preview_of
from dialogs.rehearsal.sheets import report_csv
from dialogs.rehearsal.together.room_report import Report
from seraf.cases.vignette import Vignette
from seraf.rehearsal.session_plan import MatchedPair


def paper_of(kind: str, vignette: Vignette, script: Script) -> File:
    """Return one paper of a case, of a kind of `PAPERS`."""
    return _file(PAPERS[kind](vignette, script), script)


def kit_files(vignette: Vignette, script: Script, *, minutes: int) -> tuple[File, ...]:
    """Return all papers of one session. Raise KeyError for a length without a plan."""
    return tuple(_file(each, script) for each in kit_of(vignette, script, minutes=minutes))


def pair_files(pair: MatchedPair, script: Script) -> tuple[File, ...]:
    """Return the papers for a comparison of before and after: handout and key of both cases, and one answer sheet."""
    files = (
        replace(made, name=f"{number}-{made.name}")
        for number, vignette in enumerate((pair.first, pair.second), 1)
        for kind in (HANDOUT, KEY)
        if (made := paper_of(kind, vignette, script))
    )
    return (*files, paper_of(SHEET, pair.first, script))


def pair_lines(pair: MatchedPair, script: Script) -> tuple[str, ...]:
    """Return the similarities and differences of two cases, in words."""
    return how_matched(pair, script)


def preview_file(vignette: Vignette, script: Script) -> File:
    """Return a vignette for its author to proofread."""
    return _file(preview_of(vignette, script), script)


def report_file(told: Report, script: Script, *, ending: str) -> File | None:
    """Return the results of a group as a paper (`pdf`) or as a table (`csv`); None for any other ending."""
    match ending:
        case "pdf":
            return File("results.pdf", as_session_paper(told, script.wording))
        case "csv":
            return File("results.csv", report_csv(told).encode("utf-8-sig"))
        case _:
            return None


def _file(paper: TrainingPaper, script: Script) -> File:
    caption = script.wording.say("rehearsal-document.paper", title=paper.about)
    return File(f"{paper.name}.pdf", as_training_paper(paper, script.wording), caption)
