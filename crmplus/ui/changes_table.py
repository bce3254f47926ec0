"""The steps of the bridge in numbers (M10)."""

from collections.abc import Sequence

from crmplus.analytics.bridge import Bridge
from crmplus.analytics.bridge_figures import Business, End, Kind, Measure
from crmplus.analytics.choice import Choice
from crmplus.exchange.table_files import Column
from crmplus.exchange.table_files import Kind as Cell
from crmplus.ui.changes_words import Which, business_step, measure_name, step_name
from crmplus.ui.figure_table import figure_table
from crmplus.ui.session import _

_IN_THE_TABLE: tuple[Which, ...] = (
    Kind.NEW,
    Business.FIRST_VALUE,
    Kind.REOPENED,
    Kind.TAKEN_OVER,
    Business.RAISED_FURTHER,
    Kind.LOWERED,
    Kind.WON,
    Kind.LOST,
    Kind.NEITHER,
    Kind.HANDED_OVER,
)
_OF_VALUES = (Business.FIRST_VALUE, Business.RAISED_FURTHER, Kind.LOWERED)
_OF_FILTERS = (Kind.TAKEN_OVER, Kind.HANDED_OVER)


def show_steps(bridge: Bridge, choice: Choice, measure: Measure) -> None:
    """The same in numbers, with how many changes each step is made of."""
    kinds = _kinds(choice, measure)
    cell = Cell.NUMBER if measure is Measure.LEADS else Cell.MONEY
    columns = [
        Column("step", _("Step")),
        Column("changes", _("Changes"), Cell.NUMBER),
        Column("amount", measure_name(measure), cell),
    ]
    steps = [
        business_step(bridge.steps, measure, which)
        if isinstance(which, Business)
        else bridge.steps.step(measure, Kind(which))
        for which in kinds
    ]
    rows: list[tuple[Which | None, str, int | None, object]] = [
        (End.OPENING, step_name(End.OPENING), None, bridge.opening.of(measure)),
        *(
            (which, step_name(which), step.change_count, step.amount)
            for which, step in zip(kinds, steps, strict=True)
        ),
        (
            None,
            _("Net change"),
            None,
            bridge.steps.net.of(measure),
        ),
        (End.CLOSING, step_name(End.CLOSING), None, bridge.closing.of(measure)),
    ]
    figure_table(
        "changes",
        _("The steps in numbers"),
        columns,
        [{"step": name, "changes": count, "amount": amount} for _which, name, count, amount in rows],
        lambda row, _column: rows[row][0],
    )


def _kinds(choice: Choice, measure: Measure) -> Sequence[Which]:
    """Those that can occur: without a filter nothing changes hands, and leads have no value."""
    left_out = (
        *(() if choice.owner_id or choice.account_type_id else _OF_FILTERS),
        *(_OF_VALUES if measure is Measure.LEADS else ()),
    )
    return [which for which in _IN_THE_TABLE if which not in left_out]
