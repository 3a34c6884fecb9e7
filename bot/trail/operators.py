"""What the audit calls somebody who works at the command line: an operator, with the name of the settings or of their account."""

import os
import pwd
import re

from bot.runtime.settings import LocalSettings
from bot.trail.audit import OPERATOR

LONGEST = 32
"""Signs of a name that are kept."""


def operator_of(settings: LocalSettings) -> str:
    """Return the operator's name in the audit, such as “operator anna”. It never looks like the random id of a person."""
    return f"{OPERATOR} {re.sub(r'[^A-Za-z0-9._-]', '_', settings.operator or _account())[:LONGEST]}"


def _account() -> str:
    """Return who logged in, also behind `sudo -u`; without a terminal the account that runs this."""
    try:
        return os.getlogin()
    except OSError:
        pass
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's number without a name
        return str(os.getuid())
