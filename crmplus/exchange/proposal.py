"""The first proposal for a file: what its columns and names mean, where nobody has decided anything yet."""

from collections.abc import Mapping, Sequence
from itertools import islice

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.message import say
from crmplus.exchange.columns import guess_kind, match_columns
from crmplus.exchange.fields import FIELDS, Kind
from crmplus.exchange.lines import headers, read_lines
from crmplus.exchange.mapping import Choice, CustomerKey, ImportMapping
from crmplus.exchange.meanings import Settings
from crmplus.exchange.names import collect_names, guess_meaning
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source
from crmplus.store.database import Database

_LINES_LOOKED_AT = 200
_OF_PEOPLE = {"contact_first_name", "contact_last_name"}
_SAID_OF_PEOPLE = {"lead_id", "phase", "status", "opened_at", "phase_entered_at", "note"}
"""What lists of people say of them in the words of leads."""


def propose_mapping(
    database: Database, actor: Actor, source: Source, reading: Reading, placeholder: str = ""
) -> ImportMapping:
    """What columns and names most likely mean. Raises: NotPermitted, Unreadable, Refused."""
    actor.require(Permission.CONFIGURE)
    names = headers(source, reading)
    rows = [line.values for line in islice(read_lines(source, reading), _LINES_LOOKED_AT)]
    samples = {
        place: [row[place] for row in rows if place < len(row) and row[place]] for place in range(len(names))
    }
    columns = _of_one_kind({names[place]: key for place, key in match_columns(names, samples).items()})
    keys = set(columns.values())
    ids = samples[list(names).index(_column(columns, "lead_id"))] if "lead_id" in keys else []
    kind = guess_kind(keys, lead_ids_repeat=len(set(ids)) < len(ids))
    with database.read() as connection:
        settings = Settings.load(connection)
    account_type = _account_type(settings, kind)
    found = collect_names(source, reading, names, columns)
    return ImportMapping(
        kind=kind,
        columns=columns,
        account_type=account_type,
        customer_key=_customer_key(keys),
        source=_column(columns, "lead_id") or _column(columns, "customer_id"),
        placeholder_customer=placeholder,
        starts_leads=kind is Kind.CUSTOMERS,
        values=_meanings(found, settings, account_type, keys),
        reading=reading,
    )


def _meanings(
    found: Mapping[str, Mapping[str, int]], settings: Settings, account_type: str, keys: set[str]
) -> dict[str, dict[str, Choice]]:
    return {
        key: {text: guess_meaning(key, text, settings, account_type, keys) for text in texts}
        for key, texts in found.items()
    }


def _of_one_kind(columns: dict[str, str]) -> dict[str, str]:
    """Without the fields of leads where there are none: a bank's closing date, a person's lead status."""
    keys = set(columns.values())
    of_leads = {key for key in keys if FIELDS[key].is_of_lead}
    is_alone = len(of_leads) == 1 and "customer_name" not in keys
    if not is_alone and not (keys >= _OF_PEOPLE and of_leads <= _SAID_OF_PEOPLE):
        return columns
    if "customer_id" not in keys:
        columns = {name: "customer_id" if key == "lead_id" else key for name, key in columns.items()}
    return {name: key for name, key in columns.items() if not FIELDS[key].is_of_lead}


def _column(columns: Mapping[str, str], key: str) -> str:
    return next((name for name, found in columns.items() if found == key), "")


def _customer_key(keys: set[str]) -> CustomerKey:
    if "customer_id" in keys:
        return CustomerKey.EXTERNAL_ID
    return CustomerKey.NUMBER if "customer_number" in keys else CustomerKey.NAME


def _account_type(settings: Settings, kind: Kind) -> str:
    """The default one; of leads, one whose funnel is ready. Raises: Refused where there is none."""
    types: Sequence[str] = [
        row.code
        for row in sorted(settings.account_types, key=lambda row: not row.is_default)
        if kind is Kind.CUSTOMERS or (row.uses_phases and settings.funnel(row.id).is_ready)
    ]
    if not types:
        raise Refused(say("Leads need a funnel, and no account type has one that is ready."))
    return types[0]
