"""Hostile packs, requests, backups, settings and Bot API replies, each generated from a seed."""

import io
import json
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyrage

from bot.channels.telegram.request import LONGEST_ANSWER
from bot.operations.backup.file_format import DATABASE, MANIFEST, PROOF
from bot.runtime.packs import SHIPPED

STEERING = (
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\u202eevil",
    "\u2066x",
    "\x00",
    "\r",
    "\x08" * 9,
    "\u200b",
    "\x7f",
    "\ud800",
)
"""Characters that control a terminal or that are invisible."""

LONG = 40_000
"""The number of characters, rows or nesting levels of input that is far too large."""


def word(chance: random.Random) -> str:
    """Return a name that no honest author of a pack or a request would choose."""
    return chance.choice(
        (
            chance.choice(STEERING) + "x",
            "a" * chance.choice((1, 200, LONG)),
            "${HOME}",
            "\n".join(["seraf-bot: all in order"] * chance.randrange(3)),
            f"V{chance.randrange(40)}",
            "𝔊" * chance.randrange(50),
        )
    )


def value(chance: random.Random, depth: int = 0) -> object:
    """Return a value of any type, which may contain further values."""
    kinds: tuple[Callable[[], object], ...] = (
        lambda: word(chance),
        lambda: chance.choice((0, -1, 10**30, True, None, 1e308)),
        lambda: [word(chance) for _ in range(chance.randrange(20))],
        lambda: {word(chance): value(chance, depth + 1) for _ in range(chance.randrange(6))},
        lambda: [value(chance, depth + 1) for _ in range(chance.randrange(6))],
    )
    return chance.choice(kinds[: 2 if depth > 4 else None])()


def nested(chance: random.Random, opened: str, closed: str) -> str:
    """Return opening marks followed by as many closing marks, in most cases nested too deeply."""
    times = chance.choice((20, 999, LONG))
    return opened * times + closed * times


def request(chance: random.Random) -> bytes:
    said = {"age": "13-15", "responses": {word(chance): value(chance) for _ in range(chance.choice((3, 3, 5_000)))}}
    return chance.choice(
        (
            lambda: json.dumps(said),
            lambda: json.dumps(value(chance)),
            lambda: '{"age": ' + nested(chance, "[", "]") + "}",
            lambda: '{"responses": {' + ", ".join(f'"{n}": 1' for n in range(chance.choice((9, LONG)))) + "}}",
            lambda: '{"age": ' + "9" * chance.choice((20, LONG)) + "}",
        )
    )().encode(errors="surrogatepass")


def pack(chance: random.Random, folder: Path) -> None:
    """Write the files of a pack to a folder: the shipped files with one damaged or replaced, some with extra files."""
    for each in SHIPPED.glob("*.toml"):
        folder.joinpath(each.name).write_bytes(each.read_bytes())
    name = chance.choice(sorted(path.name for path in folder.iterdir()))
    text = folder.joinpath(name).read_text()
    at = chance.randrange(len(text))
    rows = chance.choice((30, 2_000, 20_000))
    spoilt = chance.choice(
        (
            lambda: text[:at] + chance.choice(STEERING) + text[at:],
            lambda: text[:at],
            lambda: text + "\n" + "".join(f"[[sections]]\nid = 'x{n}'\n" for n in range(rows)),
            lambda: text + "\n" + "".join(f"[[items]]\nid = 'x{n}'\n" for n in range(rows)),
            lambda: text + "\n" + "".join(f"[[steps]]\nid = 'x{n}'\nif = {{present = ['{n}']}}\n" for n in range(rows)),
            lambda: "deep = " + nested(chance, "[", "]"),
            lambda: ".".join("a" * chance.choice((5, 3_000))) + " = 1",
            lambda: "".join(f"'{name}{n}' = 1\n" for n in range(rows)),
            lambda: "x = '" + "a" * 1_000_001 + "'",
        )
    )()
    folder.joinpath(name).write_bytes(spoilt.encode(errors="surrogatepass"))
    if not chance.randrange(4):
        folder.joinpath("vignettes").mkdir()
        for number in range(chance.choice((2, 2, 600))):
            folder.joinpath("vignettes", f"\x1b[2J{number}\u202e.toml").write_bytes(b"x")


def settings(chance: random.Random) -> bytes:
    names = ("SERAF_PACK", "SERAF_STORE", "SERAF_TELEGRAM_TOKEN", "SERAF_TELEGRAM_API", "SERAF_ADMINS", "SERAF_NOTES")
    lines = [f"{chance.choice((*names, word(chance)))}={word(chance)!r}" for _ in range(chance.choice((3, 3, 3_000)))]
    return "\n".join((*lines, f"SERAF_BACKUP_RECIPIENTS={','.join(['age1x'] * chance.choice((1, 5_000)))}")).encode(
        errors="surrogatepass"
    )


def backup(chance: random.Random, recipient: str) -> bytes:
    """Return a backup that somebody without the key file encrypted to `recipient`."""
    packed = io.BytesIO()
    note = json.dumps(chance.choice((value(chance), {"format": chance.choice((1, 9))}))).encode(errors="surrogatepass")
    note = note[:20_000]
    with tarfile.open(
        fileobj=packed, mode="w", format=chance.choice((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT))
    ) as archive:
        for name in chance.choice(((MANIFEST, DATABASE, PROOF), (MANIFEST,), (MANIFEST, DATABASE) * 200)):
            member = tarfile.TarInfo(name if chance.randrange(5) else "../" + "x" * 300)
            member.type = chance.choice((tarfile.REGTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE))
            member.size = len(note) if member.isreg() else 0
            if not chance.randrange(3) and member.isreg():
                member.pax_headers = {
                    "GNU.sparse.major": "0",
                    "GNU.sparse.minor": "1",
                    "GNU.sparse.map": "0,1",
                    "GNU.sparse.size": str(10**12),
                }
            archive.addfile(member, io.BytesIO(note))
    whole = packed.getvalue()
    nameless = tarfile.TarInfo("././@LongLink")
    nameless.type = tarfile.GNUTYPE_LONGNAME
    spoilt = chance.choice(
        (
            lambda: whole,
            lambda: whole[: chance.randrange(1, len(whole))],
            lambda: nameless.tobuf() * 3_000 + whole,
            lambda: bytes(chance.randrange(256) for _ in range(2_000)),
        )
    )()
    sealed = bytes(pyrage.encrypt(spoilt, [pyrage.x25519.Recipient.from_str(recipient)]))
    return sealed if chance.randrange(4) else sealed[: chance.randrange(len(sealed))]


def answer(chance: random.Random) -> bytes:
    """Return the reply of a hostile server in place of the Bot API."""
    update = {
        "update_id": chance.choice((1, -1, "1", None, 10**40)),
        chance.choice(("message", "callback_query", word(chance))): value(chance),
    }
    size = chance.choice((1, 3, 500))
    return chance.choice(
        (
            lambda: json.dumps({"ok": True, "result": [update] * min(size, LONGEST_ANSWER // len(json.dumps(update)))}),
            lambda: json.dumps(value(chance)),
            lambda: '{"ok": true, "result": ' + nested(chance, "[", "]") + "}",
            lambda: '{"ok": true, "result": [' + "9" * chance.choice((9, LONG)) + "]}",
            lambda: "{" + word(chance),
        )
    )().encode(errors="surrogatepass")
