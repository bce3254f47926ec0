"""The numbers of the reached funnel, why leads were dropped, and where open leads stand now (M2)."""

from collections.abc import Sequence

from crmplus.analytics.conversion import Conversion
from crmplus.analytics.conversion_beside import OpenNow
from crmplus.analytics.conversion_leads import Part
from crmplus.domain.closing_reason import ClosingReason
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.ui.conversion_leads import NOW, NOW_OF_COHORT, code_of
from crmplus.ui.counted import how_counted
from crmplus.ui.figure_table import figure_table
from crmplus.ui.session import _, _n, read
from crmplus.ui.words import outcome_name

_PART_OF_COLUMN = {
    "phase": Part.REACHED,
    "reached": Part.REACHED,
    "skipped": Part.SKIPPED,
    "to_next": Part.WENT_ON,
    "from_first": Part.REACHED,
    "dropped": Part.DROPPED,
    "open": Part.OPEN,
    "lost": Part.LOST,
    "neither": Part.NEITHER,
}
_NOWHERE = frozenset({Part.REACHED, Part.SKIPPED, Part.WENT_ON})


def show_steps(conversion: Conversion) -> None:
    """All figures of the funnel, step by step."""
    columns = [
        Column("phase", _("Step")),
        Column("reached", _("Reached"), Kind.NUMBER),
        Column("skipped", _("Of these skipped"), Kind.NUMBER),
        Column("to_next", _("To the next"), Kind.SHARE),
        Column("from_first", _("Of all"), Kind.SHARE),
        Column("dropped", _("Did not go on"), Kind.NUMBER),
        Column("open", _("Still open"), Kind.NUMBER),
        Column("lost", _("Lost"), Kind.NUMBER),
        Column("neither", _("Neither"), Kind.NUMBER),
    ]
    empty: dict[str, object] = dict.fromkeys(column.key for column in columns)
    rows: list[dict[str, object]] = [
        {
            "phase": step.phase.description,
            "reached": step.reached,
            "skipped": step.skipped,
            "to_next": step.to_next,
            "from_first": conversion.from_first(step.reached),
            "dropped": step.dropped.total,
            "open": step.dropped.still_open,
            "lost": step.dropped.lost,
            "neither": step.dropped.neither,
        }
        for step in conversion.steps
    ]
    won = {"phase": _("Won"), "reached": conversion.won, "from_first": conversion.won_share}
    total = {
        "phase": _("Total"),
        "dropped": conversion.opened - conversion.won,
        "open": conversion.still_open,
        "lost": conversion.lost,
        "neither": conversion.neither,
    }
    count = len(rows)

    def behind(row: int, column: str) -> str | None:
        part = _PART_OF_COLUMN[column]
        if row < count:
            return code_of(part, conversion.steps[row].phase)
        if row == count:
            return code_of(Part.WON)
        return None if part in _NOWHERE else code_of(part)

    figure_table("steps", _("Step by step"), columns, [*rows, empty | won, empty | total], behind)
    how_counted(
        _(
            "Skipped: reached the phase by way of a later one, without ever being in it. "
            "Did not go on: reached the phase and not the next step; these leads are still open, lost or "
            "neither, as they stand now. Still open is no loss: such a lead can go on."
        ),
        _n("It rests on {count} lead.", "It rests on {count} leads.", conversion.opened),
    )


def show_reasons(conversion: Conversion) -> None:
    """Closing reasons of the dropped leads, by the phase that they got no further than."""
    counts = {
        (reason_id, step.phase.id): count
        for step in conversion.steps
        for reason_id, count in (*step.dropped.lost_for, *step.dropped.neither_for)
    }
    used = {reason_id for reason_id, _phase_id in counts}
    reasons = [reason for reason in read(list_closing_reasons, with_archived=True) if reason.id in used]
    phases = {step.phase.code: step.phase for step in conversion.steps}
    totals = {
        reason.id: sum(counts.get((reason.id, phase.id), 0) for phase in phases.values())
        for reason in reasons
    }
    reasons.sort(key=lambda reason: (_outcome_order(reason), -totals[reason.id], reason.code))
    columns = [
        Column(" reason", _("Closing reason")),
        Column(" outcome", _("Outcome")),
        Column(" total", _("Total"), Kind.NUMBER),
        *(Column(code, phase.description, Kind.NUMBER) for code, phase in phases.items()),
    ]
    rows: list[dict[str, object]] = [
        {" reason": reason.description, " outcome": outcome_name(reason.outcome), " total": totals[reason.id]}
        | {code: counts.get((reason.id, phase.id), 0) for code, phase in phases.items()}
        for reason in reasons
    ]
    total: dict[str, object] = {" reason": _("Total"), " total": conversion.lost + conversion.neither}
    by_phase = {step.phase.code: step.dropped.lost + step.dropped.neither for step in conversion.steps}

    def behind(row: int, column: str) -> str | None:
        reason = reasons[row] if row < len(reasons) else None
        return code_of(Part.CLOSED, phases.get(column), reason)

    figure_table(
        "reasons",
        _("Why they were dropped"),
        columns,
        [*rows, {" outcome": None, **total, **by_phase}],
        behind,
    )
    how_counted(
        _(
            "Leads opened in the period that are closed now as lost or neither, by their closing reason "
            "and the furthest phase that they reached."
        ),
        _n(
            "It rests on {count} closed lead.",
            "It rests on {count} closed leads.",
            conversion.lost + conversion.neither,
        ),
    )


def show_open_now(open_now: Sequence[OpenNow]) -> None:
    """The snapshot: where open leads stand now, all of them and those of the cohort."""
    columns = [
        Column("phase", _("Phase")),
        Column("all", _("All open"), Kind.NUMBER),
        Column("opened", _("Of the period"), Kind.NUMBER),
    ]
    total = sum(now.lead_count for now in open_now)
    rows: list[dict[str, object]] = [
        {"phase": now.phase.description, "all": now.lead_count, "opened": now.cohort_count}
        for now in open_now
    ]
    rows.append({"phase": _("Total"), "all": total, "opened": sum(now.cohort_count for now in open_now)})

    def behind(row: int, column: str) -> str | None:
        phase = open_now[row].phase if row < len(open_now) else None
        return code_of(NOW_OF_COHORT if column == "opened" else NOW, phase)

    figure_table("open-now", _("Where open leads stand now"), columns, rows, behind)
    how_counted(
        _(
            "A snapshot of this moment, not the way that leads went: open leads by the phase they stand in. "
            "All open leads are those of the Funnel page, whenever they were opened; beside them those "
            "that were opened in the period. A lead that went back stands before the furthest it reached."
        ),
        _n("It rests on {count} open lead.", "It rests on {count} open leads.", total),
    )


def _outcome_order(reason: ClosingReason) -> str:
    return {"lost": "1", "neither": "2"}.get(reason.outcome, "3")
