"""The log says what happened, on one line each, and nothing that anybody typed."""

import ast
import json
import logging
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from crmplus.domain.errors import StorageFailed
from crmplus.logs import JsonLines, TextLines
from crmplus.store.failures import Deed, disk_failures_are_said
from tests.sources import modules, tree_of

ROOT = Path(__file__).resolve().parents[1]
MARKER = "Zwaluwstaart"
"""A customer's name, wherever it comes from."""


def record(
    name: str = "crmplus.ui.shell", msg: str = "said", *args: object, **extra: object
) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, msg, args, None)
    made.__dict__.update(extra)
    return made


def failed(action: str, *values: object) -> logging.LogRecord:
    """What is logged once some Python or SQL has failed over a name."""
    try:
        try:
            exec(action, {"MARKER": MARKER, "duckdb": duckdb})
        except Exception as error:
            raise RuntimeError(f"{MARKER} could not be saved") from error
    except RuntimeError as error:
        return record(
            msg="unexpected error", exc_info=(type(error), error, error.__traceback__), reference="7F3A"
        )
    raise AssertionError("nothing failed")


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()], ids=["text", "json"])
@pytest.mark.parametrize(
    "action",
    [
        "int(MARKER)",
        "{}[MARKER]",
        "open('/' + MARKER)",
        "duckdb.sql(f\"SELECT '{MARKER}'::INTEGER\").fetchall()",
        "duckdb.sql(f'SELECT {MARKER}')",
        "exec('x = \"' + MARKER + '\" 1')",
        "raise ExceptionGroup(MARKER, [ValueError(MARKER)])",
    ],
)
def test_an_error_is_logged_without_its_words(lines: logging.Formatter, action: str) -> None:
    written = lines.format(failed(action))
    assert MARKER not in written
    assert "RuntimeError" in written
    assert "7F3A" in written
    assert f"{__file__}:" in written, "the places it went through"


def test_text_goes_on_to_say_traceback() -> None:
    """It is what the browser tests look for."""
    assert "\nTraceback " in TextLines().format(failed("int(MARKER)"))


def test_an_error_that_led_to_another_comes_first() -> None:
    errors = json.loads(JsonLines().format(failed("int(MARKER)")))["errors"]
    assert [error["type"] for error in errors] == ["ValueError", "RuntimeError"]


@pytest.mark.parametrize(
    "name, msg, args",
    [
        (
            "uvicorn.error",
            '%s - "WebSocket %s" [accepted]',
            ("10.0.0.7:5", f"/_stcore/stream?search={MARKER}"),
        ),
        ("streamlit.runtime", "Value %(value)s is wrong", ({"value": MARKER},)),
        ("asyncio", f"Task exception was never retrieved\nfuture: ValueError('{MARKER}')", ()),
        ("asyncio", f"Exception in callback save('{MARKER}')", ()),
        ("library", "at %d", (MARKER,)),
    ],
)
def test_what_a_library_says_is_kept_without_its_values(
    name: str, msg: str, args: tuple[object, ...]
) -> None:
    written = JsonLines().format(record(name, msg, *args))
    assert MARKER not in written
    assert "10.0.0.7" not in written


def test_the_numbers_in_what_a_library_says_are_kept() -> None:
    written = json.loads(JsonLines().format(record("uvicorn.error", "Listening on %s:%d", "host", 8501)))
    assert written["event"] == "Listening on …:8501"


def test_an_error_among_the_values_is_named_by_its_type() -> None:
    event = json.loads(JsonLines().format(record("crmplus.store", "no: %s", ValueError(MARKER))))["event"]
    assert event == "no: ValueError"


@pytest.mark.parametrize("deed", Deed)
def test_of_what_the_engine_says_when_the_storage_fails_its_words_are_left_out(
    deed: Deed, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StorageFailed), disk_failures_are_said(deed):
        raise duckdb.FatalException(
            f'FATAL Error: Duplicate key "name: {MARKER}" violates a constraint: No space left on device'
        )
    assert MARKER not in caplog.text
    (written,) = caplog.records
    assert (
        JsonLines()
        .format(written)
        .endswith(f'"the storage failed while {deed.value}: FatalException (no space left)"}}')
    )


def test_only_known_fields_are_written() -> None:
    written = json.loads(JsonLines().format(record(reference="7F3A", duration_ms=12, customer=MARKER)))
    assert written["reference"] == "7F3A"
    assert written["duration_ms"] == 12
    assert "customer" not in written


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()], ids=["text", "json"])
def test_a_line_break_does_not_begin_another_event(lines: logging.Formatter) -> None:
    assert "\n" not in lines.format(record("crmplus", "one\n%s", "two\nthree", path="/a"))


SCRIPT = f"""
import logging, sys, threading, warnings
import streamlit
from streamlit.logger import get_logger
before = get_logger("streamlit.before")
from crmplus.ui.server_log import set_up_log
set_up_log(sys.argv[1]); set_up_log(sys.argv[1])
before.warning("kept %s", "{MARKER}")
get_logger("streamlit.after").warning("kept %s", "{MARKER}")
logging.getLogger("crmplus.x").info("ours")
warnings.warn("{MARKER}", stacklevel=1)
thread = threading.Thread(target=lambda: int("{MARKER}"))
thread.start(); thread.join()
raise ValueError("{MARKER}")
"""


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_process_writes_one_log_whoever_speaks(kind: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, kind],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 1
    assert MARKER not in ran.stdout + ran.stderr
    if kind == "json":
        events = [json.loads(line)["event"] for line in ran.stderr.splitlines()]
        assert events[:3] == ["kept …", "kept …", "ours"]
        assert events[3].startswith("UserWarning at ")
        assert events[4:] == ["uncaught error in a thread", "uncaught error"]
    else:
        assert [line for line in ran.stderr.splitlines() if "kept" in line][1:], "both, each once"


@pytest.mark.parametrize("path", modules("app.py", "pages", "crmplus"), ids=str)
def test_a_sentence_of_the_log_is_a_literal(path: Path) -> None:
    """Built from values it could hold any; values come as arguments, which a reader of the code can judge."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
            sentence = node.args[0]
            literal = isinstance(sentence, ast.Constant) and isinstance(sentence.value, str)
            assert literal or ast.unparse(sentence) in ("REFUSED", "event"), ast.unparse(node)
