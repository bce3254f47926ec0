"""The open pipeline in tables: by phase beside a month ago, by owner, by account type (M1, M10)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from crmplus.analytics.pipeline import Parts, PipelineFigures, PipelineFilter, Standing
from crmplus.domain.account_type import AccountType
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.counted import how_counted
from crmplus.ui.figure_table import figure_table
from crmplus.ui.pickers import owners_by_code
from crmplus.ui.pipeline_words import all_missing, phase_name
from crmplus.ui.session import _, workspace
from crmplus.ui.words import owner_name, per_period

_THEN, _CHANGE = "_then", "_change"
_NONE = PipelineFigures()


def show_phases(standing: Standing, asked: PipelineFilter) -> None:
    """Leads and one-off value by phase, beside the same day last month."""
    columns = [
        Column("phase", _("Phase")),
        Column("lead_count", _("Leads"), Kind.NUMBER),
        Column("lead_count_then", _("Leads then"), Kind.NUMBER),
        Column("lead_count_change", _("Leads ±"), Kind.NUMBER),
        Column("expected_value", _("Expected"), Kind.MONEY),
        Column("expected_value_then", _("Expected then"), Kind.MONEY),
        Column("expected_value_change", _("Expected ±"), Kind.MONEY),
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("weighted_value_then", _("Weighted then"), Kind.MONEY),
        Column("weighted_value_change", _("Weighted ±"), Kind.MONEY),
    ]
    title = _("Per phase, compared with {day}", day=standing.day_before)
    _phase_table("phases", title, columns, standing, asked)


def show_recurring(standing: Standing, asked: PipelineFilter) -> None:
    """Recurring value by phase, beside the same day last month."""
    period = per_period(workspace().recurring_period)
    columns = [
        Column("phase", _("Phase")),
        Column("recurring_value", _("Recurring {period}", period=period), Kind.MONEY),
        Column("recurring_value_then", _("Recurring then"), Kind.MONEY),
        Column("recurring_value_change", _("Recurring ±"), Kind.MONEY),
        Column("weighted_recurring_value", _("Weighted {period}", period=period), Kind.MONEY),
        Column("weighted_recurring_value_then", _("Weighted then"), Kind.MONEY),
        Column("weighted_recurring_value_change", _("Weighted ±"), Kind.MONEY),
    ]
    title = _("Recurring, compared with {day}", day=standing.day_before)
    _phase_table("recurring-phases", title, columns, standing, asked)


def show_owners(parts: Parts, total: PipelineFigures) -> None:
    """The pipeline by owner, the one with the most weighted value first."""
    codes = {person.id: code for code, person in owners_by_code().items()}
    lines = [
        (f"owner.{codes.get(owner_id, '') if owner_id else ''}", owner_name(owner_id), figures)
        for owner_id, figures in parts.by_owner
    ]
    _part_table("owners", _("By owner"), _("Owner"), [*lines, ("all", _("Total"), total)])
    how_counted(
        _(
            "The open leads of the chosen account type, each for the owner it has now; "
            "as of a past day for the owner it had then. The most weighted value stands at the top."
        ),
        *all_missing(total),
    )


def show_account_types(parts: Parts, types: Mapping[UUID, AccountType]) -> None:
    """The pipelines of all account types side by side, those without open leads too."""
    found = dict(parts.by_account_type)
    shown = [t for t in types.values() if t.id in found or (t.uses_phases and not t.archived_at_utc)]
    lines = [
        (
            f"type.{t.code}",
            _("{name} (archived)", name=t.description) if t.archived_at_utc else t.description,
            found.get(t.id, _NONE),
        )
        for t in shown
    ]
    total = sum(found.values(), _NONE)
    _part_table("types", _("By account type"), _("Account type"), [*lines, ("types", _("Total"), total)])
    how_counted(
        _(
            "The open leads of all account types, with the owner and the days of opening that are chosen. "
            "A lead counts under the type of its own funnel; as of a past day under that of then."
        ),
        *all_missing(total),
    )


def _phase_table(
    key: str, title: str, columns: Sequence[Column], standing: Standing, asked: PipelineFilter
) -> None:
    now = {phase.id: figures for phase, figures in standing.pipeline.phases}
    then = {phase.id: figures for phase, figures in standing.before.phases}
    phases = {p.id: p for p, _f in [*standing.pipeline.phases, *standing.before.phases]}
    in_order = sorted(phases.values(), key=lambda p: p.sort_key)
    codes = [*(f"phase.{p.code}" for p in in_order), "all"]
    rows = [
        _compared(phase_name(p, asked.account_type_id), now.get(p.id, _NONE), then.get(p.id, _NONE), columns)
        for p in in_order
    ]
    rows.append(_compared(_("Total"), standing.pipeline.total, standing.before.total, columns))

    def behind(row: int, column: str) -> str:
        return f"then.{codes[row]}" if column.endswith(_THEN) else codes[row]

    figure_table(key, title, columns, rows, behind)
    how_counted(
        _(
            "“Then” is the end of {day}: the leads that were open, in the phase and with the values "
            "that they had. ± is now less then. A phase that the funnel has lost since is shown as long "
            "as leads stood in it on one of the two days.",
            day=standing.day_before,
        ),
        *all_missing(standing.pipeline.total),
    )


def _compared(
    name: str, now: PipelineFigures, then: PipelineFigures, columns: Sequence[Column]
) -> dict[str, object]:
    """One row: what stands now, what stood then and the difference, by the key of a column."""
    return {"phase": name} | {c.key: _cell(c.key, now, then) for c in columns[1:]}


def _cell(key: str, now: PipelineFigures, then: PipelineFigures) -> int | Decimal:
    field = key.removesuffix(_THEN).removesuffix(_CHANGE)
    stands: int | Decimal = getattr(now, field)
    stood: int | Decimal = getattr(then, field)
    if key.endswith(_CHANGE):
        return stands - stood
    return stood if key.endswith(_THEN) else stands


def _part_table(key: str, title: str, head: str, lines: Sequence[tuple[str, str, PipelineFigures]]) -> None:
    """One row a part: what a click on it shows, what it is called and its figures."""
    period = per_period(workspace().recurring_period)
    columns = [
        Column("part", head),
        Column("lead_count", _("Open leads"), Kind.NUMBER),
        Column("expected_value", _("Expected"), Kind.MONEY),
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("recurring_value", _("Recurring {period}", period=period), Kind.MONEY),
        Column("weighted_recurring_value", _("Weighted {period}", period=period), Kind.MONEY),
    ]
    rows = [
        {"part": name} | {c.key: getattr(figures, c.key) for c in columns[1:]}
        for _code, name, figures in lines
    ]
    figure_table(key, title, columns, rows, lambda row, _column: lines[row][0])
