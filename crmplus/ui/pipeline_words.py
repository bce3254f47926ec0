"""What the Funnel page says of its phases and figures."""

from uuid import UUID

from crmplus.analytics.pipeline import PipelineFigures
from crmplus.domain.phase import Phase
from crmplus.ui.session import _, _n, language


def phase_name(phase: Phase, account_type_id: UUID | None) -> str:
    """A phase, marked where the funnel has lost it since leads stood in it."""
    if phase.archived_at_utc:
        return _("{name} (archived)", name=phase.description)
    if phase.account_type_id != account_type_id:
        return _("{name} (now in another funnel)", name=phase.description)
    return phase.description


def signed_number(difference: int) -> str:
    """A difference of whole numbers, with its sign."""
    return ("+", "±", "−")[1 - _sign(difference)] + language().number(abs(difference))


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def rests_on_leads(total: PipelineFigures) -> list[str]:
    """How many leads a figure rests on."""
    return [_n("It rests on {count} open lead.", "It rests on {count} open leads.", total.lead_count)]


def rests_on_scores(total: PipelineFigures) -> list[str]:
    """The same, and how many of them weigh nothing yet for want of a score."""
    if not total.score_missing:
        return rests_on_leads(total)
    missing = _n(
        "{count} of them has no score yet and weighs nothing.",
        "{count} of them have no score yet and weigh nothing.",
        total.score_missing,
    )
    return [*rests_on_leads(total), missing]


def without_expected(total: PipelineFigures) -> list[str]:
    if not total.expected_missing:
        return []
    return [
        _n(
            "{count} has no expected value yet.",
            "{count} have no expected value yet.",
            total.expected_missing,
        )
    ]


def without_recurring(total: PipelineFigures) -> list[str]:
    if not total.recurring_missing:
        return []
    return [
        _n(
            "{count} has no recurring value yet.",
            "{count} have no recurring value yet.",
            total.recurring_missing,
        )
    ]


def all_missing(total: PipelineFigures) -> list[str]:
    """How many leads figures of all kinds rest on, and what counts as zero in them."""
    return [*rests_on_scores(total), *without_expected(total), *without_recurring(total)]
