"""Settings from the environment or `.env`. Their descriptions also appear in the example file and the documentation."""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, PydanticBaseSettingsSource
from pydantic_settings.sources.utils import parse_env_vars

from bot.runtime.addresses import address_fault, api_address, is_address, own_address
from bot.runtime.errors import SettingsFault
from bot.runtime.files import read_at_most
from bot.runtime.packs import SHIPPED
from bot.runtime.person_id import PersonId
from bot.runtime.starting import EARLIER_KEY_FILE, ENV_FILE, PREFIX, usual_key_file
from bot.runtime.web_settings import PAIR, Serves, SignInSettings

MAX_BYTES = 64_000  # the maximum size of the settings file in bytes


class WordForWord(DotEnvSettingsSource):
    """A source of settings from a file, without interpolation. Raises `OSError` if it is not regular or too long."""

    def _read_env_file(self, file_path: Path) -> Mapping[str, str | None]:
        content = read_at_most(file_path, MAX_BYTES)
        if len(content) > MAX_BYTES:
            raise OSError("too long")
        values = dotenv_values(stream=StringIO(content.decode("utf-8")), interpolate=False)
        return parse_env_vars(values, self.case_sensitive, self.env_ignore_empty, self.env_parse_none_str)


PLAIN_WORDS = {  # the advice for each kind of pydantic error; the messages of our own validators contain advice already
    "int_parsing": "write a whole number",
    "bool_parsing": "write on or off",
    "literal_error": "or write {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be {expected}",
}
Kind = TypeVar("Kind", bound=BaseSettings)


class TeamSetting(StrEnum):
    """Whether everybody is one team, or people are put into several."""

    ONE = "one"
    SEVERAL = "several"


