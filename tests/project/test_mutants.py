"""Which calls between modules `make mutate` changes, and how."""

import ast
from types import ModuleType

from bench.mutants import calls

SOURCE = """
from bot.watch.meter import meter
from dialogs.core.role import Role
from dialogs.core.session import Session
from dialogs.form.path import begin, is_place_answered
from dialogs.locked import with_landmarks
from seraf.form.responses import Responses

def own(session: Session) -> Session:
    return begin(session)

def made(session: Session, card, script, given: str) -> object:
    begin(session)
    own(session)
    meter()
    if is_place_answered("age", session, pack=script.pack):
        print(session.answers.get("age"), len(given), Role(given))
    kept = session.beneath(None)
    assert kept.answers.get("age")
    "é", with_landmarks(card, script, above=1)
    return f"{kept.answers.get('age')}", own(begin(kept))
"""


def test_a_call_to_another_module_is_changed_by_what_becomes_of_its_result() -> None:
    module = ModuleType("bot.made")
    exec(SOURCE, vars(module))

    found = [each for call in calls(module, "bot/made.py", SOURCE.encode()) for each in call]

    assert [each.change for each in found] == [
        "begin(session) → (session)",
        "begin(session) → pass",
        """is_place_answered("age", session, pack=script.pack) → (not is_place_answered('age', session, pack=script.pack))""",
        'session.answers.get("age") → None',
        "session.beneath(None) → (session)",
        "with_landmarks(card, script, above=1) → with_landmarks(card, script)",
        "begin(kept) → (kept)",
    ]
    assert [len(each.text) - len(SOURCE.encode()) for each in found] == [-5, -10, 6, -22, -12, -9, -5]
    assert all(ast.parse(each.text) for each in found)
