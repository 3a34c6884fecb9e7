"""The card of a carry-over code: the code in one strong line, what it holds, and a button that copies it."""

from dialogs.core.acts import Copy
from dialogs.core.codes import carry_over_code
from dialogs.core.keys import CLOSE, URGENT, Key, Rows
from dialogs.core.replies import Paragraph
from dialogs.core.script import Script
from dialogs.core.session import Session


def code_paragraphs(session: Session, script: Script) -> tuple[Paragraph, ...]:
    """The words of the card; where there is no code, why."""
    say, code = script.wording.say, carry_over_code(session, script)
    head = Paragraph(say("code.title", reference=session.reference))
    if not code:
        return (head, Paragraph(say("code.none")))
    return (head, Paragraph(code, is_strong=True), Paragraph(say("code.write")), Paragraph(say("code.holds")))


def code_rows(session: Session, script: Script) -> Rows:
    """The keys of the card. A channel that cannot copy shows the code alone."""
    code = carry_over_code(session, script)
    copy = ((Key(Copy(code), "copy"),),) if code and script.channel.copies else ()
    return (*copy, (CLOSE, URGENT))
