"""What the names in a file mean: settings and people of ours, or such as the import will make."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import Role
from crmplus.domain.closing_reason import ClosingReason, ClosingReasonDraft, Outcome
from crmplus.domain.customer import search_key
from crmplus.domain.errors import Invalid, NotFound, Refused
from crmplus.domain.fields import LARGEST_ORDER_NUMBER
from crmplus.domain.funnel import Funnel
from crmplus.domain.message import Message, say
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.phase import Phase, PhaseDraft, PhaseType
from crmplus.exchange.bad_cell import BadCell
from crmplus.exchange.mapping import Action, Choice, ImportMapping
from crmplus.services.rows import as_values
from crmplus.store.connection import Connection
from crmplus.store.identity import new_id
from crmplus.store.tables import ACCOUNT_TYPE, CLOSING_REASON, PERSON, PHASE

Made = AccountType | Phase | ClosingReason | Person
Row = TypeVar("Row", bound=Any)
"""A setting or a person."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phase's or status's name puts a lead: standing in a phase, or closed with a reason.

    `closing` is the closing phase, where the name is that of one.
    """

    phase: Phase | None = None
    closing: Phase | None = None
    reason: ClosingReason | None = None


@dataclass(slots=True)
class Settings:
    """The settings and people in use, and those that the import will make."""

    account_types: list[AccountType]
    phases: list[Phase]
    reasons: list[ClosingReason]
    people: list[Person]
    archived_reasons: list[ClosingReason] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    """Codes in use, those of archived settings too."""
    made: list[Made] = field(default_factory=list)

    @classmethod
    def load(cls, connection: Connection) -> "Settings":
        types, phases = ACCOUNT_TYPE.where(connection), PHASE.where(connection)
        reasons = CLOSING_REASON.where(connection)
        return cls(
            account_types=sorted(_in_use(types), key=lambda t: (t.order_number, t.code)),
            phases=_in_use(phases),
            reasons=sorted(_in_use(reasons), key=lambda r: (r.order_number, r.code)),
            people=_in_use(PERSON.where(connection)),
            archived_reasons=[row for row in reasons if row.archived_at_utc],
            taken={row.code for rows in (types, phases, reasons) for row in rows},
        )

    def is_based_on(self, now: "Settings") -> bool:
        """Whether these are the settings of now, beside those that the import makes."""
        made = {row.id for row in self.made}
        return all(
            {row.id: row for row in ours if row.id not in made} == {row.id: row for row in theirs}
            for ours, theirs in (
                (self.account_types, now.account_types),
                (self.phases, now.phases),
                (self.reasons, now.reasons),
                (self.people, now.people),
            )
        )

    def drop_unused(self, used: Collection[object]) -> None:
        """Make none of what no good row names, `used` being keys as text. Phases stay: those that leads
        jumped over are named by none."""
        dropped = {row.id for row in self.made if not isinstance(row, Phase) and str(row.id) not in used}
        self.made = [row for row in self.made if row.id not in dropped]
        self.account_types = [row for row in self.account_types if row.id not in dropped]
        self.reasons = [row for row in self.reasons if row.id not in dropped]
        self.people = [row for row in self.people if row.id not in dropped]

    def account_type(self, code: str) -> AccountType:
        """Raises: Refused where none in use has this code."""
        return _by_code(self.account_types, code, say("There is no account type {code}.", code=code))

    def funnel(self, account_type_id: UUID) -> Funnel:
        return Funnel.of(account_type_id, self.phases)

    def reason(self, code: str) -> ClosingReason:
        return _by_code(self.reasons, code, say("There is no closing reason {code}.", code=code))

    def reason_with(self, reason_id: UUID) -> ClosingReason:
        """The one with this key, archived ones too: a closed lead may have been closed with it."""
        return next(row for row in (*self.reasons, *self.archived_reasons) if row.id == reason_id)

    def phase(self, code: str) -> Phase:
        return _by_code(self.phases, code, say("There is no lead phase {code}.", code=code))

    def person(self, initials: str) -> Person:
        for person in self.people:
            if person.initials == initials:
                return person
        raise Refused(say("There is nobody with the initials {initials}.", initials=initials))

    def make_account_type(self, name: str) -> AccountType:
        if found := _named(self.account_types, name):
            return found
        number = min(LARGEST_ORDER_NUMBER, 10 + max((t.order_number for t in self.account_types), default=0))
        draft = AccountTypeDraft(self._free_code(name), name, number, uses_phases=False, is_default=False)
        made = AccountType(new_id(), **as_values(draft.checked()), archived_at_utc=None, version=1)
        return _added(made, self.account_types, self.made)

    def make_phase(self, name: str, account_type: AccountType) -> Phase:
        """A regular phase, behind the regular ones that are there."""
        own = [p for p in self.phases if p.account_type_id == account_type.id]
        if found := _named(own, name):
            return found
        regular = [p.order_number for p in own if p.phase_type is PhaseType.REGULAR]
        number = min(LARGEST_ORDER_NUMBER, 10 + max(regular, default=0))
        code = self._free_code(f"{account_type.code}-{name}")
        draft = PhaseDraft(account_type.id, code, name, PhaseType.REGULAR, number)
        made = Phase(new_id(), **as_values(draft.checked()), archived_at_utc=None, version=1)
        return _added(made, self.phases, self.made)

    def make_reason(self, name: str, outcome: Outcome) -> ClosingReason:
        if found := _named(self.reasons, name):
            return found
        number = min(LARGEST_ORDER_NUMBER, 10 + max((r.order_number for r in self.reasons), default=0))
        draft = ClosingReasonDraft(self._free_code(name), name, number, outcome)
        made = ClosingReason(new_id(), **as_values(draft.checked()), archived_at_utc=None, version=1)
        return _added(made, self.reasons, self.made)

    def make_person(self, name: str) -> Person:
        for person in self.people:
            if search_key(person.name) == search_key(name):
                return person
        draft = PersonDraft(name, _initials(name, {p.initials for p in self.people}), Role.REP)
        made = Person(new_id(), **as_values(draft.checked()), archived_at_utc=None, version=1)
        return _added(made, self.people, self.made)

    def _free_code(self, name: str) -> str:
        """A code made of a name: its letters and digits, in capitals."""
        base = re.sub(r"[^A-Z0-9]+", "-", search_key(name).upper()).strip("-")[:20].strip("-") or "NEW"
        code, number = base, 1
        while code in self.taken:
            number += 1
            code = f"{base[: 19 - len(str(number))]}-{number}"
        self.taken.add(code)
        return code


class Meanings:
    """Looks up what a name in a file means, by the user's choices; each name is resolved once."""

    def __init__(self, mapping: ImportMapping, settings: Settings) -> None:
        self.settings = settings
        self.default_type = settings.account_type(mapping.account_type)
        self._choices = mapping.values
        self._found: dict[tuple[str, str], object] = {}

    def account_type(self, name: str) -> AccountType | None:
        """Raises: BadCell, as do the others."""
        found = self._resolved("account_type", name)
        assert found is None or isinstance(found, AccountType)
        return found

    def person(self, field_key: str, name: str) -> Person | None:
        found = self._resolved(field_key, name)
        assert found is None or isinstance(found, Person)
        return found

    def reason(self, name: str) -> ClosingReason | None:
        found = self._resolved("closing_reason", name)
        assert found is None or isinstance(found, ClosingReason)
        return found

    def place(self, field_key: str, name: str) -> Place:
        """What a phase or a status says; an empty place where it says nothing."""
        found = self._resolved(field_key, name)
        assert found is None or isinstance(found, Place)
        return found or Place()

    def prepare(self, names: Mapping[str, Iterable[str]]) -> None:
        """Resolve every name of the file, so that what is made is known before the first row.

        Names without a meaning, or with one that is refused, show with their rows.
        """
        for field_key, found in names.items():
            for name in found:
                try:
                    self._resolved(field_key, name)
                except BadCell:
                    continue

    def _resolved(self, field_key: str, name: str) -> object:
        known = (field_key, name)
        if known not in self._found:
            self._found[known] = self._resolve(field_key, name) if name else None
        found = self._found[known]
        if isinstance(found, BadCell):
            raise found
        return found

    def _resolve(self, field_key: str, name: str) -> object:
        choice = self._choices.get(field_key, {}).get(name)
        if choice is None:
            return BadCell(say("Nobody has said yet what this means. Choose it under Values."))
        if choice.action is Action.REFUSE:
            return BadCell(say("Rows with this value are refused, as chosen under Values."))
        if choice.action is Action.EMPTY:
            return None
        try:
            return self._chosen(field_key, name, choice)
        except (Invalid, NotFound, Refused) as error:
            return BadCell(error.message)

    def _chosen(self, field_key: str, name: str, choice: Choice) -> object:
        settings, makes = self.settings, choice.action is Action.MAKE
        match field_key:
            case "account_type":
                return settings.make_account_type(name) if makes else settings.account_type(choice.code)
            case "lead_owner" | "customer_owner":
                return settings.make_person(name) if makes else settings.person(choice.code)
            case "closing_reason":
                outcome = Outcome(choice.outcome or Outcome.LOST)
                return settings.make_reason(name, outcome) if makes else settings.reason(choice.code)
            case "phase":
                return self._phase(name, choice)
        return self._status(name, choice)

    def _phase(self, name: str, choice: Choice) -> Place:
        if choice.action is Action.MAKE:
            return Place(phase=self.settings.make_phase(name, self.default_type))
        phase = self.settings.phase(choice.code)
        if phase.phase_type is not PhaseType.CLOSING:
            return Place(phase=phase)
        return Place(closing=phase, reason=self.settings.reason(choice.reason) if choice.reason else None)

    def _status(self, name: str, choice: Choice) -> Place:
        if choice.action is Action.MAKE:
            return Place(reason=self.settings.make_reason(name, Outcome(choice.outcome or Outcome.NEITHER)))
        return Place(reason=self.settings.reason(choice.reason or choice.code))


def _in_use(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.archived_at_utc is None]


def _by_code(rows: Iterable[Row], code: str, lacking: Message) -> Row:
    for row in rows:
        if row.code == code.upper():
            return row
    raise Refused(lacking)


def _named(rows: Iterable[Row], name: str) -> Row | None:
    wanted = search_key(name)
    return next((r for r in rows if wanted in (search_key(r.description), search_key(r.code))), None)


def _added(made: Row, rows: list[Row], all_made: list[Made]) -> Row:
    rows.append(made)
    all_made.append(made)
    return made


def _initials(name: str, taken: set[str]) -> str:
    """Free initials of at most four letters: DS, then DS2 ..."""
    letters = "".join(word[0] for word in re.findall(r"\w+", name)).upper()[:3] or "X"
    initials, number = letters, 1
    while initials in taken:
        number += 1
        initials = letters[: 4 - len(str(number))] + str(number)
    return initials
