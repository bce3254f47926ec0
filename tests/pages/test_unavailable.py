"""A database that can't be used any more, under open pages: a sentence, and they go on when it is over."""

import shutil
from pathlib import Path

import pytest

from crmplus.store.database import the_database
from tests.pages.conftest import UseFile
from tests.pages.visit import seen


@pytest.mark.parametrize("page", ["leads", "customers", "funnel", "people", ""])
def test_a_page_says_that_the_program_is_being_stopped(
    use_file: UseFile, starter_file: Path, tmp_path: Path, page: str
) -> None:
    visit = use_file(Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb")))
    visit(page)
    the_database().close()
    the_database().data_version += 1
    at = visit(page)
    assert not at.exception
    assert "CRM+ is being stopped." in seen(at)


def test_a_page_says_what_is_wrong_with_the_file_and_is_there_again_when_it_is(
    use_file: UseFile, starter_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    visit = use_file(path)
    visit("leads")
    the_database()._engine.give_up()
    the_database().data_version += 1
    aside = path.rename(tmp_path / "aside")
    path.write_bytes(b"no database" * 1000)
    at = visit("leads")
    assert not at.exception
    assert "is damaged, or is not a CRM+ database" in seen(at)

    aside.rename(path)
    at = visit("leads")
    assert not at.exception and not at.error
    assert "Leads" in seen(at)
