"""Whether a file can be imported at all, the way it was decided: asked before its rows are."""

from collections import Counter
from collections.abc import Collection, Iterator

from crmplus.domain.errors import Refused
from crmplus.domain.message import Message, say
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.meanings import Settings
from crmplus.exchange.proposal import NO_FUNNEL, possible_types

_NAMING = {"customer_name", "contact", "contact_last_name"}
"""Fields of which one is enough to say who the customer is."""


def lacks(mapping: ImportMapping, settings: Settings, names: Collection[str]) -> tuple[Message, ...]:
    """Why no row of a file with the columns `names` could be imported so; empty where some could."""
    return (*_of_columns(mapping, names), *_of_account_type(mapping, settings))


def _of_columns(mapping: ImportMapping, names: Collection[str]) -> Iterator[Message]:
    fields = Counter(mapping.columns.values())
    missing = [name for name in mapping.columns if name not in names]
    if missing:
        yield say("The file has no column {column}. Choose what its columns are.", column=missing[0])
    if any(count > 1 for count in fields.values()):
        yield say("Two columns are the same. Leave one of them out, or choose what else it is.")
    if not fields.keys() & _NAMING and not mapping.placeholder_customer:
        yield say("No column holds the customer's name. Choose which one does.")
    if mapping.kind is Kind.HISTORY and not fields.keys() >= {"lead_id", "phase"}:
        yield say(
            "A history needs a column with the lead's key, its id in the other system, and one with its "
            "phase."
        )


def _of_account_type(mapping: ImportMapping, settings: Settings) -> Iterator[Message]:
    """What keeps leads from travelling through the funnel of the account type."""
    if mapping.kind is Kind.CUSTOMERS:
        return
    if not possible_types(settings, mapping.kind):
        yield NO_FUNNEL
        return
    try:
        account_type = settings.account_type(mapping.account_type)
        if account_type.uses_phases:
            settings.funnel(account_type.id).require_ready()
            return
    except Refused as error:
        yield error.message
        return
    yield say(
        "{account_type} has no funnel for leads. Choose another account type.",
        account_type=account_type.description,
    )
