"""The workspace: what holds for the whole company."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from crmplus.domain.actor import Role
from crmplus.domain.fields import Check
from crmplus.domain.message import say
from crmplus.domain.sight import Reach

LANGUAGES = ("en", "nl")
WORKSPACE_ID = UUID(int=1)
"""There is one workspace a database; a fixed key lets its history be found like any other."""


class RecurringPeriod(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class WorkspaceDraft:
    """What a form says about the workspace.

    `currency` is an ISO 4217 code, `first_weekday` counts from Monday = 0, `time_zone` is an
    IANA name: figures count days as that place does. `manager_sees` and the others say whose customers
    and leads a role sees; an administrator sees everybody's.
    """

    company_name: str
    currency: str
    recurring_period: RecurringPeriod
    language: str
    first_weekday: int
    time_zone: str
    manager_sees: Reach = Reach.ALL
    rep_sees: Reach = Reach.ALL
    viewer_sees: Reach = Reach.ALL

    def checked(self) -> Self:
        """The draft, cleaned. Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            company_name=check.text("company_name", self.company_name, 80),
            currency=self.currency.upper(),
        )
        if not (len(clean.currency) == 3 and clean.currency.isascii() and clean.currency.isalpha()):
            check.refuse("currency", say("Use a currency code of three letters, such as EUR."))
        if self.language not in LANGUAGES:
            check.refuse("language", say("This language is not available."))
        if not 0 <= self.first_weekday <= 6:
            check.refuse("first_weekday", say("Choose a day of the week."))
        if self.time_zone not in available_timezones():
            check.refuse("time_zone", say("This time zone is not known."))
        check.done()
        return clean


@dataclass(frozen=True, slots=True)
class Workspace:
    id: UUID
    company_name: str
    currency: str
    recurring_period: RecurringPeriod
    language: str
    first_weekday: int
    time_zone: str
    is_demo: bool
    version: int
    manager_sees: Reach = Reach.ALL
    rep_sees: Reach = Reach.ALL
    viewer_sees: Reach = Reach.ALL

    def reach_of(self, role: Role) -> Reach:
        """How far somebody in this role sees."""
        return {
            Role.ADMIN: Reach.ALL,
            Role.MANAGER: self.manager_sees,
            Role.REP: self.rep_sees,
            Role.VIEWER: self.viewer_sees,
        }[role]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)
