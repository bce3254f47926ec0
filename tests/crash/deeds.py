"""What writers do to leads, each in a thread of its own, through the services that pages call."""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.errors import Conflict, CrmError, Invalid, NotFound, Refused
from crmplus.domain.lead import LeadValues
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.phase import PhaseType
from crmplus.services.customers import add_customer, change_customer
from crmplus.services.lead_edits import LeadEdit, edit_lead
from crmplus.services.leads import (
    LeadCard,
    close_lead,
    complete_phase,
    get_lead_card,
    list_leads_of_customer,
    move_lead,
    reopen_lead,
    save_lead,
    start_lead,
)
from crmplus.services.next_steps import add_next_step, change_next_step, finish_next_step, list_next_steps
from crmplus.services.notes import add_note, list_notes, remove_note
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import account_type, draft_of, reason

ACTOR = LOCAL_ADMIN
EXPLAINED = (Conflict, Refused, Invalid, NotFound)
"""What a rule says, or somebody else's change: anything else is no answer to a user."""
Tell = Callable[[dict[str, Any]], None]


@dataclass
class Writer:
    """One thread's work. `tell` hears of what is about to be made and of what a service has acknowledged."""

    database: Database
    number: int
    tell: Tell
    leads: list[UUID]
    rng: random.Random = field(default_factory=random.Random)
    has_own: bool = True
    refusals: list[CrmError] = field(default_factory=list)
    acknowledged: int = 0

    def __post_init__(self) -> None:
        self._type = account_type(self.database).id
        self._reasons = [reason(self.database, code).id for code in ("WON", "LOST", "COMPETITOR")]

    def one(self) -> None:
        """One deed, refused or not."""
        deeds = (*_ON_LEADS, *_MAKING) if self.has_own else _ON_LEADS
        try:
            self.rng.choice(deeds)(self)
        except EXPLAINED as refusal:
            self.refusals.append(refusal)

    def saved(self, entity: str, row: Any, is_there: bool = True) -> None:
        self.acknowledged += 1
        told = {"entity": entity, "id": str(row.id), "version": row.version, "is_there": is_there}
        self.tell(told | {"row": fingerprint(row)})

    def about_to(self, entity: str, lead_id: UUID, text: str) -> UUID:
        """The key of what is made next: who never hears whether it was makes it again."""
        key = new_id()
        self.tell({"about_to": entity, "id": str(key), "lead_id": str(lead_id), "text": text})
        return key

    def a_lead(self) -> LeadCard:
        return get_lead_card(self.database, ACTOR, self.rng.choice(self.leads))

    def some_values(self) -> LeadValues:
        amount = Decimal(self.rng.randrange(1, 10**7)) / 100
        day = now().date() + timedelta(days=self.rng.randrange(1, 90))
        return LeadValues(
            self.rng.randrange(1, 101), amount, amount / 2 // 1, day, "note " * self.rng.choice((1, 200))
        )


def fingerprint(row: object) -> str:
    return hashlib.sha256(repr(row).encode()).hexdigest()[:16]


def now() -> datetime:
    return datetime.now(UTC)


def _customer(who: Writer) -> None:
    draft = CustomerDraft(name=f"Customer of {who.number}", account_type_id=who._type, remark="r" * 200)
    made = add_customer(who.database, ACTOR, draft, now(), new=new_id())
    who.saved("customer", made)
    who.leads += [lead.id for lead in list_leads_of_customer(who.database, ACTOR, made.id)]
    renamed = replace(draft_of(made), name=f"{made.name}, renamed")
    who.saved("customer", change_customer(who.database, ACTOR, made.id, made.version, renamed, now()))


def _start(who: Writer) -> None:
    customer_id = who.a_lead().lead.customer_id
    made = start_lead(who.database, ACTOR, customer_id, now(), f"Further lead of {who.number}", new=new_id())
    who.saved("lead", made)
    who.leads.append(made.id)


def _save(who: Writer) -> None:
    lead = who.a_lead().lead
    who.saved("lead", save_lead(who.database, ACTOR, lead.id, lead.version, who.some_values(), now()))


def _edit(who: Writer) -> None:
    lead = who.a_lead().lead
    edit = LeadEdit(score=who.rng.randrange(1, 101))
    who.saved("lead", edit_lead(who.database, ACTOR, lead.id, lead.version, edit, now()))


def _complete(who: Writer) -> None:
    lead = who.a_lead().lead
    who.saved("lead", complete_phase(who.database, ACTOR, lead.id, lead.version, who.some_values(), now()))


def _move(who: Writer) -> None:
    card = who.a_lead()
    phase = who.rng.choice(card.funnel.phases)
    lead, values = card.lead, who.some_values()
    who.saved("lead", move_lead(who.database, ACTOR, lead.id, lead.version, phase.id, values, now()))


def _close(who: Writer) -> None:
    card = who.a_lead()
    lead, closing = card.lead, card.funnel.of_type(PhaseType.CLOSING)[0].id
    why, values = who.rng.choice(who._reasons), who.some_values()
    who.saved("lead", close_lead(who.database, ACTOR, lead.id, lead.version, closing, why, values, now()))


def _reopen(who: Writer) -> None:
    card = who.a_lead()
    phase = who.rng.choice(card.funnel.phases[:-1])
    who.saved("lead", reopen_lead(who.database, ACTOR, card.lead.id, card.lead.version, phase.id, now()))


def _note(who: Writer) -> None:
    lead = who.a_lead().lead
    text = f"Note of {who.number}: {who.rng.random()}"
    key = who.about_to("note", lead.id, text)
    who.saved("note", add_note(who.database, ACTOR, lead.id, text, now(), new=key))


def _remove_note(who: Writer) -> None:
    for note in list_notes(who.database, ACTOR, who.a_lead().lead.id)[:1]:
        remove_note(who.database, ACTOR, note.id, note.version, now())
        who.saved("note", replace(note, version=note.version + 1), is_there=False)


def _plan(who: Writer) -> None:
    draft = NextStepDraft("Call", now().date() + timedelta(days=1))
    who.saved(
        "next_step", add_next_step(who.database, ACTOR, who.a_lead().lead.id, draft, now(), new=new_id())
    )


def _put_off(who: Writer) -> None:
    for step in list_next_steps(who.database, ACTOR, who.a_lead().lead.id)[:1]:
        draft = NextStepDraft("Call again", step.due_date + timedelta(days=1))
        who.saved("next_step", change_next_step(who.database, ACTOR, step.id, step.version, draft, now()))


def _finish(who: Writer) -> None:
    for step in list_next_steps(who.database, ACTOR, who.a_lead().lead.id)[:1]:
        who.saved("next_step", finish_next_step(who.database, ACTOR, step.id, step.version, now()))


_MAKING = (_customer, _start)
_ON_LEADS = (_save, _edit, _complete, _move, _close, _reopen, _note, _remove_note, _plan, _put_off, _finish)
