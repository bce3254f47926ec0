"""Fields, values and choices in words: one place for what they are called on every screen."""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from crmplus.domain.actor import Role
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.invitation import Purpose
from crmplus.domain.lead import Lead
from crmplus.domain.message import say
from crmplus.domain.phase import PhaseType
from crmplus.domain.session import Way
from crmplus.domain.sight import Reach
from crmplus.domain.target import owner_and_month
from crmplus.domain.workspace import RecurringPeriod
from crmplus.services.account_types import list_account_types
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.phases import list_phases
from crmplus.ui.session import _, language, now, people, read

_FIELDS = {
    "number": say("Number"),
    "name": say("Name"),
    "account_type_id": say("Account type"),
    "contact": say("Contact"),
    "email": say("E-mail"),
    "phone": say("Phone"),
    "street": say("Street"),
    "postal_code": say("Postal code"),
    "city": say("City"),
    "country": say("Country"),
    "remark": say("Remark"),
    "owner_id": say("Owner"),
    "is_active": say("Active"),
    "title": say("Title"),
    "phase_id": say("Phase"),
    "score": say("Score"),
    "expected_value": say("Expected value"),
    "recurring_value": say("Recurring value"),
    "expected_close_date": say("Expected close date"),
    "note": say("Note"),
    "closing_reason_id": say("Closing reason"),
    "closed_at_utc": say("Closing date"),
    "skipped": say("Skipped"),
    "code": say("Code"),
    "description": say("Description"),
    "order_number": say("Order"),
    "uses_phases": say("Lead phases"),
    "is_default": say("Default"),
    "phase_type": say("Phase type"),
    "limit_days": say("Limit in days"),
    "outcome": say("Outcome"),
    "initials": say("Initials"),
    "role": say("Role"),
    "company_name": say("Company name"),
    "currency": say("Currency"),
    "recurring_period": say("Recurring period"),
    "language": say("Language"),
    "first_weekday": say("First day of the week"),
    "time_zone": say("Time zone"),
    "archived_at_utc": say("Archived"),
    "amount": say("Target"),
    "month": say("Month"),
    "due_date": say("Due"),
    "due_time": say("Time"),
    "done_at_utc": say("Done"),
    "text": say("Note"),
    "job_title": say("Job title"),
    "page": say("Page"),
    "query": say("Filters"),
    "is_shared": say("Shared"),
    "members": say("Members"),
    "manager_sees": say("Managers see"),
    "rep_sees": say("Reps see"),
    "viewer_sees": say("Viewers see"),
    "way": say("Way of signing in"),
    "purpose": say("Kind of link"),
    "ends_at_utc": say("Valid until"),
}
_FIELDS_OF = {
    ("next_step", "description"): say("Next step"),
}
"""Those that are called otherwise with one kind of row."""


def field_name(field: str, entity: str = "") -> str:
    """What a field is called; empty for those that say nothing to people."""
    if target := owner_and_month(field):
        return _("{owner}, {month}", owner=owner_name(target[0]), month=language().month(target[1]))
    if (entity, field) in _FIELDS_OF:
        return language().message(_FIELDS_OF[entity, field])
    return language().message(_FIELDS[field]) if field in _FIELDS else ""


def value_words(field: str, value: object) -> str:
    """A value as people read it; it may come from the change log, which keeps text."""
    if value is None or value == "":
        return "–"
    if isinstance(value, list | tuple):
        kind = "owner_id" if field == "members" else "phase_id"
        return ", ".join(value_words(kind, each) for each in value) or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = language()
    if owner_and_month(field):
        return words.money(Decimal(str(value)))
    match field:
        case "expected_value" | "recurring_value" | "amount":
            return words.money(Decimal(str(value)))
        case "month":
            return words.month(date.fromisoformat(str(value)))
        case "expected_close_date" | "due_date":
            return words.day(date.fromisoformat(str(value)))
        case "due_time":
            return f"{time.fromisoformat(str(value)):%H:%M}"
        case "closed_at_utc" | "archived_at_utc" | "done_at_utc" | "ends_at_utc":
            return words.date_and_time(datetime.fromisoformat(str(value)))
        case "phase_type":
            return phase_type_name(PhaseType(str(value)))
        case "outcome":
            return outcome_name(Outcome(str(value)))
        case "role":
            return role_name(Role(str(value)))
        case "recurring_period":
            return period_name(RecurringPeriod(str(value)))
        case "manager_sees" | "rep_sees" | "viewer_sees":
            return reach_name(Reach(str(value)))
        case "way":
            return way_name(Way(str(value)))
        case "purpose":
            return purpose_name(Purpose(str(value)))
        case "first_weekday":
            return words.weekday(int(str(value)))
        case "language":
            return words.NAMES.get(str(value), str(value))
    return _reference(field, str(value))


