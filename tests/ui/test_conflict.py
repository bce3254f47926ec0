"""Saving on top of a conflict changes only what was typed (L6)."""

from dataclasses import replace
from uuid import uuid4

from crmplus.domain.customer import Customer, CustomerDraft
from crmplus.services.rows import as_values
from crmplus.ui.conflict import on_top, touched
from crmplus.ui.text import distinct

TYPE = uuid4()
LOADED = Customer(
    uuid4(),
    "C-1",
    "De Ster",
    TYPE,
    "",
    "",
    "",
    "",
    "",
    "Gent",
    "",
    "",
    owner_id=None,
    is_active=True,
    version=3,
)
FORM = CustomerDraft(**{name: getattr(LOADED, name) for name in as_values(CustomerDraft("", TYPE))})


def test_only_fields_that_differ_from_what_was_loaded_were_typed_in() -> None:
    assert touched(FORM, LOADED) == {}
    assert touched(replace(FORM, remark="call first"), LOADED) == {"remark": "call first"}


def test_l6_on_top_keeps_what_somebody_else_saved_elsewhere() -> None:
    theirs = replace(LOADED, city="Utrecht", phone="030", remark="theirs", version=4)
    saved = on_top(replace(FORM, remark="mine"), LOADED, theirs)
    assert (saved.city, saved.phone, saved.remark) == ("Utrecht", "030", "mine")


def test_a_field_that_was_emptied_counts_as_typed_in() -> None:
    saved = on_top(replace(FORM, city=""), LOADED, replace(LOADED, city="Utrecht"))
    assert saved.city == ""


def test_equal_names_in_a_picker_are_numbered_and_others_left_alone() -> None:
    assert distinct({1: "Ann", 2: "Bea", 3: "Ann"}) == {1: "Ann", 2: "Bea", 3: "Ann (2)"}
