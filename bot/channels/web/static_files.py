"""The stylesheets and scripts of the pages, read once. A page names each with a hash of its content, so that browsers store it."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import dialogs
from dialogs.core.script import read_wording

FOLDER = Path(__file__).parent / "static"
WORDING = Path(dialogs.__file__).parent / "wording" / "en.toml"
KINDS = {"s.css": "text/css", "s.js": "text/javascript", "screen.css": "text/css", "screen.js": "text/javascript"}


class StaticFile(NamedTuple):
    """A file: its content, its media type, and the hash of its content (`mark`)."""

    body: bytes
    kind: str
    mark: str

    @classmethod
    def read(cls, name: str, kind: str) -> "StaticFile":
        """Return the file with this name. In a script, `@key` stands for the sentence `script.key` of the wording file."""
        text = (FOLDER / name).read_text(encoding="utf-8")
        if kind == "text/css":  # without comments and most spaces, since a slow line loads it before the first page
            text = re.sub(r"\s*([{};,>]|\s)\s*", r"\1", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
        if kind == "text/javascript":
            texts = read_wording(WORDING.read_bytes()).texts
            keys = sorted((key for key in texts if key.startswith("script.")), key=len, reverse=True)
            for key in keys:
                text = text.replace(f"@{key.removeprefix('script.')}", json.dumps(texts[key], ensure_ascii=False)[1:-1])
        body = text.encode()
        return cls(body, kind, hashlib.sha256(body).hexdigest()[:12])


STATIC: Mapping[str, StaticFile] = {name: StaticFile.read(name, kind) for name, kind in KINDS.items()}
