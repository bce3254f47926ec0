"""Whose day it is, and which figures go with it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crmplus.analytics.choice import Choice
from crmplus.analytics.owners import OwnerFigures, measure_owners
from crmplus.analytics.period import Period
from crmplus.domain.actor import Role
from crmplus.ui.pickers import ALL, filter_by_owner, owners_by_code
from crmplus.ui.session import _, actor, people, read, workspace


@dataclass(frozen=True, slots=True)
class Whose:
    """An owner, None being everybody, and what the URL calls it."""

    code: str
    owner_id: UUID | None

    @property
    def is_everybody(self) -> bool:
        return self.owner_id is None


def choose_whose() -> Whose:
    """A rep begins with the own day, others with everybody's."""
    owners = owners_by_code()
    names = {ALL: _("everybody"), **{code: person.name for code, person in owners.items()}}
    me = actor()
    if me.role is Role.REP and me.person_id:
        own = people()[me.person_id].initials
        names = {own: names[own], **names}
    code = filter_by_owner("of", _("Whose day"), names)
    return Whose(code, owners[code].id if code in owners else None)


def won_this_month(owner_id: UUID | None, today: date) -> OwnerFigures:
    """What was won from the first of the month to today against the target, as the page Owners says it."""
    month = Period(today.replace(day=1), today, workspace().zone, months=1)
    return read(measure_owners, Choice(owner_id=owner_id, period=month), today).total
