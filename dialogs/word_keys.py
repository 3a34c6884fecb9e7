"""Keys of the wording file that the code composes from parts, and the parts. The wording must have every such key.

A key that the code writes out in full is not here; a test looks up each of these.
"""

from collections.abc import Iterable, Iterator, Mapping

from dialogs.asking import REFUSED
from dialogs.core.acts import PeopleDeed, ShareDeed
from dialogs.core.events import IGNORED_KINDS
from dialogs.core.role import Role
from dialogs.core.script import Wording
from dialogs.core.spoken import SIGNS
from dialogs.core.teams import TeamPlace
from dialogs.core.ties import Refusal
from dialogs.form.path import CARDS, CHANGEABLE, CLOSING, OPENING, OUTSIDE, options
from dialogs.form.reasons import SINCE, TOLD, WHO
from dialogs.locked import AccountState
from dialogs.people.roster import OpenedBy
from dialogs.rehearsal.core.rooms import Door
from dialogs.review.reviewing import CHOICES, STEPS
from dialogs.summary.carried import PDF, PICTURE, TEXT
from dialogs.summary.referral import ABOUT
from dialogs.turn.commands import NAMES
from seraf.advice.action_log import FIRST_ON_A_PAGE, OF_999, OF_POLICE, RINGS_BACK, WHAT, WORSE
from seraf.advice.action_plan import CardLine, Urgency
from seraf.calibration.sorting import Disposition
from seraf.cases.vignette import FirstCall, Rule
from seraf.errors import PackFault
from seraf.form.responses import KNOWN, SAYS
from seraf.form.second_view import GROUNDS, Says
from seraf.form.vocabulary import ANSWERS, HEIGHTS, LASTING, NOT_ASKED, Informant
from seraf.rehearsal.agreement import Why
from seraf.rehearsal.critical_actions import PROTECTING, Critical
from seraf.rehearsal.drills import AnswerKind, DrillKind
from seraf.rehearsal.progress import Mode
from seraf.rehearsal.session_plan import SessionStep
from seraf.review.comparison import How
from seraf.score.scoring import Caution, Discussion
from seraf.search.index import FindableKind
from seraf.search.ranking import Fit
from seraf.what_if.finding_out import GapEffect
from state_machines.assessment import Phase
from state_machines.rehearsal import Together

