"""The first proposal for a file: what its columns and names mean, where nobody has decided anything yet.

The browser asks for it part by part, as the user goes along; the command line for all of it.
"""

import re
from collections.abc import Collection, Mapping, Sequence

from crmplus.domain.account_type import AccountType
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import search_key
from crmplus.domain.errors import Refused
from crmplus.domain.message import Message, say
from crmplus.exchange.columns import guess_kind, match_columns
from crmplus.exchange.fields import FIELDS, Kind
from crmplus.exchange.guesses import is_status
from crmplus.exchange.lines import Line, preview
from crmplus.exchange.mapping import CustomerKey, ImportMapping
from crmplus.exchange.meanings import Settings
from crmplus.exchange.names import collect_names, guess_meaning
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source
from crmplus.store.database import Database

LINES_LOOKED_AT = 200
NO_FUNNEL: Message = say("Leads need a funnel, and no account type has one that is ready.")
_OF_PEOPLE = {"contact_first_name", "contact_last_name"}
_SAID_OF_PEOPLE = {"lead_id", "phase", "status", "opened_at", "phase_entered_at", "note"}
"""What lists of people say of them in the words of leads."""
_NO_NAMES = {"id", "key", "nr", "no", "no.", "uuid", "guid", "record id", "external id"}
"""What many systems call their keys."""


def propose_mapping(
    database: Database, actor: Actor, source: Source, reading: Reading, placeholder: str = ""
) -> ImportMapping:
    """What columns and names most likely mean. Raises: NotPermitted, Unreadable, Refused."""
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight()
    names, lines = preview(source, reading, LINES_LOOKED_AT)
    kind, columns = propose_columns(names, lines)
    with database.read(actor.sight) as connection:
        settings = Settings.load(connection)
    account_type = propose_account_type(settings, kind)
    if not account_type:
        raise Refused(NO_FUNNEL)
    fields = set(columns.values())
    found = collect_names(source, reading, names, columns)
    return ImportMapping(
        kind=kind,
        columns=columns,
        account_type=account_type,
        customer_key=possible_keys(fields)[0],
        source=propose_source(columns, source.name),
        placeholder_customer=placeholder,
        values={
            key: {text: guess_meaning(key, text, settings, account_type, fields) for text in texts}
            for key, texts in found.items()
        },
        reading=reading,
    )


def propose_columns(names: Sequence[str], lines: Sequence[Line]) -> tuple[Kind, dict[str, str]]:
    """What a row describes, and which columns are which fields, by their names and the first rows."""
    samples = {
        place: [line.values[place] for line in lines if place < len(line.values) and line.values[place]]
        for place in range(len(names))
    }
    matched = _with_phase(match_columns(names, samples), samples)
    columns = _of_one_kind({names[place]: key for place, key in matched.items()})
    ids = next((samples[place] for place, name in enumerate(names) if columns.get(name) == "lead_id"), [])
    return guess_kind(columns.values(), lead_ids_repeat=len(set(ids)) < len(ids)), columns


def possible_keys(fields: Collection[str]) -> list[CustomerKey]:
    """By what customers can be told apart in a file with these fields, the surest first."""
    found = {"customer_id": CustomerKey.EXTERNAL_ID, "customer_number": CustomerKey.NUMBER}
    return [*(key for field, key in found.items() if field in fields), CustomerKey.NAME]


def propose_source(columns: Mapping[str, str], file_name: str) -> str:
    """Whose keys they are, by the column that holds them: files of one system share it; empty without keys.

    Customers' keys go first, since files of leads name those too. What many systems call theirs
    says too little: the file's name, without numbers, stands in front.
    """
    by_field = {key: name for name, key in columns.items()}
    column = by_field.get("customer_id") or by_field.get("lead_id") or ""
    if search_key(column).strip() not in _NO_NAMES:
        return column
    stem = re.sub(r"[\W\d_]+", " ", file_name.rpartition(".")[0]).strip()
    return f"{stem} {column}".strip()


def possible_types(settings: Settings, kind: Kind) -> list[AccountType]:
    """Those that rows can be of; leads need a funnel that is ready."""
    return [
        row
        for row in settings.account_types
        if kind is Kind.CUSTOMERS or (row.uses_phases and settings.funnel(row.id).is_ready)
    ]


def propose_account_type(settings: Settings, kind: Kind) -> str:
    """The code of the default one, else of the first that rows can be of; empty where there is none."""
    types = sorted(possible_types(settings, kind), key=lambda row: not row.is_default)
    return types[0].code if types else ""


def _with_phase(matched: dict[int, str], samples: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """A status that speaks of steps rather than of won and lost is the phase, where nothing else is."""
    if "phase" in matched.values():
        return matched
    return {
        place: "phase" if key == "status" and not _says_outcomes(samples[place]) else key
        for place, key in matched.items()
    }


def _says_outcomes(texts: Sequence[str]) -> bool:
    found = set(texts)
    return 2 * sum(map(is_status, found)) >= len(found)


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
