"""Changes to the text of a pack's files: a new pack is made from another one, and a pack is signed with a person's SSH key."""

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
from seraf.pack import FILES, QUOTES, SEARCH
from seraf.reading.form.instrument import SIGNERS, item_words, pack_words
from seraf.reading.toml.places import FORMER, LOCAL, NEEDED, names_in, places_in, with_places
from seraf.reading.toml.tables import Faults, TomlTable

STAYS = ("999", "101", "")  # numbers that are the same for every board; "" is that of a contact without a number
EDITION = "draft 1, not checked against the form"
EMPTIED = re.compile(r"^(?P<key>safeguarding_board|safeguarding_board_short|" + "|".join(NEEDED) + r')( = )".*?"')
LINE = re.compile(r'^(?P<key>\w+) = "(?P<text>[^"]*)"')
BLOCK = re.compile(r'\n*\[\[signatures\]\]\n(?:(?!\[\[).*\n)*?proof = """\n(?:[^"].*\n)*?"""\n')  # one signature
LONGEST = 120  # seconds for `ssh-keygen`, which may ask for a passphrase


def begun_from(files: Mapping[str, bytes], board: str) -> dict[str, bytes]:
    """Return the files of a new board's pack. Whatever only that board can know is left empty, and no item is marked as verified.

    The other board's made-up cases are left out, since they depend on its items and periods. The hashes of its guidance are
    copied: until the new board has its own, every quotation has to be from that guidance.
    """
    texts = {name: files[name].decode("utf-8") for name in FILES}
    raw = tomllib.loads(texts["instrument.toml"])
    old_board = str(raw["instrument"]["board"])
    new = dict[str, str]()
    for name, text in texts.items():
        # Comments name the new board. A sentence with the name of the old one means a place, and is left as it is.
        lines = text.splitlines(keepends=True)
        new[name] = "".join(line.replace(old_board, board) if line.lstrip().startswith("#") else line for line in lines)
    # The names of the old board's services and places, longest first: no text of another board may have them.
    names = {name for key, name in names_in(raw).items() if key.endswith("_name") and name != name.capitalize()}
    table = raw.get("names")
    local = table.get(LOCAL, ()) if isinstance(table, dict) else ()
    former = sorted({*names, *local}, key=lambda name: (-len(name), name))
    form = list[str]()
    for line in texts["instrument.toml"].replace(old_board, board).splitlines(keepends=True):
        if line.startswith((f"{LOCAL} = ", "# What is only here")):
            continue
        if line.startswith("[names.others]"):
            listed = ", ".join(f'"{name}"' for name in former)
            form.append(f"{FORMER} = [{listed}] # no text may have these\n\n")
        line = EMPTIED.sub(r'\g<key>\2""', line)
        line = re.sub(r'^edition = ".*"', f'edition = "{EDITION}"', line)
        form.append(re.sub(r"^verified = true", "verified = false", line))
    new["instrument.toml"] = "".join(form)
    if SEARCH in files:
        new[SEARCH] = _without(former, files[SEARCH].decode("utf-8"))
    new["contacts.toml"] = re.sub(r"\n{3,}", "\n\n", "".join(_new_contacts(new["contacts.toml"])))
    quotes = {QUOTES: files[QUOTES]} if QUOTES in files else {}
    return {name: text.encode("utf-8") for name, text in new.items()} | quotes


def _without(names: Sequence[str], text: str) -> str:
    """Return the file of search words without the phrases and questions that have one of these names."""
    own = "|".join(rf"\b{re.escape(name)}\b" for name in names)
    return (
        re.sub(rf'^"[^"\n]*(?:{own})[^"\n]*" = .*\n|"[^"\n]*(?:{own})[^"\n]*",[ ]?', "", text, flags=re.MULTILINE)
        if own
        else text
    )


def _new_contacts(text: str) -> Iterator[str]:
    """Yield the lines of the contacts file without the old board's telephone numbers and hours, and with no contact confirmed."""
    is_kept = True
    for line in text.splitlines(keepends=True):
        setting = LINE.match(line)
        key = setting and setting["key"]
        if setting and key == "value":
            is_kept = setting["text"] in STAYS
            yield line if is_kept else 'value = ""\n'
        elif is_kept:
            yield line
        elif key == "when":
            yield 'when = ""\n'
        elif not line.startswith(("checked_on", "  ")):
            yield line.replace("confirmed = true", "confirmed = false")


