"""A signature put into a pack's instrument file: a person's word for what items, or all of the pack, say today, made with their SSH key."""

import re
import subprocess
import tomllib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from bot.runtime.errors import SettingsFault
from bot.runtime.packs import ED25519, NAMESPACE, is_signed_by, signing_key
from seraf.form.instrument import Instrument
from seraf.form.signing import ENOUGH, WHOLE, Signature, Signer, digest_of, signers_of
from seraf.reading.form.instrument import SIGNERS, item_words, pack_words
from seraf.reading.toml.places import places_in, with_places
from seraf.reading.toml.tables import Faults, TomlTable

BLOCK = re.compile(r'\n*\[\[signatures\]\]\n(?:(?!\[\[).*\n)*?proof = """\n(?:[^"].*\n)*?"""\n')
LONGEST = 120
"""Seconds for which a key is waited for that is asked for a passphrase."""


def signed_with(key: Path, unsigned: Signature, *, files: Mapping[str, bytes]) -> bytes:
    """Return the instrument file with a signature by this SSH key. Older ones of that person for nothing else go.

    Raise `SettingsFault` if it cannot be made, or the pack does not have the key as theirs.
    """
    made = replace(unsigned, proof=_made_by_ssh(key, unsigned.text))
    text = files["instrument.toml"].decode("utf-8")
    if not made.is_of(signers_in(tomllib.loads(text)), is_signed_by):
        raise SettingsFault(_unlisted(made))
    return (_without(text, made).rstrip("\n") + "\n" + _block(made)).encode("utf-8")


def what_is_signed(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the words that are signed: those of all files, and those of each item as people read them."""
    raw = {name: tomllib.loads(content.decode("utf-8")) for name, content in files.items()}
    form = TomlTable("instrument.toml", raw["instrument.toml"], Faults())
    return {WHOLE: pack_words(raw), **item_words(with_places(form, places_in(form.raw)).raw)}


def digests_of(what: Sequence[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the digest of each of these as it is now. Raise `KeyError` if there is no such item."""
    words = what_is_signed(files)
    return tuple(digest_of(of, words[of]) for of in dict.fromkeys(what))


def standing_signatures(instrument: Instrument, files: Mapping[str, bytes]) -> Iterator[tuple[str, int, bool]]:
    """Of the pack and each item: how many signatures stand, and whether somebody signed words that were changed since."""
    given = [each for each in instrument.signatures if each.is_proven]
    for of, words in what_is_signed(files).items():
        standing = signers_of(given, of, words)
        yield of, len(standing), bool({each.person for each in given if of in each.subjects} - standing)


def as_sentences(found: Sequence[tuple[str, int, bool]]) -> Iterator[str]:
    """Yield what is still to be signed, and what was signed and changed."""
    if changed := [of for of, _, is_changed in found if is_changed]:
        yield f"Changed after it was signed: {', '.join(changed)}."
    if missing := [of for of, count, _ in found if count < ENOUGH]:
        yield f"Not signed by {ENOUGH} people: {', '.join(missing)}."


def about_signers(instrument: Instrument, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield whose keys the pack has, as SSH prints them, to be compared; and which signatures prove nothing."""
    for each in signers_in(tomllib.loads(files["instrument.toml"].decode("utf-8"))):
        yield f"{each.by} signs with {_printed(each.key)}. Ask them whether that key is theirs."
    if nobody := sorted({each.by for each in instrument.signatures if not each.is_proven}):
        yield f"Not made with a key that the pack has for them, so it proves nothing: the signature of {', '.join(nobody)}."


def signers_in(raw: Mapping[str, object]) -> tuple[Signer, ...]:
    """Return who may sign, of an instrument file that was read and found in order."""
    rows = raw.get(SIGNERS)
    return (
        tuple(Signer(each["by"], " ".join(each["key"].split()[:2])) for each in rows) if isinstance(rows, list) else ()
    )


def _made_by_ssh(key: Path, text: str) -> str:
    command = ("ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key))
    try:
        made = subprocess.run(command, input=text, capture_output=True, text=True, timeout=LONGEST, check=False)
    except FileNotFoundError:
        raise SettingsFault("ssh-keygen is not here. Install OpenSSH's client, or sign elsewhere.") from None
    except subprocess.TimeoutExpired:
        raise SettingsFault("--key: no passphrase came. Nothing was signed.") from None
    if made.returncode != 0:
        said = made.stderr.strip().partition("\n")[0]
        raise SettingsFault(f"--key: {key} cannot sign ({said}). Make a key: ssh-keygen -t ed25519")
    return made.stdout.strip()


def _unlisted(made: Signature) -> str:
    """Return that the pack does not have this key as this person's, and the lines by which it would."""
    key = signing_key(made.proof)
    if not key.startswith(f"{ED25519.decode()} "):
        return "--key: only an Ed25519 key can be checked everywhere. Make one: ssh-keygen -t ed25519"
    return (
        f"The pack does not have this key as that of {made.by}. Whoever knows that it is theirs, {_printed(key)}, puts these lines"
        f' into instrument.toml:\n[[{SIGNERS}]]\nby = "{made.by}"\nkey = "{key}"'
    )


def _printed(key: str) -> str:
    """Return a key as SSH prints it for people to compare."""
    return f"SHA256:{b64encode(sha256(b64decode(key.split()[1])).digest()).decode().rstrip('=')}"


def _without(text: str, made: Signature) -> str:
    """Return the file without what this person signed before, where all of it is signed now."""

    def left(found: re.Match[str]) -> str:
        (row,) = tomllib.loads(found[0])["signatures"]
        before = replace(made, by=row["by"], digests=tuple(row["digests"]))
        return "\n\n" if before.person == made.person and before.subjects <= made.subjects else found[0]

    return BLOCK.sub(left, text)


def _block(made: Signature) -> str:
    digests = "".join(f'    "{each}",\n' for each in made.digests)
    return (
        f'\n[[signatures]]\nby = "{made.by}"\nrole = "{made.role}"\non = {made.on.isoformat()}\n'
        f'digests = [\n{digests}]\nproof = """\n{made.proof}\n"""\n'
    )