def _reference(field: str, text: str) -> str:
    """The description of what a key names, the text itself where it is no key."""
    match field:
        case "account_type_id":
            found = {t.id: t.description for t in read(list_account_types, with_archived=True)}
        case "phase_id":
            found = {p.id: p.description for p in read(list_phases, with_archived=True)}
        case "closing_reason_id":
            found = {r.id: r.description for r in read(list_closing_reasons, with_archived=True)}
        case "owner_id":
            found = {p.id: p.name for p in people().values()}
        case _other:
            return text
    return found.get(UUID(text), "–")


def phase_type_name(phase_type: PhaseType) -> str:
    return {
        PhaseType.QUALIFICATION: _("qualification"),
        PhaseType.REGULAR: _("regular"),
        PhaseType.CLOSING: _("closing"),
    }[phase_type]


def outcome_name(outcome: Outcome) -> str:
    return {Outcome.WON: _("won"), Outcome.LOST: _("lost"), Outcome.NEITHER: _("neither")}[outcome]


def outcome_icon(outcome: Outcome) -> str:
    """A sign for it, so that colour is never alone."""
    return {
        Outcome.WON: ":material/check_circle:",
        Outcome.LOST: ":material/cancel:",
        Outcome.NEITHER: ":material/do_not_disturb_on:",
    }[outcome]


def role_name(role: Role) -> str:
    return {
        Role.ADMIN: _("administrator"),
        Role.MANAGER: _("manager"),
        Role.REP: _("rep"),
        Role.VIEWER: _("viewer"),
    }[role]


def reach_name(reach: Reach) -> str:
    return {Reach.OWN: _("their own"), Reach.TEAM: _("their team's"), Reach.ALL: _("all")}[reach]


def way_name(way: Way) -> str:
    return {Way.PASSWORD: _("password"), Way.OIDC: _("provider"), Way.PROXY: _("proxy")}[way]


def purpose_name(purpose: Purpose) -> str:
    return {Purpose.INVITE: _("invitation"), Purpose.RESET: _("another password")}[purpose]


def period_name(period: RecurringPeriod) -> str:
    return {
        RecurringPeriod.MONTH: _("month"),
        RecurringPeriod.QUARTER: _("quarter"),
        RecurringPeriod.YEAR: _("year"),
    }[period]


def per_period(period: RecurringPeriod) -> str:
    return {
        RecurringPeriod.MONTH: _("per month"),
        RecurringPeriod.QUARTER: _("per quarter"),
        RecurringPeriod.YEAR: _("per year"),
    }[period]


def owner_name(owner_id: UUID | None) -> str:
    person = people().get(owner_id) if owner_id else None
    return person.name if person else _("nobody")


def lead_name(lead: Lead) -> str:
    """A lead in a picker: its title, or when it was opened, and how it stands."""
    opened = language().local_date(lead.opened_at_utc)
    name = lead.title or _("Lead of {date}", date=opened)
    if lead.is_open:
        days = language().days(language().days_since(lead.opened_at_utc, now()))
        return _("{name} (open, {days})", name=name, days=days)
    closed = language().local_date(lead.closed_at_utc) if lead.closed_at_utc else ""
    return _("{name} (closed {date})", name=name, date=closed)
