"""The figures of a bridge: measures, the steps in each, and what stands at its ends (M10)."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

_NOTHING = Decimal(0)


class Measure(StrEnum):
    """What a bridge is measured in: amounts of the workspace's currency, or leads."""

    EXPECTED = "expected"
    WEIGHTED = "weighted"
    RECURRING = "recurring"
    WEIGHTED_RECURRING = "weighted-recurring"
    LEADS = "leads"


PLACES = {measure: place for place, measure in enumerate(Measure)}
"""Their order, where figures stand by measure."""


class Kind(StrEnum):
    """What a step is, in the order in which a bridge shows them."""

    NEW = "new"
    REOPENED = "reopened"
    TAKEN_OVER = "taken-over"
    RAISED = "raised"
    LOWERED = "lowered"
    WON = "won"
    LOST = "lost"
    NEITHER = "neither"
    HANDED_OVER = "handed-over"


class Business(StrEnum):
    """Where value came from that was not there before, and where from what was."""

    NEW = "new-business"
    """Of new leads, and of leads that had none until then."""
    FIRST_VALUE = "first-value"
    """The part of raised that began at nothing: a lead often gets its value after it was opened."""
    RAISED_FURTHER = "raised-further"
    """The other part of raised."""


class End(StrEnum):
    """The two ends of a bridge."""

    OPENING = "opening"
    CLOSING = "closing"


class Part(StrEnum):
    """What open leads are told apart by."""

    OWNER = "owner"
    PHASE = "phase"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Open leads in every measure; recurring amounts per period."""

    expected: Decimal = _NOTHING
    weighted: Decimal = _NOTHING
    recurring: Decimal = _NOTHING
    weighted_recurring: Decimal = _NOTHING
    leads: int = 0

    def of(self, measure: Measure) -> Decimal:
        return Decimal(getattr(self, measure.replace("-", "_")))

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(getattr(self, m) + getattr(other, m) for m in Amounts.__slots__))

    def __neg__(self) -> "Amounts":
        return Amounts(*(-getattr(self, m) for m in Amounts.__slots__))


@dataclass(frozen=True, slots=True)
class Missing:
    """How many of some leads have no score and no values: they count as zero."""

    score: int = 0
    expected: int = 0
    recurring: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """All changes of one kind: what they add, below zero where they take, and how many they are."""

    kind: Kind
    amount: Decimal = _NOTHING
    change_count: int = 0

    def __add__(self, other: "Step") -> "Step":
        return Step(self.kind, self.amount + other.amount, self.change_count + other.change_count)


def _no_steps() -> "tuple[tuple[Step, ...], ...]":
    return tuple(tuple(Step(kind) for kind in Kind) for _ in Measure)


def _no_values() -> tuple[Step, ...]:
    return tuple(Step(Kind.RAISED) for _ in Measure)


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one stretch of time by measure, each kind once and in order.

    `first_values` are the parts of raised, by measure, that began at nothing.
    """

    by_measure: tuple[tuple[Step, ...], ...] = field(default_factory=_no_steps)
    first_values: tuple[Step, ...] = field(default_factory=_no_values)

    def of(self, measure: Measure) -> tuple[Step, ...]:
        return self.by_measure[PLACES[measure]]

    def step(self, measure: Measure, kind: Kind) -> Step:
        return self.of(measure)[list(Kind).index(kind)]

    def first_value(self, measure: Measure) -> Step:
        return self.first_values[PLACES[measure]]

    def new_business(self, measure: Measure) -> Decimal:
        """What new leads were worth, and what leads without worth got."""
        return self.step(measure, Kind.NEW).amount + self.first_value(measure).amount

    @property
    def net(self) -> Amounts:
        """What they add to the opening in all."""
        *values, leads = (sum((step.amount for step in steps), _NOTHING) for steps in self.by_measure)
        return Amounts(values[0], values[1], values[2], values[3], int(leads))

    def __add__(self, other: "Steps") -> "Steps":
        pairs = zip(self.by_measure, other.by_measure, strict=True)
        return Steps(
            tuple(tuple(map(Step.__add__, mine, theirs)) for mine, theirs in pairs),
            tuple(map(Step.__add__, self.first_values, other.first_values)),
        )
