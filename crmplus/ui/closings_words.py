"""What figures of closed leads rest on and leave out, in sentences; none where there is nothing to say."""

from crmplus.analytics.closings import ClosingFigures
from crmplus.ui.session import _, _n


def rests_on(total: ClosingFigures) -> list[str]:
    """How many leads a rate or a cycle rests on."""
    count = total.decided.lead_count
    return [_n("It rests on {count} won or lost lead.", "It rests on {count} won or lost leads.", count)]


def neither_counted(total: ClosingFigures) -> list[str]:
    """How many leads stand beside all rates."""
    count = total.neither.lead_count
    if not count:
        return []
    return [
        _n(
            "{count} lead was closed as neither won nor lost; it is in no rate and no cycle.",
            "{count} leads were closed as neither won nor lost; they are in no rate and no cycle.",
            count,
        )
    ]


def no_rate(total: ClosingFigures) -> list[str]:
    """Why there is a dash, where leads were closed but none won or lost."""
    if total.decided.lead_count or not total.closed_count:
        return []
    return [_("Nothing was won or lost, so there is no win rate.")]


def lost_without_worth(total: ClosingFigures) -> list[str]:
    """A rate in value of 100 % is no feat where nobody recorded what was lost."""
    if total.win_rate_in_value is None or not total.lost.lead_count or total.lost.value:
        return []
    return [_("The lost leads have no expected value above zero, so the win rate in value says nothing.")]


def without_value(total: ClosingFigures) -> list[str]:
    """How many leads count as zero in value, by outcome."""
    won, lost = total.won.value_missing, total.lost.value_missing
    sentences = []
    if won:
        sentences.append(
            _n(
                "{count} won lead has no expected value and counts as zero.",
                "{count} won leads have no expected value and count as zero.",
                won,
            )
        )
    if lost:
        sentences.append(
            _n(
                "{count} lost lead has no expected value and counts as zero.",
                "{count} lost leads have no expected value and count as zero.",
                lost,
            )
        )
    return sentences
