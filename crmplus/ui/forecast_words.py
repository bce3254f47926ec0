"""A forecast in sentences: what a month comes to, what stands beside the months, how it is counted."""

from crmplus.analytics.chances import HEAVIEST, MOST_SUMS, Range
from crmplus.analytics.forecast_figures import Forecast, Outlook
from crmplus.ui.session import _, _n, language


def state_of(month: str, outlook: Outlook) -> str:
    """What a month comes to, the answer first."""
    words = language()
    won, to_come = words.round_money(outlook.won.value), words.round_money(outlook.expected.weighted_value)
    if outlook.gap is None or outlook.target is None:
        return _("{month}: {won} won and {to_come} weighted to come.", month=month, won=won, to_come=to_come)
    target = words.round_money(outlook.target)
    if outlook.gap <= 0:
        return _(
            "{month}: {won} won and {to_come} weighted to come, {over} above the target of {target}.",
            month=month,
            won=won,
            to_come=to_come,
            over=words.round_money(-outlook.gap),
            target=target,
        )
    return _(
        "{month}: {won} won and {to_come} weighted to come, {gap} short of the target of {target}.",
        month=month,
        won=won,
        to_come=to_come,
        gap=words.round_money(outlook.gap),
        target=target,
    )


def spoken_month(month: str, outlook: Outlook) -> str:
    """All figures of a month, for those who hear the chart or point at it."""
    found = outlook.range
    if not found:
        return state_of(month, outlook)
    return state_of(month, outlook) + " " + _("Range of what is to come: {range}.", range=range_words(found))


def range_words(found: Range | None) -> str:
    """From the 10th to the 90th percentile."""
    if not found:
        return "–"
    words = language()
    return _("{low} to {high}", low=words.short_money(found.low), high=words.short_money(found.high))


def overdue_words(count: int) -> str:
    return _n(
        "{count} open lead was expected before this month",
        "{count} open leads were expected before this month",
        count,
    )


def past_due_words(count: int) -> str:
    return _n(
        "{count} open lead of this month is past its date",
        "{count} open leads of this month are past their date",
        count,
    )


def undated_words(count: int) -> str:
    return _n(
        "{count} open lead has no expected close date",
        "{count} open leads have no expected close date",
        count,
    )


def outside_words(count: int) -> str:
    return _n(
        "{count} open lead is expected later than these months",
        "{count} open leads are expected later than these months",
        count,
    )


def months_counted(forecast: Forecast) -> list[str]:
    """The formula of the months, then what it rests on and leaves out."""
    expected, won = forecast.total.expected, forecast.total.won
    sentences = [
        _(
            "To come: open leads by the month of their expected close date, value × score / 100. "
            "Won: the value of leads that are won now, by the month they were closed in. "
            "Gap = target − won − to come."
        ),
        _n("It rests on {count} open lead.", "It rests on {count} open leads.", expected.lead_count),
        _n("{count} lead was won.", "{count} leads were won.", won.lead_count),
    ]
    if expected.value_missing:
        sentences.append(
            _n(
                "{count} of the open leads has no value yet and counts as zero.",
                "{count} of the open leads have no value yet and count as zero.",
                expected.value_missing,
            )
        )
    if expected.score_missing:
        sentences.append(
            _n(
                "{count} of the open leads has no score yet and weighs nothing.",
                "{count} of the open leads have no score yet and weigh nothing.",
                expected.score_missing,
            )
        )
    if won.value_missing:
        sentences.append(
            _n(
                "{count} lead won has no value and counts as zero.",
                "{count} leads won have no value and count as zero.",
                won.value_missing,
            )
        )
    return sentences


def range_counted() -> str:
    """The method of the range, and what it takes for granted."""
    return _(
        "The range takes scores as true chances: each open lead is won at its whole value with a chance of "
        "score / 100, else it brings nothing, and no lead depends on another. All sums are counted "
        "out: exactly up to {sums} different ones, then in {sums} equal steps; of more than {leads} leads "
        "the largest are counted out and the others come in as a normal distribution. In 10 of 100 cases the "
        "sum is at most the 10th percentile, in 50 the 50th, in 90 the 90th.",
        sums=MOST_SUMS,
        leads=HEAVIEST,
    )
