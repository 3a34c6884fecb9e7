"""The file of settings, read word for word: no `${…}` in it stands for anything else, and no pipe or endless file is read."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from pydantic_settings import DotEnvSettingsSource
from pydantic_settings.sources.utils import parse_env_vars

from bot.runtime.at_most import read_at_most

MAX_BYTES = 64_000
"""The largest file of settings, in bytes."""


class WordForWord(DotEnvSettingsSource):
    """Settings from a file as they are written there. `OSError` where it is no plain file, or longer than any is."""

    def _read_env_file(self, file_path: Path) -> Mapping[str, str | None]:
        content = read_at_most(file_path, MAX_BYTES)
        if len(content) > MAX_BYTES:
            raise OSError("too long")
        found = dotenv_values(stream=StringIO(content.decode("utf-8")), interpolate=False)
        return parse_env_vars(found, self.case_sensitive, self.env_ignore_empty, self.env_parse_none_str)