def signed_with(key: Path, unsigned: Signature, *, files: Mapping[str, bytes]) -> bytes:
    """Return the instrument file with a signature made with this SSH key. It replaces the signer's older ones for these items.

    Raise `SettingsFault` if the signature cannot be made, or if the pack does not list the key as the signer's.
    """
    command = ("ssh-keygen", "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(key))
    try:
        signing = subprocess.run(command, input=unsigned.text, capture_output=True, text=True, timeout=LONGEST)
    except FileNotFoundError:
        raise SettingsFault("ssh-keygen is not here. Install OpenSSH's client, or sign elsewhere.") from None
    except subprocess.TimeoutExpired:
        raise SettingsFault("--key: no passphrase came. Nothing was signed.") from None
    if signing.returncode != 0:
        reason = signing.stderr.strip().partition("\n")[0]
        raise SettingsFault(f"--key: {key} cannot sign ({reason}). Make a key: ssh-keygen -t ed25519")
    signature = replace(unsigned, proof=signing.stdout.strip())
    text = files["instrument.toml"].decode("utf-8")
    if not signature.is_of(_signers(tomllib.loads(text)), is_signed_by):
        listed = signing_key(signature.proof)
        if not listed.startswith(f"{ED25519.decode()} "):
            raise SettingsFault("--key: only an Ed25519 key can be checked everywhere. Make one: ssh-keygen -t ed25519")
        raise SettingsFault(
            f"The pack does not have this key as that of {signature.by}. Whoever knows that it is theirs, {_printed(listed)}, puts these"
            f' lines into instrument.toml:\n[[{SIGNERS}]]\nby = "{signature.by}"\nkey = "{listed}"'
        )

    def unless_replaced(block: re.Match[str]) -> str:
        (row,) = tomllib.loads(block[0])["signatures"]
        older = replace(signature, by=row["by"], digests=tuple(row["digests"]))
        is_replaced = older.person == signature.person and older.subjects <= signature.subjects
        return "\n\n" if is_replaced else block[0]

    digests = "".join(f'    "{digest}",\n' for digest in signature.digests)
    block = (
        f'\n[[signatures]]\nby = "{signature.by}"\nrole = "{signature.role}"\non = {signature.on.isoformat()}\n'
        f'digests = [\n{digests}]\nproof = """\n{signature.proof}\n"""\n'
    )
    return (BLOCK.sub(unless_replaced, text).rstrip("\n") + "\n" + block).encode("utf-8")


def _printed(key: str) -> str:
    """Return the fingerprint of a public key as SSH prints it, so that people can compare it."""
    return f"SHA256:{b64encode(sha256(b64decode(key.split()[1])).digest()).decode().rstrip('=')}"


def _signers(raw: Mapping[str, object]) -> tuple[Signer, ...]:
    rows = raw.get(SIGNERS)
    if not isinstance(rows, list):
        return ()
    return tuple(Signer(row["by"], " ".join(row["key"].split()[:2])) for row in rows)


def _signed_words(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the texts that signatures cover: the whole pack as `WHOLE`, and each item by its id, as people read them."""
    raw = {name: tomllib.loads(content.decode("utf-8")) for name, content in files.items()}
    form = TomlTable("instrument.toml", raw["instrument.toml"], Faults())
    return {WHOLE: pack_words(raw), **item_words(with_places(form, places_in(form.raw)).raw)}


def digests_of(subjects: Sequence[str], files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the digest of the present text of each subject, which is an item's id or `WHOLE`. Raise `KeyError` for an unknown id."""
    words = _signed_words(files)
    return tuple(digest_of(subject, words[subject]) for subject in dict.fromkeys(subjects))


def signature_lines(instrument: Instrument, files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield lines about items changed since they were signed, items not signed by enough people, signing keys, and unproven signatures.

    Keys are written as SSH prints them, so that people can compare them.
    """
    proven = [signature for signature in instrument.signatures if signature.is_proven]
    changed, missing = list[str](), list[str]()
    for subject, words in _signed_words(files).items():
        standing = signers_of(proven, subject, words)
        if {signature.person for signature in proven if subject in signature.subjects} - standing:
            changed.append(subject)
        if len(standing) < ENOUGH:
            missing.append(subject)
    if changed:
        yield f"Changed after it was signed: {', '.join(changed)}."
    if missing:
        yield f"Not signed by {ENOUGH} people: {', '.join(missing)}."
    for signer in _signers(tomllib.loads(files["instrument.toml"].decode("utf-8"))):
        yield f"{signer.by} signs with {_printed(signer.key)}. Ask them whether that key is theirs."
    if unproven := sorted({signature.by for signature in instrument.signatures if not signature.is_proven}):
        yield f"Not made with a key that the pack has for them, so it proves nothing: the signature of {', '.join(unproven)}."
