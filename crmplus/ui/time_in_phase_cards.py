"""The cards of Time in phase: what is ageing, what it is worth, and where leads take longest (M3)."""

from collections.abc import Sequence
from decimal import Decimal

from crmplus.analytics.ageing import Ageing
from crmplus.analytics.time_in_phase import PhaseTimes, TimeInPhase, slowest
from crmplus.ui.cards import Card, change_of, show_cards
from crmplus.ui.session import _, _n, language, workspace
from crmplus.ui.time_in_phase_leads import Of
from crmplus.ui.words import per_period

_NOTHING = "–"


def show_totals(
    times: PhaseTimes, before: PhaseTimes, months: Sequence[Decimal | None], ageing: Ageing
) -> None:
    """The answer in figures; `months` are the medians of the slowest phase."""
    show_cards(
        [
            _ageing_card(ageing),
            _worth_card(ageing),
            _oldest_card(ageing),
            _slowest_card(times, before, months),
        ]
    )


def weightless(ageing: Ageing) -> list[str]:
    """How many ageing leads add nothing to the value at risk; nothing where all do."""
    if not ageing.weightless_count:
        return []
    return [
        _n(
            "{count} ageing lead has no score or no expected value and weighs nothing.",
            "{count} ageing leads have no score or no expected value and weigh nothing.",
            ageing.weightless_count,
        )
    ]


def _ageing_card(ageing: Ageing) -> Card:
    words = language()
    if not ageing.has_limits:
        return Card(_("Ageing leads"), _NOTHING, beside=_("no phase has a limit"))
    return Card(
        _("Ageing leads"),
        words.number(ageing.ageing_count),
        beside=_n("of {count} open lead", "of {count} open leads", ageing.open_count),
        behind=Of.AGEING.code() if ageing.ageing_count else None,
        help=_("Open leads that stand in their phase for more days than its limit."),
    )


def _worth_card(ageing: Ageing) -> Card:
    """What is at risk; recurring value stands beside, never in it."""
    words, period = language(), per_period(workspace().recurring_period)
    if not ageing.has_limits:
        return Card(_("Weighted value at risk"), _NOTHING, beside=_("no phase has a limit"))
    return Card(
        _("Weighted value at risk"),
        words.short_money(ageing.weighted_value),
        beside=f"{words.short_money(ageing.weighted_recurring_value)} {period}",
        behind=Of.AGEING.code() if ageing.ageing_count else None,
        help=" ".join(
            [
                _(
                    "The sum of expected value × score / 100 over the ageing leads; "
                    "the same of recurring value stands below."
                ),
                *weightless(ageing),
            ]
        ),
    )


def _oldest_card(ageing: Ageing) -> Card:
    if ageing.oldest is None:
        return Card(_("Oldest lead"), _NOTHING, beside=_("no open lead"))
    phase, days = ageing.oldest
    return Card(
        _("Oldest lead"),
        language().days(days),
        beside=phase.description,
        behind=Of.OPEN.code(),
        help=_("The open lead that came into its phase longest ago."),
    )


def _slowest_card(times: PhaseTimes, before: PhaseTimes, months: Sequence[Decimal | None]) -> Card:
    found = slowest(times)
    if found is None:
        return Card(_("Slowest phase"), _NOTHING, beside=_("no lead left a phase"))
    phase, figures = found
    earlier = {other.id: there for other, there in before}.get(phase.id, TimeInPhase())
    return Card(
        _("Slowest phase"),
        _("{days} days", days=language().decimal(figures.median_days or Decimal(0), 1)),
        change_of(figures.median_days, earlier.median_days, is_more_better=False),
        phase.description,
        months if sum(month is not None for month in months) > 1 else (),
        Of.LEFT.code(phase),
        _(
            "The phase with the highest median. The change is that of its median against the period before; "
            "the line is its median by month of leaving, in twelve months up to the end of the period."
        ),
    )
