"""The names that a file uses for settings and people, and how often each stands there."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from crmplus.domain.errors import Refused
from crmplus.domain.message import say
from crmplus.exchange.fields import FIELDS, Content
from crmplus.exchange.guesses import (
    guess_account_type,
    guess_owner,
    guess_phase,
    guess_reason,
    guess_status,
)
from crmplus.exchange.lines import read_lines
from crmplus.exchange.mapping import Choice
from crmplus.exchange.meanings import Settings
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source
from crmplus.exchange.totals import is_total

MOST_NAMES = 1_000


def collect_names(
    source: Source, reading: Reading, names: Sequence[str], columns: Mapping[str, str]
) -> dict[str, Counter[str]]:
    """Field key to the names in its column with their counts, in order of appearance.

    Raises: Unreadable, Refused where a column has too many for it to be names of settings.
    """
    places = {
        columns[name]: place
        for place, name in enumerate(names)
        if name in columns and FIELDS[columns[name]].content is Content.NAMED
    }
    found: dict[str, Counter[str]] = {key: Counter() for key in places}
    if not places:
        return found
    for line in read_lines(source, reading):
        if len(line.values) < len(names) or is_total(line.values, len(names)):
            continue  # a row that is refused or left out names nobody
        for key, place in places.items():
            if text := line.values[place].strip():
                found[key][text] += 1
                if len(found[key]) > MOST_NAMES:
                    raise Refused(
                        say(
                            "The column {column} has more than {most} different values, too many for "
                            "names of settings or people. Choose another meaning for it.",
                            column=names[place],
                            most=MOST_NAMES,
                        )
                    )
    return found


def guess_meaning(
    field: str, text: str, settings: Settings, account_type: str, fields: Collection[str]
) -> Choice:
    """The first proposal for what a name means; `fields` are those that the file has.

    Raises: Refused where there is no such account type.
    """
    if field == "account_type":
        return guess_account_type(text, settings.account_types)
    if field in ("lead_owner", "customer_owner"):
        return guess_owner(text, settings.people)
    if field == "closing_reason":
        return guess_reason(text, settings.reasons)
    if field == "status":
        return guess_status(text, settings.reasons, has_reason="closing_reason" in fields)
    funnel = settings.funnel(settings.account_type(account_type).id)
    return guess_phase(text, funnel, settings.reasons)
