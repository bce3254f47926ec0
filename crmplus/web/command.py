"""The command sign-in-link: a way in for the administrator who is locked out, beside the stopped server.

Whoever may run it can read the database file, so it lets nobody in who was not in already.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import quote

from crmplus.configuration import Configuration
from crmplus.domain.errors import CrmError, NotFound
from crmplus.domain.message import say
from crmplus.services.invitations import rescue_link
from crmplus.store.database import database_path, the_database

_DONE, _REFUSED = 0, 1
_HERE = "http://localhost:8501"
"""Where the server is found by default."""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add that of this room; the `run` of its arguments returns the exit code."""
    rescuing = commands.add_parser(
        "sign-in-link", help="print a link by which a locked-out administrator chooses a password"
    )
    rescuing.add_argument("email", metavar="EMAIL", help="the address that the administrator signs in with")
    rescuing.set_defaults(run=_sign_in_link)


def _sign_in_link(asked: argparse.Namespace) -> int:
    try:
        path = database_path()
        if not path.exists():
            raise NotFound(say("There is no database {path}.", path=str(path)))
        token, link = rescue_link(the_database(), asked.email, datetime.now(UTC))
    except CrmError as error:
        _say(str(error.message), sys.stderr)
        return _REFUSED
    address = Configuration.of(os.environ).url.rstrip("/") or _HERE
    until = f"{link.ends_at_utc:%Y-%m-%d %H:%M} UTC"
    _say(f"By this link {link.person.name} chooses a password. It works once, until {until}:", sys.stdout)
    _say(f"{address}/invitation?token={quote(token)}", sys.stdout)
    return _DONE


def _say(sentence: str, where: TextIO) -> None:
    where.write(f"{sentence}\n")