class PackSettings(BaseSettings):
    """The settings that every command reads: the pack, and whether notes are taken."""

    model_config = {
        "env_prefix": PREFIX,
        "env_ignore_empty": True,
        "extra": "ignore",
        "hide_input_in_errors": True,
        "dotenv_filtering": "only_existing",
    }

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources in order of precedence: arguments, the environment, the file."""
        return named["init_settings"], named["env_settings"], WordForWord(settings_cls, env_file=ENV_FILE)

    pack: Path = Field(
        SHIPPED, description="Folder of the board's pack. Default: the pack that comes with the software."
    )
    notes: bool | Literal["pages"] = Field(
        False,
        description="Whether short notes are kept: off, on, or pages, which keeps what is typed on the organisation's own pages"
        " alone, never in Telegram. First read docs/notes.md and do a DPIA.",
    )


@dataclass(frozen=True, slots=True)
class StorePlace:
    """The place of the store. `path` is its file. For a store in PostgreSQL, `address` is its address, without a password,
    and `path` the beginning of the names of the files that each copy of the bot keeps beside it. `owner` is the address
    for the role that owns the tables, if that is another role.
    """

    path: Path
    address: str = ""
    password_file: Path | None = None
    owner: str = ""

    def __str__(self) -> str:
        """Return what an operator reads: the address, or the path of the file."""
        return self.address or str(self.path)


def _state_folder() -> Path:
    return Path(os.environ.get("STATE_DIRECTORY", "var").partition(":")[0])


def _store_place(given: object, others: ValidationInfo) -> object:
    return _place(given, others.data) if isinstance(given, str | Path) else given


def _place(given: str | Path, others: Mapping[str, Any]) -> StorePlace:
    if not (isinstance(given, str) and re.match("postgres(ql)?:", given)):
        return StorePlace(Path(given))
    if wrong := address_fault(given):
        raise ValueError(wrong)
    file = others.get("store_password_file")
    if name := others.get("store_password_credential"):
        file = Path(os.environ.get("CREDENTIALS_DIRECTORY", ""), name)
    return StorePlace(others.get("state", Path("var")) / "seraf.postgresql", given, file, others.get("store_owner", ""))


def place_named(settings: "LocalSettings", given: str) -> StorePlace:
    """Return the place that SERAF_STORE would name with this text. Raise `SettingsFault` if it cannot be used."""
    # The owner of the tables in one database need not exist in another.
    others = {**dict(settings), **({"store_owner": ""} if settings.store.address else {})}
    try:
        return _place(given, others)
    except ValueError as wrong:
        raise SettingsFault(f"The place of a store {wrong}") from None


def _server_address(given: str) -> str:
    if given and (wrong := address_fault(given)):
        raise ValueError(wrong)
    return given


class LocalSettings(PackSettings):
    """The settings of commands for one SERAF: pack, keys of review codes, store, and operator named in its audit."""

    key_file: Path = Field(
        default_factory=usual_key_file,
        description="The key file, made by `seraf-bot init`. Mode 0600, and not in the folder of the store. Default:"
        f" {EARLIER_KEY_FILE} if an earlier release put it there; else seraf-bot/seraf.key in XDG_CONFIG_HOME or ~/.config.",
    )
    key_credential: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]*$",
        description="The name of a systemd credential that holds the key file (LoadCredential= in the unit), in place of"
        " SERAF_KEY_FILE.",
    )
    key_command: str = Field(
        "",
        description="A command that prints the key file, as the tools of a KMS or a TPM do, in place of SERAF_KEY_FILE. It runs"
        " without a shell.",
    )
    state: Path = Field(
        default_factory=_state_folder,
        description="Folder for what a program with a store in PostgreSQL keeps beside it. Each copy has its own. Default: the"
        " state folder that systemd gives, else var.",
    )
    store_password_file: Path | None = Field(
        None,
        description="A file with the password of the role in PostgreSQL, mode 0600, if it has one and no service file names it.",
    )
    store_password_credential: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]*$",
        description="The name of a systemd credential with that password, in place of the file.",
    )
    store_owner: Annotated[str, AfterValidator(_server_address)] = Field(
        "",
        description="The address for the role that owns the tables in PostgreSQL, if SERAF_STORE names a role that only reads and"
        " writes. It is used to upgrade the tables and to rewrite their files. A password comes from a passfile= in it.",
    )
    store: Annotated[StorePlace, NoDecode, BeforeValidator(_store_place)] = Field(
        StorePlace(Path("var/seraf.sqlite")),
        description="The database: a file, whose folder is created if needed, or an address such as"
        " postgresql://seraf@db1,db2/seraf?sslmode=verify-full. See docs/deploy/postgresql.md.",
    )
    operator: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]{0,32}$",
        description="Who works at the command line, as the audit names them: at most 32 letters, digits and . _ -"
        " Default: the name of the system account.",
    )

    @field_validator("key_command")
    @classmethod
    def _split(cls, command: str, others: ValidationInfo) -> str:
        if command and others.data.get("key_credential"):
            raise ValueError(f"{PREFIX}KEY_CREDENTIAL is set too: keep the one that has the keys")
        try:
            shlex.split(command)
        except ValueError:
            raise ValueError("a quote is not closed") from None
        return command


def _one_word(token: SecretStr | None) -> SecretStr | None:
    if token and not re.fullmatch(r"[0-9A-Za-z_-]+:[0-9A-Za-z_-]+", token.get_secret_value()):
        raise ValueError("a token has letters, digits, one colon, - and _ only: copy it again from @BotFather")
    return token


def _a_proxy(address: SecretStr | None) -> SecretStr | None:
    if address and not is_address(address.get_secret_value()):
        raise ValueError("must be the address of a proxy: its scheme, http or https, host and port")
    return address


def _certificates(path: Path | None) -> Path | None:
    import ssl  # slow to import, and rarely needed

    try:
        if path:
            ssl.create_default_context(cafile=path)
    except OSError:  # an SSLError too, if the file is not PEM
        raise ValueError("no certificates can be read from this file; it must be in PEM") from None
    return path


def _words(given: str, form: str, fault: str) -> tuple[str, ...]:
    """Return the entries between commas. Raise `ValueError` with the positions of entries that do not match `form`."""
    words = tuple(word.strip() for word in given.split(",") if word.strip())
    if wrong := ", ".join(str(place) for place, word in enumerate(words, 1) if not re.fullmatch(form, word)):
        raise ValueError(f"entry {wrong} {fault}")
    return words


def _public_keys(given: object) -> object:
    fault = "is not a public key of age: each begins with age1 (never AGE-SECRET-KEY-)"
    return _words(given, r"age1[02-9ac-hj-np-z]{20,}", fault) if isinstance(given, str) else given


def _numbers(given: object) -> object:
    fault = "is not a Telegram id: write the numbers, with commas (not @names)"
    return frozenset(map(int, _words(given, r"0*[1-9][0-9]*", fault))) if isinstance(given, str) else given


class Settings(SignInSettings, LocalSettings):
    """All settings of the bot, in Telegram and in a browser."""

    telegram_token: Annotated[SecretStr | None, AfterValidator(_one_word)] = Field(
        None, description="The bot's token, from Telegram's @BotFather. Keep it secret. `run` needs one."
    )
    telegram_api: Annotated[str, AfterValidator(api_address)] = Field(
        "https://api.telegram.org",
        description="Base address of the Bot API, without /bot and the token; also for a self-hosted Bot API server.",
    )
    https_proxy: Annotated[SecretStr | None, AfterValidator(_a_proxy)] = Field(
        None,
        validation_alias="HTTPS_PROXY",
        description="Address of the proxy to the Bot API: its scheme, http or https, host and port. NO_PROXY of the environment"
        " counts.",
    )
    ssl_cert_file: Annotated[Path | None, AfterValidator(_certificates)] = Field(
        None,
        validation_alias="SSL_CERT_FILE",
        description="File of the certificates (PEM) that are trusted in place of the system's, for a proxy that inspects"
        " connections. Whoever has its key can read the token and every card.",
    )
    admins: Annotated[frozenset[int], NoDecode, BeforeValidator(_numbers)] = Field(
        frozenset(),
        description="Telegram ids of the first administrators, with commas. Each counts until the store knows them; all others"
        " come in by `seraf-bot people invite`.",
    )
    lock_minutes: int = Field(
        10, ge=1, le=1440, description="Minutes without a tap after which a chat locks. 1 to 1440."
    )
    renew_days: int = Field(
        90, ge=1, le=400, description="Days after which a person's admission has to be renewed. 1 to 400."
    )
    notice_days: int = Field(90, ge=1, le=400, description="Days after which the notice is shown again. 1 to 400.")
    unfinished_days: int = Field(
        7, ge=1, le=400, description="Days after its last tap for which an unfinished assessment is kept. 1 to 400."
    )
    finished_days: int = Field(
        30, ge=1, le=400, description="Days after its result was first shown for which an assessment is kept. 1 to 400."
    )
    teams: TeamSetting = Field(
        TeamSetting.ONE,
        description="one: only administrators see who is let in. several: managers see and renew the people of their teams. See"
        " docs/deploy/leads.md.",
    )
    audit_months: int = Field(24, ge=1, le=120, description="Whole months for which the audit is kept. 1 to 120.")
    counts: bool = Field(
        False,
        description="Whether numbers by month are counted, of no person, case or day: on or off. Off keeps what was counted before to"
        " its term. First read docs/calibration.md.",
    )
    backup_recipients: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_public_keys)] = Field(
        (), description="Public keys (age1…) that backups are encrypted to, with commas. Empty: no backup can be made."
    )
    backup_folder: Path = Field(
        Path("var/backups"), description="Folder for backups. Copy them to another machine, apart from the key file."
    )
    watch_address: Annotated[str, AfterValidator(own_address)] = Field(
        "",
        description="Where monitors on this machine read /healthz and /metrics, such as 127.0.0.1:9464. Default: nowhere.",
    )
    watch_chat: int | None = Field(
        None,
        ge=1,
        description="Telegram id of an administrator who is sent the numbers to call, without a sound, to test delivery. See"
        " docs/deploy/watching.md.",
    )

    @property
    def bot_number(self) -> str:
        """The Telegram id of the bot, which is the start of its token, or an empty string without a token."""
        return self.telegram_token.get_secret_value().partition(":")[0] if self.telegram_token else ""

    @property
    def first_administrators(self) -> frozenset[str]:
        """The ids of the first administrators as the store writes them."""
        return frozenset(str(PersonId.on_telegram(number)) for number in self.admins)

    @property
    def are_pages_alone(self) -> bool:
        """True if people can use the bot only in a browser."""
        return self.telegram_token is None and self.web is Serves.CASES


class NumbersSettings(Settings):
    """The settings of `run --only-numbers`, which must name no keys."""

    key_file: Path = Path()

    @field_validator("key_file", "key_credential", "key_command")
    @classmethod
    def _refuse_keys(cls, named: Path | str) -> Path | str:
        if named not in ("", Path()):
            raise ValueError("must not be set for --only-numbers, which has no keys: take this line out")
        return named


def load_pack_settings() -> PackSettings:
    """Return the settings that every command reads. Raise `SettingsFault` if one is wrong."""
    return _load(PackSettings)


def load_local_settings() -> LocalSettings:
    """Return the settings of pack, notes, keys, store and operator. Raise `SettingsFault` if one is wrong."""
    return _load(LocalSettings)


def load_settings() -> Settings:
    """Return all settings. Raise `SettingsFault` with a line for each wrong setting, without its value."""
    return _load(Settings)


def load_numbers_settings() -> NumbersSettings:
    """Return the settings of `run --only-numbers`. Raise `SettingsFault` if one is wrong or names keys."""
    return _load(NumbersSettings)


def settings_and_faults() -> tuple[Settings, tuple[str, ...]]:
    """Return all settings, with a default and a line per wrong one. Raise `SettingsFault` if `.env` is unreadable."""
    try:
        return _read(Settings), ()
    except ValidationError as error:
        wrong = {str(fault["loc"][0]) for fault in error.errors(include_input=False)}
        wrong |= set(PAIR) if wrong & set(PAIR) else set()  # one of the pair is refused without the other
        fields = ((str(field.validation_alias or name), field) for name, field in Settings.model_fields.items())
        return _read(Settings, **{name: field.default for name, field in fields if name in wrong}), _faults(error)


def _load(kind: type[Kind]) -> Kind:
    try:
        return _read(kind)
    except ValidationError as error:
        raise SettingsFault("\n".join(_faults(error))) from None


def _read(kind: type[Kind], **given: Any) -> Kind:
    try:
        return kind(**given)
    except (OSError, UnicodeDecodeError):
        raise SettingsFault(
            ".env: cannot be read; check that it is a plain file of UTF-8 text, not over 64,000 bytes, and its permissions"
        ) from None


def _faults(error: ValidationError) -> tuple[str, ...]:
    """Return a line for each wrong setting, without its value."""
    lines = []
    for fault in error.errors(include_input=False):
        name = str(fault["loc"][0]) if fault["loc"] else ""
        words = PLAIN_WORDS.get(fault["type"])
        reason = words.format(**fault.get("ctx", {})) if words else fault["msg"].removeprefix("Value error, ")
        lines.append(f"{name if name in setting_names() else f'{PREFIX}{name.upper()}'}: {reason}")
    return tuple(lines)


def setting_names() -> tuple[str, ...]:
    """Return the names of all settings in order. Ours begin with `PREFIX`; those shared with other programs do not."""
    return tuple(
        str(field.validation_alias or f"{PREFIX}{name.upper()}") for name, field in Settings.model_fields.items()
    )
