"""Asking the server for a copy of the database that it has open, from another process.

A request is a small file in a folder beside the database, that only its owner can enter; the server looks
there every second, and puts its answer beside it. No port is opened. A server that was killed leaves nobody
waiting: its lock on the database is gone then, and who asked sees that; if it was started again, it says so.
"""

import fcntl
import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from crmplus.domain.errors import CrmError, Refused
from crmplus.domain.message import Message, say
from crmplus.keeping.disk import hand_over, write_whole

log = logging.getLogger(__name__)

_NOTICED_WITHIN = 15.0
"""Seconds in which a server that makes copies takes up a request."""
_DONE_WITHIN = 3600.0
"""Seconds after which nobody waits any longer for what a server has taken up."""
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
    folder: Path,
    database: Path,
    request: Request,
    noticed_within: float = _NOTICED_WITHIN,
    done_within: float = _DONE_WITHIN,
) -> dict[str, Any]:
    """Have the server do it, and wait until it is done; its answer. Raises: Refused, OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    hand_over(folder, database)
    name = uuid4().hex
    asked, answer = folder / f"{name}.ask", folder / f"{name}.answer"
    write_whole(asked, json.dumps({"kind": request.kind, "target": request.target}), database)
    begun = time.monotonic()
    try:
        while not answer.exists():
            waited = time.monotonic() - begun
            if asked.exists():
                _require_patience(waited < noticed_within, database)
            elif not is_in_use(database) and not answer.exists():
                raise Refused(_stopped())
            elif waited > done_within:
                raise Refused(
                    say(
                        "The server took up what it was asked for {minutes} minutes ago, and has not said "
                        "that it is done. Its log says what became of it.",
                        minutes=int(waited // 60),
                    )
                )
            time.sleep(_PAUSE)
        return _read_answer(answer)
    finally:
        for each in (asked, answer, folder / f"{name}.taken"):
            each.unlink(missing_ok=True)


def _require_patience(is_left: bool, database: Path) -> None:
    """Raises: Refused."""
    if not is_left:
        raise Refused(
            say(
                "The database {path} is in use by a program that does not answer. If it is not "
                "CRM+, close it; if it is, stop it and try again.",
                path=str(database),
            )
        )


def _stopped() -> Message:
    return say("The server stopped before it was done. Try again.")


def _read_answer(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if refused := said.get("refused"):
        raise Refused(Message(refused["text"], refused["values"]))
    return said


def answer_requests(folder: Path, database: Path, do: Callable[[Request], dict[str, Any]]) -> None:
    """Do what was asked since the last look, and say how it went.

    Only this user, root and who has the database are heard. Raises: OSError, where no answer can be written.
    """
    if not folder.exists():
        return
    for taken in folder.glob("*.taken"):  # by a server that was killed over it
        _put_answer(taken, _refused(_stopped()))
    for asked in sorted(folder.glob("*.ask")):
        with suppress(FileNotFoundError):  # withdrawn meanwhile
            if asked.stat().st_uid in (os.getuid(), 0, database.stat().st_uid):
                taken = asked.rename(asked.with_suffix(".taken"))
                _put_answer(taken, _answer(taken, do))


def _put_answer(taken: Path, answer: dict[str, Any]) -> None:
    write_whole(taken.with_suffix(".answer"), json.dumps(answer, default=str))
    taken.unlink(missing_ok=True)


def _answer(taken: Path, do: Callable[[Request], dict[str, Any]]) -> dict[str, Any]:
    try:
        text = taken.read_text(encoding="utf-8")
    except OSError as error:
        log.error("a request of another process can't be read: %s", error)
        return _refused(
            say(
                "The server can't read what it was asked for. Run the command as the user that the server "
                "runs as."
            )
        )
    try:
        said = json.loads(text)
        return do(Request(str(said["kind"]), str(said["target"])))
    except CrmError as error:
        return _refused(error.message)
    except (ValueError, KeyError, TypeError):
        return _refused(say("The server does not understand what it was asked for."))
    except Exception:
        log.exception("what another process asked for was not done")
        return _refused(say("The server failed at what it was asked for. Its log says why."))


def _refused(message: Message) -> dict[str, Any]:
    return {"refused": {"text": message.text, "values": dict(message.values)}}
