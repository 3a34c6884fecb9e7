"""Tests that an item list counts as verified once two people signed every item and the pack, until anything changes."""

import subprocess
from base64 import b64decode, b64encode
from dataclasses import field, make_dataclass
from pathlib import Path

import pytest

from bot.runtime.packs import is_signed_by, load_pack
from seraf.errors import PackFault
from seraf.form.instrument import Instrument, Item, Option, Section
from seraf.pack import Pack
from seraf.reading.pack import read_instrument, read_pack
from tests.support.command_line.cli import run
from tests.support.pack import second_board
from tests.support.pack.second_board import SHIPPED_FILES
from tests.support.pack.signing import LEADS, Lead, key_called, signed_all, signed_items, with_signature, with_signers


@pytest.fixture(scope="module")
def signed() -> dict[str, bytes]:
    return signed_all(second_board.files())


def pack_of(files: dict[str, bytes]) -> Pack:
    return read_pack(files, verify=is_signed_by)


def changed(files: dict[str, bytes], name: str, before: str, after: str) -> Pack:
    assert before in files[name].decode()
    return pack_of({**files, name: files[name].decode().replace(before, after).encode()})


def test_two_people_make_a_list_verified(signed: dict[str, bytes]) -> None:
    assert pack_of(signed).instrument.is_verified
    once = pack_of(signed_all(second_board.files(), LEADS[:1])).instrument
    assert not once.is_verified
    assert not any(item.verified for item in once.items)
    with pytest.raises(PackFault, match="two people have one key"):
        pack_of(changed_text(signed, LEADS[1].public, LEADS[0].public))


def changed_text(files: dict[str, bytes], before: str, after: str) -> dict[str, bytes]:
    return {**files, "instrument.toml": files["instrument.toml"].decode().replace(before, after).encode()}


def test_nobody_signs_for_another(signed: dict[str, bytes]) -> None:
    for before, after in (
        (f'by = "{LEADS[1].by}"\nrole', f'by = "{LEADS[0].by}"\nrole'),
        (LEADS[1].public, Lead("Somebody else", "").public),
        (f'[[signers]]\nby = "{LEADS[1].by}"', '[[signers]]\nby = "Somebody else"'),
    ):
        assert before in signed["instrument.toml"].decode()
        assert not pack_of(changed_text(signed, before, after)).instrument.is_verified
    assert not read_pack(signed).instrument.is_verified, "where no key can be checked nobody has signed"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("instrument.toml", "Cash, phones, clothes", "Cash and clothes"),
        ("instrument.toml", '"points" = 5', '"points" = 4'),
        ("instrument.toml", "Lead two", "Lead three"),
        ("instrument.toml", "Head of service", "Head of school"),
        ("instrument.toml", "2026-03-04", "2027-03-04"),
        ("instrument.toml", "Lantern", "Lamp"),
        ("guidance.toml", "You know enough to refer.", "The number may help."),
    ],
)
def test_a_change_after_signing_voids_the_signature(
    signed: dict[str, bytes], name: str, before: str, after: str
) -> None:
    instrument = changed(signed, name, before, after).instrument

    assert not instrument.is_verified
    assert instrument.is_signed is False


def test_a_field_that_a_later_release_reads_unsigns_nothing(
    signed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """People signed the text of the file, not what this program derives from it."""
    for kind in (Item, Section, Option):
        later = make_dataclass(
            kind.__name__, [("later", str, field(default=""))], bases=(kind,), frozen=True, slots=True
        )
        monkeypatch.setattr(f"seraf.reading.form.instrument.{kind.__name__}", later)

    instrument = pack_of(signed).instrument

    assert hasattr(instrument.items[0], "later")
    assert instrument.is_verified


def test_find_and_replace_verifies_no_list() -> None:
    replaced = SHIPPED_FILES["instrument.toml"].replace(b"verified = false", b"verified = true")
    instrument = pack_of({**SHIPPED_FILES, "instrument.toml": replaced}).instrument

    assert all(item.verified for item in instrument.items)
    assert not instrument.is_verified


def test_a_corrected_number_leaves_the_signatures(signed: dict[str, bytes]) -> None:
    """A corrected telephone number is confirmed by a call and must not wait for two signatures."""
    assert changed(signed, "contacts.toml", "Do not wait until morning.", "Ring at night too.").instrument.is_verified


def test_a_list_stored_with_its_cases_keeps_its_signatures(signed: dict[str, bytes]) -> None:
    kept: Instrument = read_instrument(signed["instrument.toml"], is_signed_by)
    assert kept.is_verified
    assert not read_instrument(second_board.files()["instrument.toml"], is_signed_by).is_verified
    assert read_instrument(_earlier()).is_verified
    by_name = '[[signatures]]\nof = "pack"\nby = "Lead one"\nrole = "Lead"\non = 2026-03-04\ndigest = "0"\n'
    named = second_board.files()["instrument.toml"] + b"\n" + by_name.encode()
    assert not read_instrument(named, is_signed_by).is_verified
    assert not pack_of({**second_board.files(), "instrument.toml": named}).instrument.is_verified


def test_a_stored_list_counts_as_signed_only_if_two_people_signed_all_of_it() -> None:
    files = with_signature(signed_items(second_board.files()), LEADS[0], "pack")
    assert not read_instrument(files["instrument.toml"], is_signed_by).is_verified

    both = with_signature(files, LEADS[1], "pack")
    assert read_instrument(both["instrument.toml"], is_signed_by).is_verified


def test_a_signature_is_checked_as_ssh_checks_it(tmp_path: Path) -> None:
    lead, other = LEADS
    text, proofs = "what is signed, é", {
        purpose: subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-n", purpose, "-f", str(lead.key), "-O", "hashalg=sha256"],
            input="what is signed, é".encode(),
            capture_output=True,
            check=True,
        ).stdout.decode()
        for purpose in ("seraf-pack", "file")
    }  # fmt: skip
    good = proofs["seraf-pack"]
    (tmp_path / "signers").write_text(f"lead {lead.public}\n")

    def found_good_by_ssh(text: str, proof: str) -> bool:
        (tmp_path / "proof").write_text(proof)
        words = ["-f", str(tmp_path / "signers"), "-I", "lead", "-n", "seraf-pack", "-s", str(tmp_path / "proof")]
        return (
            subprocess.run(["ssh-keygen", "-Y", "verify", *words], input=text.encode(), capture_output=True).returncode
            == 0
        )

    body = good.split("-----")[2]
    for at in range(0, len(b64decode(body)), 7):
        raw = bytearray(b64decode(body))
        raw[at] ^= 1
        spoilt = f"-----BEGIN SSH SIGNATURE-----\n{b64encode(raw).decode()}\n-----END SSH SIGNATURE-----\n"
        assert not is_signed_by(text, spoilt, lead.public), at
    for said, proof in ((text, good), ("other", good), (text, proofs["file"]), (text, good[:100]), (text, "")):
        assert is_signed_by(said, proof, lead.public) == found_good_by_ssh(said, proof)
    assert is_signed_by(text, good, lead.public)
    for key in (other.public, "", "ssh-ed25519", "ssh-ed25519 AAAA", f"ssh-rsa {lead.public.split()[1]}"):
        assert is_signed_by(text, good, key) == (key.split()[1:2] == lead.public.split()[1:2])


