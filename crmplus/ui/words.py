"""Fields, values and choices in words: one place for what they are called on every screen."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from crmplus.domain.actor import Role
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.phase import PhaseType
from crmplus.domain.workspace import RecurringPeriod
from crmplus.services.account_types import list_account_types
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.phases import list_phases
from crmplus.ui.session import _, language, people, read


def field_name(field: str) -> str:
    """What a field is called; empty for those that say nothing to people."""
    return {
        "number": _("Number"),
        "name": _("Name"),
        "account_type_id": _("Account type"),
        "contact": _("Contact"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "street": _("Street"),
        "postal_code": _("Postal code"),
        "city": _("City"),
        "country": _("Country"),
        "remark": _("Remark"),
        "owner_id": _("Owner"),
        "is_active": _("Active"),
        "title": _("Title"),
        "phase_id": _("Phase"),
        "score": _("Score"),
        "expected_value": _("Expected value"),
        "recurring_value": _("Recurring value"),
        "expected_close_date": _("Expected close date"),
        "note": _("Note"),
        "closing_reason_id": _("Closing reason"),
        "closed_at_utc": _("Closing date"),
        "skipped": _("Skipped"),
        "code": _("Code"),
        "description": _("Description"),
        "order_number": _("Order"),
        "uses_phases": _("Lead phases"),
        "is_default": _("Default"),
        "phase_type": _("Phase type"),
        "outcome": _("Outcome"),
        "initials": _("Initials"),
        "role": _("Role"),
        "company_name": _("Company name"),
        "currency": _("Currency"),
        "recurring_period": _("Recurring period"),
        "language": _("Language"),
        "first_weekday": _("First day of the week"),
        "time_zone": _("Time zone"),
        "archived_at_utc": _("Archived"),
    }.get(field, "")


def value_words(field: str, value: object) -> str:
    """A value as people read it; it may come from the change log, which keeps text."""
    if value is None or value == "":
        return "–"
    if isinstance(value, list):
        return ", ".join(value_words("phase_id", each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = language()
    match field:
        case "expected_value" | "recurring_value":
            return words.money(Decimal(str(value)))
        case "expected_close_date":
            return words.day(date.fromisoformat(str(value)))
        case "closed_at_utc" | "archived_at_utc":
            return words.date_and_time(datetime.fromisoformat(str(value)))
        case "phase_type":
            return phase_type_name(PhaseType(str(value)))
        case "outcome":
            return outcome_name(Outcome(str(value)))
        case "role":
            return role_name(Role(str(value)))
        case "recurring_period":
            return period_name(RecurringPeriod(str(value)))
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
