"""`seraf-bot chat`: an assessment in the terminal. It needs no token, store or keys; with a key file there are review codes."""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import Annotated

from typer import Option

from bot.channels.terminal import FACTS, Terminal, prompted
from bot.cli.terminal import piped_lines, plain_console
from bot.conversation.conversation import OpenConversation
from bot.conversation.questions import Questions
from bot.crypto.at_random import make_reference
from bot.rehearsal.mode import REHEARSALS
from bot.runtime.clock import SystemClock
from bot.runtime.packs import SHIPPED, load_pack, load_wording
from bot.runtime.starting import is_nothing_set, usual_key_file
from dialogs.core.codec import encode
from dialogs.core.script import Script
from dialogs.core.session import fresh
from seraf.form.responses import Responses


def chat(
    quick: Annotated[bool, Option("--quick", help="Tick lists for the first two sections.")] = False,
    rehearse: Annotated[bool, Option("--rehearse", help="Practise on a made-up case.")] = False,
) -> None:
    """Go through a SERAF in the terminal. Type a button's number or label; Ctrl-D leaves. Nothing is stored."""
    if is_nothing_set() and not os.path.lexists(usual_key_file()):
        pack = load_pack(SHIPPED)
        script = Script(pack, load_wording(), FACTS)
    else:
        from bot.assemble import note_taking  # slow to import, like the settings and the keys
        from bot.cli.consult.summary import codes_of
        from bot.crypto.code_cipher import REHEARSED
        from bot.runtime.errors import KeyFault
        from bot.runtime.settings import load_local_settings

        settings = load_local_settings()
        pack = load_pack(settings.pack)
        codes = rehearsed = None
        with suppress(KeyFault):
            codes, rehearsed = codes_of(settings, pack), codes_of(settings, pack, domain=REHEARSED)
        notes = note_taking(settings, pack, FACTS)
        script = Script(pack, load_wording(), FACTS, codes, notes, rehearsal_codes=rehearsed)
    script = replace(script, asking=Questions(pack))
    conversation = OpenConversation(script, SystemClock(), make_reference, REHEARSALS)
    console = plain_console()
    is_typed = sys.stdin.isatty()
    terminal = Terminal(conversation, console, echoes=not is_typed)
    profile = encode(fresh(0, Responses.of({"order": "quick"}))) if quick else "{}"
    lines = prompted(lambda: console.input("> ")) if is_typed else piped_lines()
    asyncio.run(terminal.talk(chain(["/rehearse"] if rehearse else [], lines), profile))
    if is_typed:
        console.print()
