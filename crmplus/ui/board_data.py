"""What the board draws, small enough to be sent again at every change: words and numbers, no markup."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from crmplus.domain.funnel import Funnel
from crmplus.domain.next_step import Due
from crmplus.domain.phase import Phase, PhaseType
from crmplus.locale.language import Language
from crmplus.services.open_leads import ColumnTotal, OpenLead
from crmplus.ui.board_sizes import PAGE
from crmplus.ui.session import _n, people

FIELDS = (
    "id",
    "version",
    "number",
    "customer",
    "title",
    "expected",
    "weighted",
    "score",
    "age",
    "isAgeing",
    "stepId",
    "stepVersion",
    "step",
    "due",
    "day",
    "owner",
)
"""What each place of a card's row holds."""

Row = tuple[str | int | bool | None, ...]


def cards_and_columns(
    funnel: Funnel,
    totals: Mapping[UUID, ColumnTotal],
    leads: Mapping[UUID, Sequence[OpenLead]],
    sizes: Mapping[UUID, int],
    today: date,
    words: Language,
) -> dict[str, object]:
    """The phases in funnel order: sums over all their leads, and the first of those as cards."""
    columns = [
        _column(phase, totals.get(phase.id, ColumnTotal()), words)
        | {
            "cards": [
                _row(lead, today, words) for lead in leads.get(phase.id, ())[: sizes.get(phase.id, PAGE)]
            ]
        }
        for phase in funnel.phases
    ]
    owners = {str(person.id): [person.initials, person.name] for person in people().values()}
    return {"fields": FIELDS, "columns": columns, "owners": owners}


def _column(phase: Phase, total: ColumnTotal, words: Language) -> dict[str, object]:
    return {
        "id": str(phase.id),
        "name": phase.description,
        "closes": phase.phase_type is PhaseType.CLOSING,
        "total": total.lead_count,
        "count": _n("{count} lead", "{count} leads", total.lead_count),
        "expected": words.short_money(total.expected_value),
        "weighted": words.short_money(total.weighted_value),
    }


@lru_cache(maxsize=10_000)
def _row(lead: OpenLead, today: date, words: Language) -> Row:
    """A card; remembered, as most are the same when the board is drawn again."""
    due = Due.of(lead.due_date, today) if lead.due_date else None
    return (
        str(lead.id),
        lead.version,
        lead.number,
        lead.customer,
        lead.title,
        "" if lead.expected_value is None else words.round_money(lead.expected_value),
        words.round_money(lead.weighted_value) if lead.weighted_value else "",
        lead.score,
        words.days(lead.days_in_phase),
        lead.is_ageing,
        str(lead.step_id) if lead.step_id else None,
        lead.step_version,
        lead.step,
        due,
        _day(lead, words) if due else None,
        str(lead.owner_id) if lead.owner_id else None,
    )


def _day(lead: OpenLead, words: Language) -> str:
    assert lead.due_date
    time = f" {lead.due_time:%H:%M}" if lead.due_time else ""
    return _written(lead.due_date, words) + time


@lru_cache(maxsize=1_000)
def _written(day: date, words: Language) -> str:
    return words.day(day)
