"""What a column of a file can be, and by which names files call it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What one row of a file describes."""

    CUSTOMERS = "customers"
    LEADS = "leads"
    """One lead, with its customer."""
    HISTORY = "history"
    """One visit of a lead to a phase, or one change of it: rows of one lead make its history."""


class Content(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    EMAIL = "email"
    AMOUNT = "amount"
    SCORE = "score"
    DAY = "day"
    MOMENT = "moment"
    """A day, or a day with a time."""
    YES_NO = "yes_no"
    NAMED = "named"
    """The name of a setting or a person, which the values step maps to ours."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can be; `is_of_lead` where it describes the lead, else its customer."""

    key: str
    content: Content
    is_of_lead: bool


def _customer(key: str, content: Content = Content.TEXT) -> Field:
    return Field(key, content, is_of_lead=False)


def _lead(key: str, content: Content = Content.TEXT) -> Field:
    return Field(key, content, is_of_lead=True)


FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        _customer("customer_name"),
        _customer("customer_number"),
        _customer("customer_id"),  # the key another system knows the customer by
        _customer("account_type", Content.NAMED),
        _customer("contact"),
        _customer("contact_first_name"),
        _customer("contact_last_name"),
        _customer("email", Content.EMAIL),
        _customer("phone"),
        _customer("street"),
        _customer("house_number"),
        _customer("house_number_addition"),
        _customer("postal_code"),
        _customer("city"),
        _customer("country"),
        _customer("remark"),
        _customer("customer_owner", Content.NAMED),
        _customer("is_active", Content.YES_NO),
        _lead("lead_id"),  # the key another system knows the lead by
        _lead("title"),
        _lead("phase", Content.NAMED),
        _lead("status", Content.NAMED),  # open, won, lost
        _lead("closing_reason", Content.NAMED),
        _lead("lead_owner", Content.NAMED),
        _lead("score", Content.SCORE),
        _lead("expected_value", Content.AMOUNT),
        _lead("recurring_value", Content.AMOUNT),
        _lead("expected_close_date", Content.DAY),
        _lead("note"),
        _lead("opened_at", Content.MOMENT),
        _lead("phase_entered_at", Content.MOMENT),  # in a history: when the visit or change was
        _lead("closed_at", Content.MOMENT),
        _lead("won_at", Content.MOMENT),  # closed as well, where a system has a column for each
        _lead("lost_at", Content.MOMENT),
    )
}
