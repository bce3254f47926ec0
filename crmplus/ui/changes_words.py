"""Changes in words: what measures and steps are called, and the answer as a sentence (M10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from crmplus.analytics.bridge import Bridge
from crmplus.analytics.bridge_figures import Business, End, Kind, Measure, Step, Steps
from crmplus.analytics.figures.waterfall import Tone
from crmplus.ui.session import _, _n, language, workspace
from crmplus.ui.words import per_period

Which = Kind | Business | End

_TONES: dict[Which, Tone] = {
    Business.NEW: Tone.MORE,
    Kind.REOPENED: Tone.MORE,
    Kind.TAKEN_OVER: Tone.MORE,
    Business.RAISED_FURTHER: Tone.MORE,
    Kind.LOWERED: Tone.LESS,
    Kind.WON: Tone.WON,
    Kind.LOST: Tone.LOST,
    Kind.NEITHER: Tone.LESS,
    Kind.HANDED_OVER: Tone.LESS,
}
_ALWAYS_SHOWN = (Business.NEW, Kind.WON, Kind.LOST)
_SHOWN_OF_VALUES = (Business.RAISED_FURTHER, Kind.LOWERED)


@dataclass(frozen=True, slots=True)
class Line:
    """One bar of the waterfall; `amount` of a step has its sign."""

    which: Which
    amount: Decimal
    tone: Tone


def lines_of(bridge: Bridge, measure: Measure) -> list[Line]:
    """From the opening to the closing; steps of nothing are left out, unless they are awaited."""
    shown = (*_ALWAYS_SHOWN, *(() if measure is Measure.LEADS else _SHOWN_OF_VALUES))
    steps = [Line(which, amount_of(bridge.steps, measure, which), tone) for which, tone in _TONES.items()]
    return [
        Line(End.OPENING, bridge.opening.of(measure), Tone.END),
        *(line for line in steps if line.amount or line.which in shown),
        Line(End.CLOSING, bridge.closing.of(measure), Tone.END),
    ]


def amount_of(steps: Steps, measure: Measure, which: Which) -> Decimal:
    """What such steps add, below zero where they take."""
    if which is Business.NEW:
        return steps.new_business(measure)
    if isinstance(which, Business):
        return business_step(steps, measure, which).amount
    return steps.step(measure, Kind(which)).amount


def business_step(steps: Steps, measure: Measure, which: Business) -> Step:
    """One of the two parts of what is raised."""
    first, raised = steps.first_value(measure), steps.step(measure, Kind.RAISED)
    if which is Business.FIRST_VALUE:
        return first
    return Step(Kind.RAISED, raised.amount - first.amount, raised.change_count - first.change_count)


def measure_name(measure: Measure) -> str:
    period = per_period(workspace().recurring_period)
    return {
        Measure.EXPECTED: _("Expected value"),
        Measure.WEIGHTED: _("Weighted value"),
        Measure.RECURRING: _("Recurring {period}", period=period),
        Measure.WEIGHTED_RECURRING: _("Weighted recurring {period}", period=period),
        Measure.LEADS: _("Leads"),
    }[measure]


def step_name(which: Which) -> str:
    return {
        End.OPENING: _("Opening"),
        Business.NEW: _("New business"),
        Kind.NEW: _("New"),
        Business.FIRST_VALUE: _("First value"),
        Kind.REOPENED: _("Reopened"),
        Kind.TAKEN_OVER: _("Taken over"),
        Kind.RAISED: _("Raised"),
        Business.RAISED_FURTHER: _("Raised"),
        Kind.LOWERED: _("Lowered"),
        Kind.WON: _("Won"),
        Kind.LOST: _("Lost"),
        Kind.NEITHER: _("Neither"),
        Kind.HANDED_OVER: _("Handed over"),
        End.CLOSING: _("Closing"),
    }[which]


def in_full(measure: Measure, amount: Decimal) -> str:
    """An amount, or a number of leads, as a text says it."""
    if measure is Measure.LEADS:
        return _n("{count} lead", "{count} leads", int(amount))
    return language().round_money(amount)


def in_short(measure: Measure, amount: Decimal) -> str:
    """The same for large type and labels."""
    words = language()
    return words.number(amount) if measure is Measure.LEADS else words.short_money(amount)


def signed(measure: Measure, amount: Decimal) -> str:
    """With the sign written, since a colour is not enough."""
    sign = "−" if amount < 0 else "+" if amount else "±"
    return f"{sign} {in_short(measure, abs(amount))}"


def answer(bridge: Bridge, measure: Measure) -> str:
    """What changed, in a sentence or two."""
    opening, closing = bridge.opening.of(measure), bridge.closing.of(measure)
    net = closing - opening
    what, by = _subject(measure), in_full(measure, abs(net))
    start, end = in_full(measure, opening), in_full(measure, closing)
    if net > 0:
        first = _(
            "{what} grew by {amount}, from {opening} to {closing}.",
            what=what,
            amount=by,
            opening=start,
            closing=end,
        )
    elif net < 0:
        first = _(
            "{what} shrank by {amount}, from {opening} to {closing}.",
            what=what,
            amount=by,
            opening=start,
            closing=end,
        )
    else:
        first = _("{what} is what it was: {closing}.", what=what, closing=end)
    steps = [line for line in lines_of(bridge, measure)[1:-1] if line.amount]
    gains, losses = ([_part(measure, x) for x in steps if (x.amount > 0) is more] for more in (True, False))
    if gains and losses:
        return f"{first} " + _("{gains} came in against {losses}.", gains=_list(gains), losses=_list(losses))
    if gains or losses:
        return f"{first} " + _("It is made up of {steps}.", steps=_list(gains or losses))
    return f"{first} " + _("Nothing came in and nothing went out.")


def _subject(measure: Measure) -> str:
    return {
        Measure.EXPECTED: _("The expected value of open leads"),
        Measure.WEIGHTED: _("The weighted value of open leads"),
        Measure.RECURRING: _("The recurring value of open leads"),
        Measure.WEIGHTED_RECURRING: _("The weighted recurring value of open leads"),
        Measure.LEADS: _("The number of open leads"),
    }[measure]


def _part(measure: Measure, line: Line) -> str:
    """One step within the sentence."""
    amount = in_short(measure, abs(line.amount))
    match line.which:
        case Business.NEW:
            return _("{amount} new", amount=amount)
        case Kind.REOPENED:
            return _("{amount} reopened", amount=amount)
        case Kind.TAKEN_OVER:
            return _("{amount} taken over", amount=amount)
        case Business.RAISED_FURTHER:
            return _("{amount} raised", amount=amount)
        case Kind.LOWERED:
            return _("{amount} lowered", amount=amount)
        case Kind.WON:
            return _("{amount} won", amount=amount)
        case Kind.LOST:
            return _("{amount} lost", amount=amount)
        case Kind.NEITHER:
            return _("{amount} closed as neither", amount=amount)
    return _("{amount} handed over", amount=amount)


def _list(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return _("{parts} and {last}", parts=", ".join(parts[:-1]), last=parts[-1])
