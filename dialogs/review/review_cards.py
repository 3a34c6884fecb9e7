"""The cards around a review: the code, a summary, how one is begun, what the codes said, and a reminder. None has a number."""

from dialogs.core.overlays import Kind, Overlay
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session
from dialogs.form.earlier import age_words, month_of
from dialogs.review.code_screens import code_paragraphs
from dialogs.review.reminder import remind_paragraphs
from dialogs.summary.summary_offer import summary_paragraphs
from seraf.review.carried import Carried


def review_paragraphs(overlay: Overlay, session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The words of each of these overlays."""
    match overlay.kind:
        case Kind.CODE:
            return code_paragraphs(session, script)
        case Kind.REMIND:
            return remind_paragraphs(overlay.about, session, script)
        case Kind.SUMMARY:
            return summary_paragraphs(session, script)
        case Kind.EARLIER:
            return _earlier(session, script)
        case _:
            return _how(script)


def _how(script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    title = Paragraph(say("review.title"), is_strong=True)
    return (title, *(Paragraph(say(f"review.{each}")) for each in ("begin", "asked-again", "no-code")))


def _earlier(session: Session, script: Script) -> tuple[Paragraph, ...]:
    say = script.wording.say
    return (
        Paragraph(say("earlier.title", reference=session.reference), is_strong=True),
        Paragraph("\n".join(_line(each, script) for each in session.earlier)),
        Paragraph(say("earlier.text")),
    )


def _line(carried: Carried, script: Script) -> str:
    return script.wording.say(
        "earlier.seraf",
        month=month_of(carried),
        age=age_words(carried, script),
        answered=len(carried.responses),
    )
