"""The log: one event a line, as text or as JSON, and nothing in it that somebody typed.

What CRM+ says is written for that. What libraries say, and what errors say of themselves, was not: of a
library's sentence only the numbers among its values are kept, of an error its type and the places it went
through. Of further values only those of `FIELDS` are written.
"""

import json
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

FIELDS = ("reference", "kind", "method", "path", "status", "duration_ms")
"""What an event may carry beside its sentence; `duration_ms` in milliseconds."""

REFUSED = "refused"
"""The event of a rule that said no, whose kind is that of domain/errors.py."""

_OWN = "crmplus"
_ELIDED = "…"
_FIRST_VALUE = re.compile(r"[\n'\"<({\[=]")

log = logging.getLogger(__name__)


def set_up(kind: str) -> None:
    """Have everything that is logged in this process written to standard error, as `text` or `json`."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if kind == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [each for each in root.handlers if not isinstance(each, logging.StreamHandler)]
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in list(root.manager.loggerDict):
        to_root(logging.getLogger(name))
    logging.getLogger("uvicorn.access").disabled = True  # it tells addresses; web/observed.py tells the rest
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    warnings.showwarning = _warned


def to_root(logger: logging.Logger) -> None:
    """Have a logger that writes by itself leave that to the root."""
    logger.handlers.clear()
    logger.propagate = True


class TextLines(logging.Formatter):
    """For people: time, level, event and fields in a line, errors on lines of their own."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        lines = [f"{_time(record)} {record.levelname} {record.name}: {_event(record)}{fields}"]
        for error in _errors(record):
            lines += ["Traceback (most recent call last):", *(f"  {place}" for place in _places(error))]
            lines.append(_type(error))
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """For machines: an object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
            **_fields(record),
        }
        if errors := [{"type": _type(error), "places": _places(error)} for error in _errors(record)]:
            said["errors"] = errors
        return json.dumps(said, ensure_ascii=False, default=type)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _event(record: logging.LogRecord) -> str:
    """The sentence, on one line."""
    text = record.msg if isinstance(record.msg, str) else _ELIDED
    is_own = record.name.split(".")[0] == _OWN
    if not record.args:
        return " ".join((text if is_own else _FIRST_VALUE.split(text, maxsplit=1)[0]).split())
    keep = _own_value if is_own else _number
    args = record.args
    try:
        filled = text % (
            {name: keep(value) for name, value in args.items()}
            if isinstance(args, dict)
            else tuple(keep(value) for value in args)
        )
    except (TypeError, ValueError, KeyError):  # a conversion that wants another value than an ellipsis
        filled = text
    return " ".join(filled.split())


def _own_value(value: object) -> object:
    return _type(value) if isinstance(value, BaseException) else value


def _number(value: object) -> object:
    return value if isinstance(value, int | float) else _ELIDED


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}


def _errors(record: logging.LogRecord) -> Iterator[BaseException]:
    """The error of a record after those that led to it."""
    error = record.exc_info[1] if record.exc_info else None
    chain: list[BaseException] = []
    while error and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return reversed(chain)


def _type(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(error: BaseException) -> list[str]:
    return [
        f"{frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.StackSummary.extract(
            traceback.walk_tb(error.__traceback__), lookup_lines=False
        )
    ]


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("uncaught error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value and not isinstance(args.exc_value, SystemExit):
        log.error("uncaught error in a thread", exc_info=args.exc_value)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    log.warning("%s at %s:%d", category.__name__, filename, lineno)


def log_refusal(error: Exception) -> None:
    """That something was refused, by its kind."""
    log.info(REFUSED, extra={"kind": type(error).__name__})