NEWS_OF_SHARING = (
    *("look-asked", "hand-asked", "look-claimed", "look-confirmed", "look-over"),
    *("look-opened", "look-declined", "look-given-back", "look-taken", "look-unopened", "look-viewed"),
)
JUDGED = (*options("judgement"), NOT_ASKED)
ALONE = (*OPENING, *CLOSING, "judgement")  # questions that the code defines and not the pack
CHANNELS = ("telegram", "web", "terminal")
ROOM_FILES = ("room-qr", "room-map", "room-paper", "room-results")
PAPERS = ("handout", "answer-sheet", "model-answers", "attendance")
REHEARSAL_CARDS = (
    *("menu", "first-call", "papers", "leaving", "closing"),
    *("held", "not-open", "waiting", "room-over"),
)
SIGN_IN = ("front", "again", "failed", "away", "down", "unset", "out")
CLOSED = tuple(each for each in AccountState if each is not AccountState.OPEN)
TAPPED = tuple(word for word in WHAT if word not in (WORSE, "advised"))  # the log entries that a person can make
FAMILIES: Mapping[str, Iterable[str]] = {
    "action.judgement-before.{}": options("judgement"),
    "action.judgement.{}": JUDGED,
    "action.{}": ("key", "key-rehearsed", "number", "total", "so-far", "so-far-named", "low"),
    "answer.profession.{}": options("profession"),
    "answer.{}": ANSWERS,
    "ask.{}": (*ALONE, *CARDS),
    "browser.command.{}": (
        "start",
        "guide",
        "help",
        "review",
        "rehearse",
        "room",
        "look",
        "people",
        "team",
        "lock",
        "panic",
    ),
    "browser.field.{}": ("words", "ask", "review", "join", "look", "people"),
    "browser.look-up.{}": ("ask", "review", "join", "look", "people"),
    "browser.sign-in.{}.text": SIGN_IN,
    "browser.sign-in.{}.title": SIGN_IN,
    "button.door-{}": Door,
    "button.fetch-{}": (*ROOM_FILES, *PAPERS),
    "button.free-{}": ("unused", "unfinished"),
    "button.people-{}": (
        "all",
        "ending",
        "barred",
        "offers",
        "renew",
        "unlock",
        "lock",
        "new-pin",
        "role",
        "remove",
        "put",
    ),
    "button.people-{}-now": (PeopleDeed.RENEW_ALL, PeopleDeed.NEW_PIN, PeopleDeed.REMOVE),
    "button.{}": ("agree", "clear"),
    "calibrate.{}": ("assumed", "own", "when", "how", *Disposition, "not-listed"),
    "care.{}": ("open-case", "open-case-school", "leaving-care-own", "leaving-care"),
    "cases.lead.{}": tuple(each.word for each in Urgency),
    "caution.{}": Caution,
    "change.{}": (*CHANGEABLE, *CLOSING, *CARDS),
    "command.{}": NAMES,
    "contact.ask-{}": ("art", "elsewhere"),
    "contact.{}": ("open-case", "open-case-school", "leaving-care-own", "leaving-care"),
    "course-picture.{}": ("one", "same-day", "many"),
    "critical.{}": Critical,
    "did.no-answer-{}": (CardLine.EMERGENCY, CardLine.POLICE, "plain"),
    "did.{}": (*WHAT, *OF_999, *OF_POLICE),
    "document.{}": ("failed", "refused"),
    "elsewhere.{}.rehearsed": OUTSIDE,
    "drill.ask-{}": AnswerKind,
    "drill.{}": ("right", "fits", "wrong", "between", "category"),
    "drill.{}.text": DrillKind,
    "drill.{}.why": DrillKind,
    "elsewhere.{}.text": OUTSIDE,
    "elsewhere.{}.title": OUTSIDE,
    "fetch.{}": (PDF, TEXT, PICTURE),
    "found.line.{}": FindableKind,
    "found.{}.title": ("asked", REFUSED, *(each for each in Fit if each is not Fit.CLEAR)),
    "found.{}.text": ("asked", REFUSED, Fit.ITEMS, Fit.NOTHING, Fit.LONG),
    "find.effect-{}": tuple(each.name.lower() for each in GapEffect),
    "find.{}": Informant,
    "first-call.{}": FirstCall,
    "gate.{}.text": (*CLOSED, "new-pin-again"),
    "gate.{}.title": (*CLOSED, "new-pin-again"),
    "height.{}": HEIGHTS,
    "how.{}": tuple(each for each in How if each is not How.SAME),
    "identifier.{}": (
        *("nhs", "upn", "ni", "phone", "postcode", "email", "web", "handle"),
        *("date", "vehicle", "address", "name", "number"),
    ),
    "in-words.{}": ("4", "5", "9", "10"),
    "judgement.{}": JUDGED,
    "kept.{}": (
        *("held", "warned", "expired", "break-glass", "ending", "team-manager"),
        *("wrong-pin-at-machine", "wrong-pins", "wrong-pins-in-all"),
        *NEWS_OF_SHARING,
        *(f"{each}-of" for each in NEWS_OF_SHARING),
    ),
    "kept.{}-of": ("expired",),
    "kit.note.{}": ("learnt", "differently"),
    "kit.pair.{}": ("same", "other", "lead", "call", "category", "ticked"),
    "kit.stages.{}": ("every", "some", "none"),
    "kit.step.{}.do": SessionStep,
    "kit.step.{}.say": SessionStep,
    "kit.step.{}.title": SessionStep,
    "leaf.check-{}": ("ticked", "not-known", "unanswered", "not-ticked", "case"),
    "leaf.home.{}": ("rehearse", "review", "guide", "help"),
    "leaf.logged.{}": ("cannot",),
    "leaf.real.{}": ("urgent", "contacts"),
    "leaf.people.list-{}": ("all", "ending", "barred", "found", "offers", "team"),
    "leaf.people.{}": (
        *("called", "role", "access", "matter", "way", "code-until", "number", "code", "copy"),
        *("self", "ending", "unused", "barred"),
    ),
    "leaf.titles.{}": (
        *("urgent", "call", "calling", "contacts", "follow-up", "enough", "action", "outcome", "news"),
        *("find", "raise", "changed", "to-record", "summary", "code", "remind"),
    ),
    "leaf.rehearsal.{}": (
        *("menu", "list", "chosen", "story", "feedback", "first-call", "held", "report", "course", "leaving"),
        *("joining", "waiting", "room", "seats", "closing", "room-report", "papers", "differences", "drill", "drilled"),
    ),
    "leaf.score.{}": ("number", "total", "so-far", "so-far-named", "low"),
    "leaf.team.{}": ("open-case", "open-case-school", "leaving-care-own", "leaving-care"),
    "logged.{}": (*TAPPED, *FIRST_ON_A_PAGE, *OF_999, *OF_POLICE, "undo"),
    "mode.{}": (*Mode, *Together),
    "news.{}": ("danger-yes", "danger-missing", "danger-no", "told_or_seen-yes", "safe-not-tonight"),
    "outcome.{}": (*(word for word, each in WHAT.items() if each.asks), "called-whom"),
    "number.{}": ("points", "so-far", "so-far-age"),
    "own-course.{}": ("again", "mastered", "line", "line-critical", "line-before", "drills", "earlier"),
    "page.{}": ("number", "steps"),
    "people.{}": ("ending", "barred"),
    **{f"people.{each}{{}}": ("", "-led") for each in ("barred-one", "self", "of-admin")},
    "people.place.{}": (*TeamPlace, "none"),
    "people.team.{}": ("next", "then"),
    "people.{}.once": ("codes", "code"),
    "people.{}.text": (PeopleDeed.REMOVE, PeopleDeed.NEW_PIN),
    "people.{}.title": (
        *("list-all", "list-ending", "list-barred", "codes", "code"),
        *(PeopleDeed.REMOVE, PeopleDeed.NEW_PIN),
    ),
    "people.code.{}": ("chat", "pages", "either"),
    "people.codes.{}": ("chat", "pages", "either"),
    "place.{}": (Phase.OPENING, Phase.CLOSING),
    "raise.{}": ("serious", "harm", "others"),
    "reader.{}": CHANNELS,
    "share.grounds-word.{}": GROUNDS,
    "share.judged.{}": JUDGED,
    "share.lead-long.{}": tuple(each.word for each in Urgency),
    "share.lead.{}": tuple(each.word for each in Urgency),
    "share.level.{}": tuple(each.word for each in Urgency if each > Urgency.PLAN),
    "share.said.{}": Says,
    "share.send.{}": Says,
    "share.why.{}": Says,
    "button.share-grounds-{}": GROUNDS,
    "button.share-yes-{}": ("look", "hand"),
    "button.share-{}": (ShareDeed.ANSWERS, ShareDeed.LOG, ShareDeed.GAPS),
    "spelling.{}": SIGNS,
    "toast.share-{}": Refusal,
    "reasons.{}": (WHO, TOLD, SINCE),
    "rehearsal-document.{}": ("failed", "refused", "room-qr", "room-qr-page"),
    "rehearsal-report.ask.{}": ("first-call", "category"),
    "rehearsal-report.closing.{}": ("unknown", "team", "tomorrow"),
    "rehearsal-report.did.{}": ("agreed", "less", "more"),
    "rehearsal-report.in-cell-{}": ("key", "other", "allowed"),
    "rehearsal-report.lead.{}": ("items", "items-more"),
    "rehearsal-report.means.{}": ("percent", "keyed", "chance"),
    "rehearsal-report.number.{}": ("percent", "keyed", "alpha", "ac1"),
    "rehearsal-report.part.{}": ("actions", "missed", "items", "numbers", "closing"),
    "rehearsal-report.prompt.{}": (*Rule, "any", "contested"),
    "rehearsal-report.why.{}": Why,
    "rehearsal-report.{}": (
        *("outlined", "dashed", "dashed-allowed"),
        *("cell", "cell-key", "cell-other", "cell-allowed"),
    ),
    "rehearsal.critical.{}": ("missed", "none"),
    "rehearsal.feedback.{}": ("agreed", "differs", "contested", "age", "unread"),
    "rehearsal.list.{}": ("title", "staged"),
    "rehearsal.stages.{}": ("missed", "none"),
    "rehearsal.joining.{}": Together,
    "rehearsal.opening.{}": Together,
    "rehearsal.leaving.{}": ("finished", "pair", "room", "comparison"),
    "rehearsal.pair.{}": ("both", "mine", "theirs", "neither"),
    "rehearsal.report.moved-{}": ("points", "point", "line"),
    "rehearsal.report.{}": (
        *("agreed", "agreed-none", "met", "missed", "moved", "contested", "others", "around", "head", "all"),
    ),
    "rehearsal.room-report.{}": ("goes", "opens"),
    "rehearsal.room.{}": (Door.LINKS, Door.SHUT),
    "rehearsal.seats.{}": (*Door, "accounts", "free", "links-how"),
    "rehearsal.{}": ("head", "head-calls", "head-real", "unfolds", "modes", "part", "so-far"),
    "rehearsal.{}.head": ("room-report", "differences", "report"),
    "rehearsal.{}.text": REHEARSAL_CARDS,
    "rehearsal.{}.title": REHEARSAL_CARDS,
    "remind.{}": (*CHOICES, *map(str, STEPS)),
    "review.{}": ("begin", "asked-again", "no-code"),
    "role.{}": Role,
    "rule.{}.name": Rule,
    "rule.{}.text": Rule,
    "screen.door.{}": (Door.LINKS, Door.SHUT),
    "console.to.{}": ("ask", "bars", "talk", "reveal"),
    "screen.happens.danger.{}": PROTECTING[Critical.DANGER],
    "screen.happens.first-call.{}": FirstCall,
    "screen.happens.judgement.{}": PROTECTING[Critical.JUDGEMENT],
    "screen.happens.told_or_seen.{}": PROTECTING[Critical.TOLD_OR_SEEN],
    "screen.happens.{}": ("sign", "sign-moves", "category", "no", "not-known"),
    "screen.talk.{}": Critical,
    "since.{}": KNOWN,
    "slip.{}": ("scan", "find", "type", "open", "enter", "either", "notice", "pin"),
    "standing-of.{}": (
        *(word for word in TAPPED if word not in RINGS_BACK),
        *(*OF_999, *OF_POLICE, "advised", "back", "back-late"),
    ),
    "standing.{}": LASTING,
    "summary.column.{}": ("number", "item", "response", "reason", "what", "note", "action", "by", "done"),
    "summary.did.{}": (*(word for word in WHAT if word != WORSE), "called-only"),
    "summary.discussion.{}": (Discussion.YES, Discussion.POSSIBLE),
    "summary.gap.{}": ("notes", "log"),
    "summary.judged.{}": JUDGED,
    "summary.line.{}": CardLine,
    "summary.part.{}": ABOUT,
    "summary.{}": ("from-now", "at-once", "by", "in-force", "open"),
    "to-summary.{}": CHANNELS,
    "toast.closed-{}": CLOSED,
    "toast.document-{}": (*ROOM_FILES, *PAPERS, "room-links", "own-course", PDF, TEXT, PICTURE),
    "toast.ignored-{}": IGNORED_KINDS,
    "toast.people-opened-by-{}": OpenedBy,
    "toast.people-{}": ("renew", "renew-all", "unlock", "lock", "new-pin", "role", "remove", "withdraw", "put"),
    "toast.{}-pin": ("people", "team"),
    "toast.no-{}": ("people", "team"),
    "who.{}": SAYS,
    "whom.{}": Informant,
    "{}.open": ("wall", "console"),
}
"""For each pattern of keys, the values that its placeholder can have."""


def _missing(wording: Wording) -> Iterator[str]:
    yield from (key for family, words in FAMILIES.items() for key in map(family.format, words) if key not in wording)
    for question in (*ALONE, "recorded"):
        for answer in ("yes", "not-yet") if question == "recorded" else options(question):
            if f"answer.{question}.{answer}" not in wording and f"answer.{answer}" not in wording:
                yield f"answer.{question}.{answer}"


def with_all_keys(wording: Wording) -> Wording:
    """Return the wording unchanged. Raise `PackFault` with every key that the code may use but the wording does not have."""
    if missing := sorted(set(_missing(wording))):
        raise PackFault(tuple(f"wording.{key}: missing; write what the bot says there" for key in missing))
    return wording
