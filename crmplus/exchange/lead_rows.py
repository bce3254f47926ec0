"""The leads of a file: what each row says of one, held against the rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.domain.account_type import AccountType
from crmplus.domain.customer import CustomerDraft, search_key
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.lead import LeadValues, checked_title
from crmplus.domain.message import say
from crmplus.domain.phase import Phase, PhaseType
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.meanings import Meanings, Place
from crmplus.exchange.problems import (
    ALIKE,
    CLOSED_YET_OPEN,
    EXPECTED_CLOSE,
    NO_CLOSING,
    NO_OPENING,
    NO_OPENING_CLOSED,
    BadRow,
    Notes,
)
from crmplus.exchange.shapes import Shapes
from crmplus.exchange.staging import LEAD_COLUMNS, RowFile, fingerprint, id_text
from crmplus.store.identity import new_id_text

_NAMED = slice(LEAD_COLUMNS.get_field_index("owner_id"), LEAD_COLUMNS.get_field_index("score"))
"""The columns of a lead's row that hold keys of settings and people."""


@dataclass(slots=True)
class LeadRows:
    """Makes leads of cells and writes them; nothing of one may lie behind `at`."""

    mapping: ImportMapping
    meanings: Meanings
    notes: Notes
    file: RowFile
    zone: ZoneInfo
    at: datetime
    shapes: Shapes = field(default_factory=Shapes)
    used: set[object] = field(default_factory=set)
    """The keys of settings and people that good rows name."""
    _seen: dict[int, int] = field(default_factory=dict)
    _funnels: dict[UUID, Funnel] = field(default_factory=dict)

    def add_first(self, draft: CustomerDraft, key: str, line: int) -> None:
        """U3: with a funnel that is ready, work can begin at once."""
        funnel = self._funnel(draft.account_type_id)
        if self._uses_phases(draft.account_type_id) and funnel.is_ready:
            shape = self.shapes.number_of(funnel, None, None, None)
            owner = id_text(draft.owner_id)
            row = (line, "", "", new_id_text(), key, shape, "", owner, id_text(draft.account_type_id))
            self.file.append((*row, *[None] * 11, ""))

    def add(self, row: Sequence[object]) -> None:
        self.used.update(row[_NAMED])
        self.file.append(row)

    def read(self, cells: dict[str, Any], customer_key: str, line: int) -> Sequence[object]:
        """The row of a lead, for `add`. Raises: BadRow."""
        place = self._place(cells)
        account_type = self._account_type(cells)
        funnel = self._funnel(account_type.id)
        phase, closing = self._in_funnel(place, funnel, account_type)
        values = self._values(cells, line, is_open=place.reason is None)
        opened, entered, closed = self._moments(cells, line, is_open=place.reason is None)
        try:
            title = checked_title(cells.get("title", ""))
            shape = self.shapes.number_of(funnel, phase, closing, place.reason)
        except Invalid as error:
            raise BadRow(error.fields) from None
        except Refused as error:
            raise BadRow({"phase": error.message}) from None
        owner = cells.get("lead_owner")
        said = (
            title,
            owner and id_text(owner.id),
            id_text(account_type.id),
            phase and id_text(phase.id),
            place.closing and closing and id_text(closing.id),
            place.reason and id_text(place.reason.id),
            values.score,
            values.expected_value,
            values.recurring_value,
            values.expected_close_date,
            values.note,
            _naive(opened),
            _naive(entered),
            _naive(closed),
        )
        key = self._key(cells, customer_key, line, title)
        # The dates as the file has them: those of today are kept no later than now, which goes on.
        told = (*said[:-3], cells.get("opened_at"), cells.get("phase_entered_at"), _closed_at(cells))
        names = (line, key, fingerprint((customer_key, *told)), new_id_text(), customer_key, shape)
        return (*names, *said, search_key(title))

    def _place(self, cells: dict[str, Any]) -> Place:
        """Where phase, status and closing reason together put the lead. Raises: BadRow."""
        phase: Place = cells.get("phase") or Place()
        status: Place = cells.get("status") or Place()
        named = cells.get("closing_reason")
        reasons = [reason for reason in (named, status.reason, phase.reason) if reason]
        if len({reason.outcome for reason in reasons}) > 1:
            sentence = say("Phase, status and closing reason of this row speak of different outcomes.")
            raise BadRow({"closing_reason" if named else "status": sentence})
        if phase.closing and not reasons:
            raise BadRow({"phase": say("This phase closes the lead, but no closing reason is given.")})
        return Place(phase=phase.phase, closing=phase.closing, reason=next(iter(reasons), None))

    def _account_type(self, cells: dict[str, Any]) -> AccountType:
        found = cells.get("account_type") or self.meanings.default_type
        assert isinstance(found, AccountType)
        if not found.uses_phases:
            sentence = say("{account_type} has no funnel for a lead.", account_type=found.description)
            raise BadRow({"account_type": sentence})
        return found

    def _in_funnel(
        self, place: Place, funnel: Funnel, account_type: AccountType
    ) -> tuple[Phase | None, Phase | None]:
        """The phases of a place within the funnel of the row: by identity, else by description."""
        phase = place.phase and self._same_phase(place.phase, funnel, account_type)
        if not place.reason:
            return phase, None
        closing = place.closing and self._same_phase(place.closing, funnel, account_type)
        if closing is None:
            closing = next(iter(funnel.of_type(PhaseType.CLOSING)), None)
        return phase, closing

    def _same_phase(self, phase: Phase, funnel: Funnel, account_type: AccountType) -> Phase:
        if phase.account_type_id == funnel.account_type_id:
            return phase
        for own in funnel.phases:
            if own.description == phase.description and own.phase_type is phase.phase_type:
                return own
        raise BadRow(
            {
                "phase": say(
                    "{phase} is not a phase of the funnel of {account_type}.",
                    phase=phase.description,
                    account_type=account_type.description,
                )
            }
        )

    def _values(self, cells: dict[str, Any], line: int, *, is_open: bool) -> LeadValues:
        expected_close = cells.get("expected_close_date")
        if is_open and expected_close is None and (closed := _closed_at(cells)):
            expected_close = closed.astimezone(self.zone).date()
            self.notes.add(EXPECTED_CLOSE if closed > self.at else CLOSED_YET_OPEN, line)
        values = LeadValues(
            cells.get("score"),
            cells.get("expected_value"),
            cells.get("recurring_value"),
            expected_close,
            cells.get("note", ""),
        )
        try:
            return values.checked()
        except Invalid as error:
            raise BadRow(error.fields) from None

    def _moments(
        self, cells: dict[str, Any], line: int, *, is_open: bool
    ) -> tuple[datetime | None, datetime | None, datetime | None]:
        """When it was opened, entered its phase, and was closed. Raises: BadRow."""
        opened, entered, closed = self._in_order(
            {
                "opened_at": cells.get("opened_at"),
                "phase_entered_at": cells.get("phase_entered_at"),
                "closed_at": None if is_open else _closed_at(cells),
            }
        )
        if self.mapping.kind is Kind.HISTORY:
            return opened, entered, closed
        if not is_open and not closed:
            self.notes.add(NO_CLOSING, line)
        if not opened and not entered:
            self.notes.add(NO_OPENING if is_open or not closed else NO_OPENING_CLOSED, line)
        return opened, entered, closed

    def _in_order(self, moments: dict[str, datetime | None]) -> list[datetime | None]:
        """Each no earlier than the one before it, none to come. A bare day begins at midnight: on
        the same day the order of the steps says more than the clock. Raises: BadRow."""
        earlier: datetime | None = None
        for key, moment in moments.items():
            if moment is None:
                continue
            if moment > self.at and not self._same_day(moment, self.at):
                raise BadRow({key: say("This date lies in the future.")})
            moment = min(moment, self.at)
            if earlier and moment < earlier:
                if not self._same_day(moment, earlier):
                    raise BadRow({key: say("This date lies before an earlier step of the same lead.")})
                moment = earlier
            moments[key] = earlier = moment
        return list(moments.values())

    def _same_day(self, one: datetime, other: datetime) -> bool:
        return one.astimezone(self.zone).date() == other.astimezone(self.zone).date()

    def _key(self, cells: dict[str, Any], customer_key: str, line: int, title: str) -> str:
        """The lead's key in the other system; else made of what tells it apart. Raises: BadRow."""
        external_id: str = cells.get("lead_id", "").strip()
        if external_id:
            key = "x:" + external_id
            if self.mapping.kind is Kind.HISTORY:
                return key
            earlier = self._seen.setdefault(hash(key), line)
            if earlier != line:
                raise BadRow({"lead_id": say("The same lead stands on line {line} already.", line=earlier)})
            return key
        if self.mapping.kind is Kind.HISTORY:
            raise BadRow({"lead_id": say("Without a key it is not known which lead this row belongs to.")})
        alike = fingerprint((customer_key, title, cells.get("opened_at")))
        number = self._seen[hash(alike)] = self._seen.get(hash(alike), 0) + 1
        if number > 1:
            self.notes.add(ALIKE, line)
        return f"r:{alike}-{number}"

    def _uses_phases(self, account_type_id: UUID) -> bool:
        return any(
            row.uses_phases for row in self.meanings.settings.account_types if row.id == account_type_id
        )

    def _funnel(self, account_type_id: UUID) -> Funnel:
        if account_type_id not in self._funnels:
            self._funnels[account_type_id] = self.meanings.settings.funnel(account_type_id)
        return self._funnels[account_type_id]


def _closed_at(cells: dict[str, Any]) -> datetime | None:
    """When the row says it was closed; some systems have a column for won and one for lost."""
    moment: datetime | None = cells.get("closed_at") or cells.get("won_at") or cells.get("lost_at")
    return moment


def _naive(moment: datetime | None) -> datetime | None:
    """As the store keeps it: UTC without saying so."""
    return moment.replace(tzinfo=None) if moment else None
