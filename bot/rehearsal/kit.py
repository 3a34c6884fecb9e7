"""The trainer's kit as files: papers of a case, of two matched ones, and of a vignette that is being written."""

from dataclasses import replace

from bot.pictures.room_papers import as_session_paper
from bot.pictures.training_paper import as_training_paper
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
    """One paper of a case, of a kind of `PAPERS`."""
    return _file(PAPERS[kind](vignette, script), script)


def kit_files(vignette: Vignette, script: Script, *, minutes: int) -> tuple[File, ...]:
    """All the papers of one session; `KeyError` for a length that there is no plan for."""
    return tuple(_file(each, script) for each in kit_of(vignette, script, minutes=minutes))


def pair_files(pair: MatchedPair, script: Script) -> tuple[File, ...]:
    """What is needed to compare before and after: of each of two cases the handout and the key, and one answer sheet for both."""
    files = (
        replace(made, name=f"{number}-{made.name}")
        for number, vignette in enumerate((pair.first, pair.second), 1)
        for kind in (HANDOUT, KEY)
        if (made := paper_of(kind, vignette, script))
    )
    return (*files, paper_of(SHEET, pair.first, script))


def pair_lines(pair: MatchedPair, script: Script) -> tuple[str, ...]:
    """In what two cases are alike and in what not, in words."""
    return how_matched(pair, script)


def preview_file(vignette: Vignette, script: Script) -> File:
    """A vignette to be read once more by its author."""
    return _file(preview_of(vignette, script), script)


def report_file(told: Report, script: Script, *, ending: str) -> File | None:
    """The comparison of a group, as a paper (`pdf`) or as a table (`csv`); None for any other ending."""
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
