"""Sessions with the program: the whole script is run, only the browser is missing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from crmplus.store import database as store
from tests.pages.visit import Visit
from tests.small_world import make_small_world

UseFile = Callable[[Path], Visit]


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing remembered from the test before: no cache, no open database.

    AppTest makes each run the first of a process, in which a page runs without app.py and loses
    the click that asked for it; here it is one of those that follow. tests/browser has the first.
    """
    make = PagesManager.__init__

    def make_warm(self: PagesManager, *args: object, **kwargs: object) -> None:
        make(self, *args, **kwargs)  # type: ignore[arg-type]
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", make_warm)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    for opened in store._opened.values():
        opened.close()
    store._opened.clear()


@pytest.fixture
def use_file(monkeypatch: pytest.MonkeyPatch) -> UseFile:
    def use(path: Path) -> Visit:
        monkeypatch.setenv("CRMPLUS_DATABASE", str(path))
        return Visit()

    return use


@pytest.fixture
def first_start(use_file: UseFile, tmp_path: Path) -> Visit:
    """No database yet."""
    return use_file(tmp_path / "new.duckdb")


@pytest.fixture
def empty(use_file: UseFile, starter_file: Path, tmp_path: Path) -> Visit:
    """A workspace as the starter makes it: no customers, no people."""
    return use_file(Path(shutil.copy(starter_file, tmp_path / "empty.duckdb")))


@pytest.fixture
def small(use_file: UseFile, small_file: Path, tmp_path: Path) -> Visit:
    return use_file(Path(shutil.copy(small_file, tmp_path / "small.duckdb")))


@pytest.fixture
def broken(use_file: UseFile, tmp_path: Path) -> Visit:
    """The database is to be in a folder that is a file."""
    (tmp_path / "file").write_text("not a folder")
    return use_file(tmp_path / "file" / "crmplus.duckdb")


@pytest.fixture(scope="session")
def small_file(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("small") / "small.duckdb"))
    make_small_world(path)
    return path