def test_it_is_signed_at_the_desk(tmp_path: Path) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    for name, content in with_signers(second_board.files()).items():
        (folder / name).write_bytes(content)
    items = [item.id for item in second_board.pack().instrument.items]

    def sign(lead: Lead, *what: str, key: Path | None = None) -> tuple[int, str]:
        words = ("--by", lead.by, "--role", lead.role, "--key", str(key or lead.key))
        ran = run(tmp_path, "pack", "sign", "second", *what, *words, settings={"COLUMNS": "300"})
        return ran.status, ran.out + ran.err

    for lead in (*LEADS, LEADS[0]):
        status, said = sign(lead, "pack", *items)
        assert status == 0, said

    assert said.startswith("pack, V1, V2")
    assert "Not signed" not in said
    assert load_pack(folder).instrument.is_verified
    text = (folder / "instrument.toml").read_text()
    assert text.count("[[signatures]]") == 2
    printed = subprocess.run(["ssh-keygen", "-l", "-f", f"{LEADS[0].key}.pub"], capture_output=True, text=True)
    assert f"Lead one signs with {printed.stdout.split()[1]}." in run(tmp_path, "pack", "check", "second").out
    (folder / "instrument.toml").write_text(text.replace("Cash, phones, clothes", "Cash, clothes"))
    assert "Changed after it was signed: pack, S5." in run(tmp_path, "pack", "check", "second").out
    assert sign(LEADS[1], "pack", "S5")[0] == 0
    assert "Not signed by 2 people: pack, S5." in sign(LEADS[1], "S5")[1]
    assert "Changed after it was signed: pack, S5." in sign(LEADS[1], "S5")[1], "the other has not looked at it again"


def test_a_signature_that_proves_nothing_is_not_written(tmp_path: Path) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    for name, content in with_signers(second_board.files()).items():
        (folder / name).write_bytes(content)
    before = (folder / "instrument.toml").read_bytes()
    named, stranger = ("--by", LEADS[0].by, "--role", "Lead"), Lead("Somebody", "Nurse")

    for words, said in (
        (("V1", *named, "--key", str(LEADS[1].key)), "The pack does not have this key as that of Lead one."),
        (("V1", "--by", "Somebody", "--role", "Nurse", "--key", str(stranger.key)), f'key = "{stranger.public[:60]}'),
        (("V1", *named, "--key", str(key_called("old", "ecdsa"))), "only an Ed25519 key"),
        (("V1", *named, "--key", "none"), "cannot sign"),
        (("V99", *named, "--key", str(LEADS[0].key)), "neither an item"),
        (("V1", "--by", 'a"b', "--role", "b", "--key", str(LEADS[0].key)), "--by: write it in letters"),
    ):
        ran = run(tmp_path, "pack", "sign", "second", *words, settings={"COLUMNS": "300"})
        assert (ran.status, said in ran.err) == (2, True), ran.err

    assert (folder / "instrument.toml").read_bytes() == before


def _earlier() -> bytes:
    text = second_board.files()["instrument.toml"].decode()
    line = next(line for line in text.splitlines() if line.startswith('"names"'))
    return text.replace(line + "\n", "").replace('"verified" = false', '"verified" = true').encode()
