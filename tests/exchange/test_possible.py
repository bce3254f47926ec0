"""Whether a file can be imported at all: the browser shows all that is lacking, a check the first of it."""

from datetime import UTC, datetime

import pytest

from crmplus.domain.sight import EVERYTHING
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.meanings import Settings
from crmplus.exchange.possible import lacks
from crmplus.services.account_types import archive_account_type
from crmplus.store.database import Database
from tests.world import ADMIN, account_type

NAMED = {"Name": "customer_name", "Deal": "title"}


def lacking(database: Database, mapping: ImportMapping, names: list[str] | None = None) -> list[str]:
    """The sentences, for a file with the columns of the mapping unless `names` are others."""
    with database.read(EVERYTHING) as connection:
        settings = Settings.load(connection)
    return [str(message) for message in lacks(mapping, settings, names or list(mapping.columns))]


@pytest.mark.parametrize(
    ("mapping", "sentences"),
    [
        (ImportMapping(Kind.LEADS, NAMED, "LEAD"), []),
        (ImportMapping(Kind.CUSTOMERS, {"A": "contact"}, "CUSTOMER"), []),
        (ImportMapping(Kind.LEADS, {"A": "title"}, "LEAD", placeholder_customer="Nobody"), []),
        (
            ImportMapping(Kind.LEADS, {"A": "title", "B": "title"}, "LEAD"),
            ["Two columns are the same.", "No column holds the customer's name."],
        ),
        (
            ImportMapping(Kind.HISTORY, {"A": "lead_id"}, "NONE"),
            [
                "No column holds the customer's name.",
                "A history needs a column",
                "There is no account type NONE.",
            ],
        ),
        (ImportMapping(Kind.LEADS, NAMED, "CUSTOMER"), ["Customer has no funnel for leads."]),
    ],
)
def test_everything_that_is_lacking_is_said_at_once(
    database: Database, mapping: ImportMapping, sentences: list[str]
) -> None:
    found = lacking(database, mapping)
    assert len(found) == len(sentences), found
    assert all(whole.startswith(begin) for whole, begin in zip(found, sentences, strict=True)), found


def test_a_column_that_the_file_lacks_is_named(database: Database) -> None:
    mapping = ImportMapping(Kind.LEADS, NAMED, "LEAD")
    found = lacking(database, mapping, ["Name", "Title"])
    assert found == ["The file has no column Deal. Choose what its columns are."]


def test_leads_without_any_funnel_are_told_so_and_customers_need_none(database: Database) -> None:
    for code in ("LEAD", "PROSPECT"):
        row = account_type(database, code)
        archive_account_type(database, ADMIN, row.id, row.version, datetime.now(UTC))
    assert lacking(database, ImportMapping(Kind.CUSTOMERS, NAMED, "CUSTOMER")) == []
    found = lacking(database, ImportMapping(Kind.LEADS, NAMED, "CUSTOMER"))
    assert found == ["Leads need a funnel, and no account type has one that is ready."]
