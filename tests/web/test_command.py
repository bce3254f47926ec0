"""`python -m crmplus sign-in-link`: the administrator who is locked out, beside the stopped server."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest

from crmplus.command import main
from crmplus.domain.actor import Role
from crmplus.services.invitations import accept_invitation, find_invitation
from crmplus.services.passwords import check_password
from crmplus.store import database as store
from crmplus.store.database import Database, the_database
from tests.services.at_the_door import events, somebody
from tests.world import NOW, everything

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = "a pale blue dot, seen from afar"


@pytest.fixture
def path(starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database with the Boss, who signs in, and Ann, who sells."""
    copy = Path(shutil.copy(starter_file, tmp_path / "crm.duckdb"))
    made = Database.open(copy)
    somebody(made, "Boss", Role.ADMIN, password=True)
    somebody(made, "Ann")
    made.close()
    monkeypatch.setenv("CRMPLUS_DATABASE", str(copy))
    monkeypatch.delenv("CRMPLUS_URL", raising=False)
    yield copy
    for opened in store._opened.values():
        opened.close()
    store._opened.clear()


def token_of(output: str) -> str:
    (link,) = re.findall(r"^http\S+/invitation\?token=(\S+)$", output, re.MULTILINE)
    return unquote(link)


def test_it_prints_a_link_by_which_the_administrator_comes_in(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sign-in-link", "boss@example.com"]) == 0
    said = capsys.readouterr().out
    assert "By this link Boss chooses a password. It works once, until 20" in said
    assert "http://localhost:8501/invitation?token=" in said
    database = the_database()
    token = token_of(said)
    found = find_invitation(database, token, NOW)
    assert found is not None and found.person.name == "Boss"
    accept_invitation(database, token, CHOSEN, NOW)
    assert check_password(database, "boss@example.com", CHOSEN, NOW) is not None
    assert ("reset_link_made", "admin", "Boss") in events(database)


def test_the_link_leads_where_people_find_the_server(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMPLUS_URL", "https://crm.example.com/")
    assert main(["sign-in-link", "boss@example.com"]) == 0
    assert "https://crm.example.com/invitation?token=" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("email", "why"),
    [
        ("ann@example.com", "Ann is no administrator."),
        ("nobody@example.com", "Nobody in use has the address nobody@example.com."),
        ("", "Nobody in use has the address"),
    ],
)
def test_a_refusal_is_one_sentence_and_writes_nothing(
    path: Path, capsys: pytest.CaptureFixture[str], email: str, why: str
) -> None:
    before = everything(the_database())
    assert main(["sign-in-link", email]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(why)
    assert said.err.count("\n") == 1
    assert everything(the_database()) == before


def test_a_database_in_use_is_said_to_be(path: Path) -> None:
    """In a process of its own, as beside a server that runs."""
    held = duckdb.connect(str(path))
    try:
        done = _run(path)
    finally:
        held.close()
    assert done.returncode == 1
    assert f"The database {path} is in use by another program. Close that one first." in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_database_none_is_made(tmp_path: Path) -> None:
    done = _run(tmp_path / "nowhere.duckdb")
    assert done.returncode == 1
    assert "There is no database" in done.stderr
    assert list(tmp_path.iterdir()) == []


def _run(path: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "crmplus", "sign-in-link", "boss@example.com"]
    environment = os.environ | {"CRMPLUS_DATABASE": str(path)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
