"""Reading the lines of the action card: deadlines, whom each line means, the lines, and what belongs to each."""

from collections.abc import Sequence

from seraf.advice.action_plan import WHOM, Action, ActionPlan, CardLine, Deadline, Detail, HomeTime, WhomToCall
from seraf.reading.form.basis import read_basis
from seraf.reading.toml.conditions import Words, read_any
from seraf.reading.toml.tables import TomlTable, unique

TITLE = 60
"""Characters of a title at most, once it says whom: two lines of a phone."""

SHORT = 12
"""Characters of a line's button at most: three stand in a row, with its number and the mark of what is done."""


def read_action_plan(table: TomlTable, words: Words, *, questions: Sequence[str]) -> ActionPlan:
    """The lines of the card; a pack may have none. `questions` are the ids of the short questions that a line may put."""
    deadlines = tuple(_deadline(each) for each in table.tables("deadlines"))
    plan = ActionPlan(
        deadlines=deadlines,
        whom=tuple(_whom(each, words) for each in table.tables("whom")),
        actions=tuple(
            _action(each, words, deadlines=[deadline.id for deadline in deadlines], questions=questions)
            for each in table.tables("actions")
        ),
        details=tuple(_detail(each, words) for each in table.tables("details")),
        home_time=_home_time(table.table("home_time"), words),
    )
    unique(table, "deadlines", ids=[each.id for each in deadlines])
    unique(table, "actions", ids=[each.id for each in plan.actions])
    unique(table, "details", ids=[each.id for each in plan.details])
    _check(table, plan)
    return plan


def _deadline(table: TomlTable) -> Deadline:
    deadline = Deadline(
        id=table.name("id"),
        minutes=table.number("minutes") if "minutes" in table.raw else 0,
        at_close=table.flag_or_false("at_close"),
        opens=table.clock("opens") if "opens" in table.raw else None,
        working_days=table.number("working_days") if "working_days" in table.raw else 0,
        months=table.number("months") if "months" in table.raw else 0,
        from_now=table.flag_or_false("from_now"),
    )
    table.close()
    return deadline


def _home_time(table: TomlTable | None, words: Words) -> HomeTime | None:
    if table is None:
        return None
    home_time = HomeTime(table.clock("at"), read_any(table, "if", words=words))
    table.close()
    return home_time


def _whom(table: TomlTable, words: Words) -> WhomToCall:
    whom = WhomToCall(
        line=CardLine(table.word("line", tuple(CardLine))),
        name=table.text("name", limit=50),
        conditions=read_any(table, "if", words=words),
        short=table.text("short", limit=SHORT - len("1 ") - len(" ✓")) if "short" in table.raw else "",
    )
    table.close()
    return whom


def _action(table: TomlTable, words: Words, *, deadlines: list[str], questions: Sequence[str]) -> Action:
    action = Action(
        id=table.name("id"),
        line=CardLine(table.word("line", tuple(CardLine))),
        title=table.text("title", limit=TITLE),
        short=table.text("short", limit=SHORT - len("1 ") - len(" ✓")),
        by=table.word("by", deadlines),
        why=table.text("why", limit=300),
        basis=read_basis(table),
        calls=table.flag_or_false("calls"),
        refers=table.flag_or_false("refers"),
        folded=table.text("folded", limit=60) if "folded" in table.raw else "",
        asks=table.word("asks", questions) if "asks" in table.raw else "",
        covers=_lines(table),
        leaves=table.flag_or_false("leaves"),
        referred=table.text("referred", limit=TITLE) if "referred" in table.raw else "",
        conditions=read_any(table, "if", words=words),
    )
    table.close()
    return action


def _lines(table: TomlTable) -> tuple[CardLine, ...]:
    named = table.texts("covers")
    for each in named:
        if each not in tuple(CardLine):
            table.fault("covers", f"{each!r} is not one of: {', '.join(CardLine)}")
    return tuple(line for line in CardLine if line in named)


def _detail(table: TomlTable, words: Words) -> Detail:
    detail = Detail(
        id=table.name("id", limit=30),
        line=CardLine(table.word("line", tuple(CardLine))),
        text=table.text("text", limit=120),
        basis=read_basis(table),
        conditions=read_any(table, "if", words=words),
    )
    table.close()
    return detail


def _check(table: TomlTable, plan: ActionPlan) -> None:
    """Whether every title can be said: its places are known, and with the longest name it is not too long."""
    for action in plan.actions:
        names = [each.name for each in plan.whom if each.line is action.line]
        if WHOM not in action.title and "{" not in action.title + action.referred:
            continue
        if "{" in (action.title + action.referred).replace(WHOM, "") or WHOM not in action.title or not names:
            table.fault(
                "actions", f"{action.id!r}: a title may name {{whom}} alone, where [[whom]] has a name for the line"
            )
            continue
        longest = max([each.replace(WHOM, name) for each in (action.title, action.referred) for name in names], key=len)
        if len(longest) > TITLE:
            table.fault("actions", f"{action.id!r}: “{longest}” has {len(longest)} characters, and at most {TITLE} fit")
    for line in dict.fromkeys(each.line for each in plan.whom):
        if [each for each in plan.whom if each.line is line][-1].conditions:
            table.fault("whom", f"the last name of the line {line!s} must hold always (no `if`)")
