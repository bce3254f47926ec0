"""Asking the server for a copy of the database that it has open, from another process.

A request is a small file in a folder beside the database, that only its owner can enter; the server looks
there every second, and puts its answer beside it. No port is opened. A server that was killed leaves nobody
waiting: its lock on the database is gone then, and who asked sees that.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from crmplus.domain.errors import CrmError, Refused
from crmplus.domain.message import Message, say
from crmplus.keeping.disk import write_whole

_NOTICED_WITHIN = 15.0
"""Seconds in which a server that makes copies takes up a request."""
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Request:
    """`kind` is what is wanted, `target` where it is to go."""

    kind: str
    target: str


def is_in_use(database: Path) -> bool:
    """Whether another process has the database open; never to be asked by one that has it itself."""
    with database.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def ask(
    folder: Path, database: Path, request: Request, noticed_within: float = _NOTICED_WITHIN
) -> dict[str, Any]:
    """Have the server do it, and wait until it is done; its answer. Raises: Refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    name = uuid4().hex
    asked, answer = folder / f"{name}.ask", folder / f"{name}.answer"
    write_whole(asked, json.dumps({"kind": request.kind, "target": request.target}))
    try:
        patience = time.monotonic() + noticed_within
        while not answer.exists():
            if asked.exists() and time.monotonic() > patience:
                raise Refused(
                    say(
                        "The database {path} is in use by a program that does not answer. If it is not "
                        "CRM+, close it; if it is, stop it and try again.",
                        path=str(database),
                    )
                )
            if not asked.exists() and not is_in_use(database) and not answer.exists():
                raise Refused(say("The server stopped before it was done. Try again."))
            time.sleep(_PAUSE)
        return _read_answer(answer)
    finally:
        for each in (asked, answer, folder / f"{name}.taken"):
            each.unlink(missing_ok=True)


def _read_answer(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if refused := said.get("refused"):
        raise Refused(Message(refused["text"], refused["values"]))
    return said


def answer_requests(folder: Path, do: Callable[[Request], dict[str, Any]]) -> None:
    """Do what was asked since the last look, and say how it went. Requests of other users are not heard.

    Raises: OSError.
    """
    if not folder.exists():
        return
    for asked in sorted(folder.glob("*.ask")):
        if asked.stat().st_uid not in (os.getuid(), 0):
            continue
        taken = asked.with_suffix(".taken")
        asked.rename(taken)
        write_whole(asked.with_suffix(".answer"), json.dumps(_answer(taken, do), default=str))


def _answer(taken: Path, do: Callable[[Request], dict[str, Any]]) -> dict[str, Any]:
    try:
        said = json.loads(taken.read_text(encoding="utf-8"))
        return do(Request(str(said["kind"]), str(said["target"])))
    except CrmError as error:
        return {"refused": {"text": error.message.text, "values": dict(error.message.values)}}
    except (ValueError, KeyError, TypeError):
        return {
            "refused": {
                "text": say("The server does not understand what it was asked for.").text,
                "values": {},
            }
        }
