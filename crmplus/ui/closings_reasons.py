"""Win and loss, why: reasons as bars and in tables, by the phase last in before, by owner (M8)."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import streamlit as st

from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import Closings, OutcomeFigures, ReasonFigures
from crmplus.analytics.figures.reasons import SIGN, ReasonBar, reason_bars
from crmplus.analytics.reasons import LastPhase
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.phase import PhaseType
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.phases import list_phases
from crmplus.ui.chosen import chart_clicked
from crmplus.ui.closings_leads import CLOSED, leads_code, of_owner, of_phase, of_reason
from crmplus.ui.closings_words import phase_names, reason_names
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.figure_table import figure_table
from crmplus.ui.session import _, _n, language, read, workspace
from crmplus.ui.words import outcome_name, owner_name, per_period


def show_reasons(closings: Closings) -> None:
    """Leads and value by reason, side by side, and all figures of each below."""
    words = language()
    left, right = st.columns(2, gap="medium")
    with left:
        _bars(
            "reason-leads",
            _("Leads by closing reason"),
            closings,
            lambda figures: Decimal(figures.lead_count),
            lambda figures: words.number(figures.lead_count),
        )
    with right:
        _bars(
            "reason-values",
            _("Value by closing reason"),
            closings,
            lambda figures: figures.value,
            lambda figures: words.short_money(figures.value),
        )
    _table(closings)


def _bars(
    key: str,
    title: str,
    closings: Closings,
    length: Callable[[OutcomeFigures], Decimal],
    label: Callable[[OutcomeFigures], str],
) -> None:
    """One bar a reason, with its share of all leads or all value that ended alike."""
    names, words, bars = reason_names(), language(), []
    for reason in closings.by_reason:
        whole = length(closings.of_outcome(reason.outcome))
        share = f" ({words.percent(length(reason.total) / whole, 0)})" if whole else ""
        written = label(reason.total) + share
        name = names[reason.reason_id]
        hover = f"{name}, {outcome_name(reason.outcome)}: {written}"
        code = leads_code(CLOSED, of_reason(reason.reason_id))
        bars.append(ReasonBar(code, name, reason.outcome, length(reason.total), written, hover))
    st.subheader(title, anchor=False)
    st.plotly_chart(
        reason_bars(bars, {o: outcome_name(o) for o in Outcome}, is_dark=st.context.theme.type == "dark"),
        key=key,
        on_select=chart_clicked(key),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: " + "; ".join(bar.hover for bar in bars),
    )


def _table(closings: Closings) -> None:
    names, total = reason_names(), closings.total
    period = per_period(workspace().recurring_period)
    columns = [
        Column("outcome", _("Outcome")),
        Column("reason", _("Closing reason")),
        Column("leads", _("Leads"), Kind.NUMBER),
        Column("share", _("Of its outcome"), Kind.SHARE),
        Column("value", _("Value"), Kind.MONEY),
        Column("value_share", _("Of its value"), Kind.SHARE),
        Column("recurring", _("Recurring {period}", period=period), Kind.MONEY),
    ]
    rows = [_row(reason, names, closings) for reason in closings.by_reason]
    figure_table(
        "reasons",
        _("Closing reasons"),
        columns,
        rows,
        lambda row, _column: leads_code(CLOSED, of_reason(closings.by_reason[row].reason_id)),
    )
    missing = total.decided.value_missing + total.neither.value_missing
    how_counted(
        _(
            "Each lead that is closed now, by the reason it was closed with, in the period it was closed in. "
            "Shares are of the leads, or the value, with the same outcome. Value is the expected value that "
            "leads had when they were closed; recurring value stands apart from it."
        ),
        _n("It rests on {count} closed lead.", "It rests on {count} closed leads.", closings.closed_count),
        *(
            [
                _n(
                    "{count} of them has no expected value and counts as zero.",
                    "{count} of them have no expected value and count as zero.",
                    missing,
                )
            ]
            if missing
            else []
        ),
    )


def _row(reason: ReasonFigures, names: Mapping[UUID, str], closings: Closings) -> dict[str, object]:
    figures, alike = reason.total, closings.of_outcome(reason.outcome)
    return {
        "outcome": f"{SIGN[reason.outcome]} {outcome_name(reason.outcome)}",
        "reason": names[reason.reason_id],
        "leads": figures.lead_count,
        "share": Decimal(figures.lead_count) / alike.lead_count,
        "value": figures.value,
        "value_share": figures.value / alike.value if alike.value else None,
        "recurring": figures.recurring_value,
    }


def show_last_phases(chosen: Choice, closings: Closings, last_phases: Sequence[LastPhase]) -> None:
    """Where leads stood before they were closed, by outcome and by reason."""
    outcomes = {reason.reason_id: reason.outcome for reason in closings.by_reason}
    counts: dict[tuple[UUID | None, str], int] = {}
    for each in last_phases:
        for key in (str(outcomes.get(each.reason_id, "")), str(each.reason_id)):
            counts[each.phase_id, key] = counts.get((each.phase_id, key), 0) + each.lead_count
    phases = _phases_shown(chosen, {each.phase_id for each in last_phases})
    names = phase_names()
    by_outcome = {str(outcome): f"{SIGN[outcome]} {outcome_name(outcome)}" for outcome in Outcome}
    first = Column("phase", _("Last in"))

    def table(key: str, title: str, heads: Mapping[str, str], code: Callable[[str], tuple[str, ...]]) -> None:
        figure_table(
            key,
            title,
            [first, *(Column(head, name, Kind.NUMBER) for head, name in heads.items())],
            [
                {"phase": names[phase], **{head: counts.get((phase, head), 0) for head in heads}}
                for phase in phases
            ],
            lambda row, head: (
                leads_code(*code(head), of_phase(phases[row])) if counts.get((phases[row], head)) else None
            ),
        )

    left, right = st.columns([5, 6], gap="medium")
    with left:
        table("last-phases", _("Closed from, by outcome"), by_outcome, lambda head: (head,))
    with right:
        heads = _reason_heads(closings)
        table(
            "reasons-of-phases",
            _("Closed from, by reason"),
            heads,
            lambda head: (CLOSED, of_reason(UUID(head))),
        )
    how_counted(
        _(
            "Closed leads by the phase they were in last, before the one they were closed in: phases that "
            "were skipped are none of those. “Straight away”: closed without having been in another phase."
        ),
        _n("It rests on {count} closed lead.", "It rests on {count} closed leads.", closings.closed_count),
    )


def _phases_shown(chosen: Choice, closed_from: set[UUID | None]) -> list[UUID | None]:
    """In funnel order: those that leads were closed from, and all others of their funnels that are in use."""
    phases = {phase.id: phase for phase in read(list_phases, with_archived=True)}
    types = {phases[p].account_type_id for p in closed_from if p in phases} | {chosen.account_type_id}
    return [
        phase_id
        for phase_id in phase_names()
        if phase_id in closed_from
        or (
            phase_id is not None
            and phases[phase_id].account_type_id in types
            and phases[phase_id].phase_type is not PhaseType.CLOSING
            and not phases[phase_id].archived_at_utc
        )
    ]


def show_reasons_by_owner(closings: Closings) -> None:
    """How many leads each owner closed with each reason."""
    title, owners = _("Closing reasons by owner"), [owner_id for owner_id, _figures in closings.by_owner]
    heads = _reason_heads(closings)
    by_owner = {str(reason.reason_id): reason.by_owner for reason in closings.by_reason}

    def count(owner_id: UUID | None, head: str) -> int:
        return by_owner[head].get(owner_id, OutcomeFigures()).lead_count

    def behind(row: int, head: str) -> str | None:
        if head == "owner":
            return leads_code(CLOSED, of_owner(owners[row]))
        if not count(owners[row], head):
            return None
        return leads_code(CLOSED, of_reason(UUID(head)), of_owner(owners[row]))

    figure_table(
        "reasons-of-owners",
        title,
        [Column("owner", _("Owner")), *(Column(head, name, Kind.NUMBER) for head, name in heads.items())],
        [{"owner": owner_name(o), **{head: count(o, head) for head in heads}} for o in owners],
        behind,
    )
    how_counted(
        _("Closed leads by the owner they have now and the reason they were closed with."),
        _n("It rests on {count} closed lead.", "It rests on {count} closed leads.", closings.closed_count),
    )


def _reason_heads(closings: Closings) -> dict[str, str]:
    """A column for each reason, with the sign of its outcome."""
    names = reason_names()
    return {str(r.reason_id): f"{SIGN[r.outcome]} {names[r.reason_id]}" for r in closings.by_reason}
