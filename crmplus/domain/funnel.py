"""Funnels: the phases of one account type, in order (rules P2 and P3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from crmplus.domain.errors import NotFound, Refused
from crmplus.domain.message import Message, say
from crmplus.domain.phase import Phase, PhaseType


@dataclass(frozen=True, slots=True)
class Funnel:
    """The phases in use of one account type, in funnel order."""

    account_type_id: UUID
    phases: tuple[Phase, ...]

    @classmethod
    def of(cls, account_type_id: UUID, phases: Iterable[Phase]) -> Self:
        """The funnel of an account type out of any phases; archived and foreign ones drop out."""
        own = (p for p in phases if p.account_type_id == account_type_id and p.archived_at_utc is None)
        return cls(account_type_id, tuple(sorted(own, key=lambda p: p.sort_key)))

    def of_type(self, phase_type: PhaseType) -> tuple[Phase, ...]:
        return tuple(p for p in self.phases if p.phase_type is phase_type)

    @property
    def missing(self) -> tuple[Message, ...]:
        """What the funnel lacks before leads can travel through it, in words (P3)."""
        lacks = []
        if not self.of_type(PhaseType.QUALIFICATION):
            lacks.append(say("No qualification phase yet: without one a lead has nowhere to start. Add one."))
        if len(self.of_type(PhaseType.QUALIFICATION)) > 1:
            lacks.append(
                say("More than one qualification phase: a lead can start in one only. Archive the others.")
            )
        if not self.of_type(PhaseType.CLOSING):
            lacks.append(
                say(
                    "No closing phase yet: without one no closing reason can be chosen "
                    "on the customer card. Add one."
                )
            )
        return tuple(lacks)

    @property
    def is_ready(self) -> bool:
        return not self.missing

    def require_ready(self) -> None:
        """Raises: Refused, in the words of `missing` (P3)."""
        for lack in self.missing:
            raise Refused(lack)

    @property
    def first(self) -> Phase:
        """The qualification phase. Raises: Refused where the funnel is not ready."""
        self.require_ready()
        return self.phases[0]

    def phase(self, phase_id: UUID) -> Phase:
        """Raises: NotFound where the phase is not one of this funnel."""
        for phase in self.phases:
            if phase.id == phase_id:
                return phase
        raise NotFound(say("This phase is not part of the funnel, or is archived. Choose another."))

    def next_after(self, current: Phase) -> Phase | None:
        """The phase that completing `current` leads to; None behind a closing phase."""
        if current.phase_type is PhaseType.CLOSING:
            return None
        return next((p for p in self.phases if p.sort_key > current.sort_key), None)

    def between(self, start: Phase, target: Phase) -> tuple[Phase, ...]:
        """The phases that a move from `start` to `target` jumps over (L3).

        Closing phases are alternatives to one another, so going to one skips none of the others.
        """
        return tuple(
            p
            for p in self.phases
            if start.sort_key < p.sort_key < target.sort_key and p.phase_type is not PhaseType.CLOSING
        )

    def before(self, target: Phase) -> tuple[Phase, ...]:
        """The phases ahead of `target` that a lead entering there jumps over."""
        return tuple(
            p for p in self.phases if p.sort_key < target.sort_key and p.phase_type is not PhaseType.CLOSING
        )
