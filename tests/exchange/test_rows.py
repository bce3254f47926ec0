"""The check of rows: what a line says of a customer and a lead, and why it may not."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics.choice import Choice as Leads
from crmplus.analytics.closings import measure_closings
from crmplus.analytics.period import Period
from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.errors import Refused
from crmplus.domain.fields import tidy
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import Choice, CustomerKey
from crmplus.services.account_types import change_account_type
from crmplus.services.phases import archive_phase, change_phase
from crmplus.store.database import Database
from tests.exchange.imported import (
    USE,
    as_of,
    check,
    customers,
    journey,
    leads,
    load,
    reasons,
    standing,
    visits,
)
from tests.world import (
    ADMIN,
    NASTY_TEXTS,
    NOW,
    account_type,
    customer,
    new_phase,
    person,
    phase,
    phase_draft,
    query,
)

# Customers and their keys


def test_customers_without_a_number_get_the_next_free_ones_beyond_ours_and_the_file_s(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Ours")
    text = "customer_name;customer_number\nA;\nB;c-00007\nC;X1\nD;\n"
    load(database, tmp_path, text, Kind.CUSTOMERS)
    assert customers(database) == [
        ("C-00001", "Ours"),
        ("C-00008", "A"),
        ("C-00009", "D"),
        ("X1", "C"),
        ("c-00007", "B"),
    ]


def test_a_number_far_beyond_five_digits_is_counted_on_from(database: Database, tmp_path: Path) -> None:
    text = "customer_name;customer_number\nA;C-999999998\nB;\nC;C-999999999999\n"
    load(database, tmp_path, text, Kind.CUSTOMERS)
    assert ("C-999999999", "B") in customers(database)


@pytest.mark.parametrize("ours", ["ACME b.v.", "Acme", "acmé BV"])
def test_a_name_is_the_same_without_case_accents_and_legal_form(
    database: Database, tmp_path: Path, ours: str
) -> None:
    customer(database, ours)
    text = "customer_name;city;title\nAcme B.V.;Utrecht;Oven\nACME;Delft;Hob\n"
    checked, _ = load(database, tmp_path, text)
    assert customers(database) == [("C-00001", ours)], "the name of ours stays as it is"
    assert (checked.counts.customers_changed, checked.counts.leads_made) == (1, 2)
    assert query(database, "SELECT city FROM customer") == [("Utrecht",)], "as its first row says"


def test_two_of_ours_with_one_name_are_told_apart_or_refused(database: Database, tmp_path: Path) -> None:
    customer(database, "Acme")
    customer(database, "ACME BV")
    checked = check(database, tmp_path, "customer_name;title\nAcme;Oven\nOther;Hob\n")
    assert reasons(checked) == [
        (2, "", "More than one customer has this name. Tell them apart by number, or by another key.")
    ]
    text = "customer_name;customer_number;title\nAcme;c-00002;Oven\n"
    load(database, tmp_path, text, customer_key=CustomerKey.NUMBER)
    assert query(
        database, "SELECT number FROM customer JOIN lead ON customer_id = customer.id WHERE title = 'Oven'"
    ) == [("C-00002",)]


def test_a_number_that_another_has_is_refused_whatever_its_case(database: Database, tmp_path: Path) -> None:
    customer(database, "Ours", number="AB-1")
    text = "customer_name;customer_number\nA;ab-1\nB;Q2\nC;q2\n"
    checked, _ = load(database, tmp_path, text, Kind.CUSTOMERS)
    assert [(line, sentence[:30]) for line, _, sentence in reasons(checked)] == [
        (2, "Another customer has this numb"),
        (3, "Another row of this file has t"),
        (4, "Another row of this file has t"),
    ]
    assert customers(database) == [("AB-1", "Ours")]


def test_one_of_ours_named_by_two_keys_is_changed_by_its_first_row_only(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Acme", number="N1")
    text = "customer_name;customer_number;city\nAcme;N1;Delft\nAcme;;Breda\n"
    checked, _ = load(database, tmp_path, text, Kind.CUSTOMERS, customer_key=CustomerKey.NUMBER)
    assert reasons(checked) == [
        (3, "", "An earlier row of this file names the same customer, with other details.")
    ]
    assert query(database, "SELECT city FROM customer") == [("Delft",)]


def test_an_external_id_is_known_again_and_may_be_renamed(database: Database, tmp_path: Path) -> None:
    by_id = CustomerKey.EXTERNAL_ID
    load(
        database,
        tmp_path,
        "customer_id;customer_name\n 'A\" 1 ;Acme\n2;Acme\n",
        Kind.CUSTOMERS,
        customer_key=by_id,
    )
    assert len(customers(database)) == 2
    checked, _ = load(
        database,
        tmp_path,
        "customer_id;customer_name\n'A\" 1;Bakery\n2;Acme\n",
        Kind.CUSTOMERS,
        customer_key=by_id,
    )
    assert (checked.counts.customers_changed, checked.counts.customers_kept) == (1, 1)
    assert sorted(name for _, name in customers(database)) == ["Acme", "Bakery"]


def test_the_same_id_of_another_source_is_another_customer(database: Database, tmp_path: Path) -> None:
    for source, name in (("one", "Acme"), ("two", "Bakery")):
        load(
            database,
            tmp_path,
            f"customer_id;customer_name\n1;{name}\n",
            Kind.CUSTOMERS,
            customer_key=CustomerKey.EXTERNAL_ID,
            source=source,
        )
    assert len(customers(database)) == 2


def test_rows_without_a_customer_are_refused_or_go_to_the_placeholder(
    database: Database, tmp_path: Path
) -> None:
    text = "customer_name;title\n;Oven\n \t;Hob\n"
    assert reasons(check(database, tmp_path, text)) == [
        (2, "customer_name", "This row names no customer."),
        (3, "customer_name", "This row names no customer."),
    ]
    checked, _ = load(database, tmp_path, text, placeholder_customer="Unknown")
    assert customers(database) == [("C-00001", "Unknown")]
    assert checked.notes[0].count == 2


def test_a_row_that_names_its_customer_by_id_alone_never_renames_it(
    database: Database, tmp_path: Path
) -> None:
    by_id = CustomerKey.EXTERNAL_ID
    load(database, tmp_path, "customer_id;customer_name\n7;Acme\n", Kind.CUSTOMERS, customer_key=by_id)
    checked, _ = load(
        database, tmp_path, "customer_id;title\n7;Oven\n", customer_key=by_id, placeholder_customer="Unknown"
    )
    assert customers(database) == [("C-00001", "Acme")]
    assert checked.counts.customers_changed == 0


def test_a_person_s_name_is_the_customer_s_where_no_column_is(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, "contact_first_name;contact_last_name\nAnn;de Wit\n;Bos\n", Kind.CUSTOMERS)
    assert [name for _, name in customers(database)] == ["Ann de Wit", "Bos"]


def test_an_empty_cell_changes_nothing_of_ours(database: Database, tmp_path: Path) -> None:
    ann = person(database)
    customer(database, "Acme", "CUSTOMER", city="Delft", email="a@b.nl", owner_id=ann.id, is_active=False)
    before = standing(database)
    text = "customer_name;city;email;customer_owner;is_active;account_type\nAcme;;;;;\n"
    checked, _ = load(database, tmp_path, text, Kind.CUSTOMERS)
    assert checked.counts.customers_kept == 1
    assert standing(database) == before


def test_every_field_of_a_customer_arrives(database: Database, tmp_path: Path) -> None:
    person(database)
    text = (
        "customer_name;customer_number;account_type;contact;email;phone;street;house_number;postal_code;"
        "city;country;remark;customer_owner;is_active\n"
        "Acme;N-1;Customer;Jo;jo@acme.nl;030 123 4567;Dam;1a;1012 JS;Delft;NL;two words;Ann;no\n"
    )
    load(database, tmp_path, text, Kind.CUSTOMERS)
    assert query(
        database,
        "SELECT number, contact, customer.email, phone, street, postal_code, city, country, remark, "
        "is_active, initials, code FROM customer JOIN person ON person.id = owner_id "
        "JOIN account_type ON account_type.id = account_type_id",
    ) == [
        (
            "N-1",
            "Jo",
            "jo@acme.nl",
            "030 123 4567",
            "Dam 1a",
            "1012 JS",
            "Delft",
            "NL",
            "two words",
            False,
            "AN",
            "CUSTOMER",
        )
    ]


@pytest.mark.parametrize("name", NASTY_TEXTS)
def test_a_nasty_name_is_kept_as_it_stands(database: Database, tmp_path: Path, name: str) -> None:
    text = f'customer_name;title\n"{name}";"{name}"\n'
    load(database, tmp_path, text)
    assert customers(database) == [("C-00001", tidy(name))]
    assert tidy(name) in leads(database)
    again, _ = load(database, tmp_path, text)
    assert again.does_nothing


def test_a_name_of_signs_alone_is_found_again(database: Database, tmp_path: Path) -> None:
    text = "customer_name;title\n!!!;Oven\n"
    load(database, tmp_path, text)
    assert load(database, tmp_path, text)[0].does_nothing


# First leads (U3)


def test_u3_new_active_customers_of_a_ready_funnel_get_a_first_lead_and_no_others(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Ours", "CUSTOMER")
    text = (
        "customer_name;account_type;is_active\n"
        "A;Lead;yes\nB;Prospect;\nC;Customer;yes\nD;Lead;no\nOurs;Customer;\n"
    )
    checked, _ = load(database, tmp_path, text, Kind.CUSTOMERS, starts_leads=True)
    assert (checked.counts.leads_made, checked.counts.first_leads) == (2, 2)
    assert query(
        database, "SELECT name FROM customer JOIN lead ON customer_id = customer.id ORDER BY name"
    ) == [("A",), ("B",)]


def test_u3_without_a_ready_funnel_no_lead_starts(database: Database, tmp_path: Path) -> None:
    closing = phase(database, "LEAD-CLOSED")
    archive_phase(database, ADMIN, closing.id, closing.version, NOW)
    checked, _ = load(database, tmp_path, "customer_name\nA\n", Kind.CUSTOMERS, starts_leads=True)
    assert checked.counts.leads_made == 0
    with pytest.raises(Refused, match="No closing phase yet"):
        check(database, tmp_path, "customer_name;title\nA;Oven\n")


def test_u3_a_type_whose_phases_are_switched_off_starts_no_lead(database: Database, tmp_path: Path) -> None:
    kind = account_type(database)
    draft = AccountTypeDraft(
        kind.code, kind.description, kind.order_number, uses_phases=True, is_default=True
    )
    change_account_type(database, ADMIN, kind.id, kind.version, replace(draft, uses_phases=False), NOW)
    checked, _ = load(database, tmp_path, "customer_name\nA\n", Kind.CUSTOMERS, starts_leads=True)
    assert checked.counts.leads_made == 0
    with pytest.raises(Refused, match="Lead has no funnel for leads"):
        check(database, tmp_path, "customer_name;title\nA;Oven\n")


# Where a lead stands


@pytest.mark.parametrize(
    ("cells", "went"),
    [
        (";;", [("CALL", "current")]),
        ("Call;;", [("CALL", "current")]),
        ("Meeting;open;", [("CALL", "left"), ("MEETING", "current")]),
        ("Quote;;", [("CALL", "left"), ("MEETING", "skipped"), ("CALC", "skipped"), ("QUOTE", "current")]),
        (
            "Gained;;",
            [
                ("CALL", "completed"),
                *[(c, "skipped") for c in ("MEETING", "CALC", "QUOTE")],
                ("CLOSED", "closed"),
            ],
        ),
        (
            "Gained;won;Won",
            [
                ("CALL", "completed"),
                *[(c, "skipped") for c in ("MEETING", "CALC", "QUOTE")],
                ("CLOSED", "closed"),
            ],
        ),
        (
            "Quote;lost;",
            [
                ("CALL", "left"),
                ("MEETING", "skipped"),
                ("CALC", "skipped"),
                ("QUOTE", "completed"),
                ("CLOSED", "closed"),
            ],
        ),
        (
            "Ended;;Competitor",
            [
                ("CALL", "completed"),
                *[(c, "skipped") for c in ("MEETING", "CALC", "QUOTE")],
                ("CLOSED", "closed"),
            ],
        ),
    ],
)
def test_a_lead_stands_where_phase_status_and_reason_put_it(
    database: Database, tmp_path: Path, cells: str, went: list[tuple[str, str]]
) -> None:
    load(database, tmp_path, f"customer_name;title;phase;status;closing_reason\nA;Oven;{cells}\n")
    assert journey(database, leads(database)["Oven"]) == went


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        (";won;Competitor", "closing_reason", "different outcomes"),
        ("Gained;lost;", "status", "different outcomes"),
        ("Gone;;Won", "closing_reason", "different outcomes"),
        ("Ended;;", "phase", "no closing reason is given"),
        ("Ended;open;", "phase", "no closing reason is given"),
        ("Nowhere;;", "phase", "Nobody has said yet what this means"),
        (";;Whim", "closing_reason", "Nobody has said yet"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    database: Database, tmp_path: Path, cells: str, column: str, sentence: str
) -> None:
    checked = check(database, tmp_path, f"customer_name;title;phase;status;closing_reason\nA;Oven;{cells}\n")
    ((line, where, why),) = reasons(checked)
    assert (line, where) == (2, column)
    assert sentence in why
    assert checked.does_nothing or checked.settings.made == []


def test_a_status_closes_in_whichever_funnel_the_lead_is(database: Database, tmp_path: Path) -> None:
    """The closing phases of two funnels may be called differently."""
    ending = phase(database, "PROSPECT-CLOSED")
    change_phase(database, ADMIN, ending.id, ending.version, phase_draft(ending, description="Over"), NOW)
    text = "customer_name;account_type;title;status\nA;Prospect;Oven;won\n"
    checked, _ = load(database, tmp_path, text)
    assert reasons(checked) == []
    assert leads(database)["Oven"].phase_id == ending.id


def test_a_phase_of_another_funnel_is_found_by_name_or_refused(database: Database, tmp_path: Path) -> None:
    new_phase(database, "ODD")
    values = {
        "phase": {"Meeting": Choice(USE, "LEAD-MEETING"), "Odd": Choice(USE, "ODD")},
        "account_type": {"Prospect": Choice(USE, "PROSPECT")},
    }
    text = "customer_name;account_type;title;phase\nA;Prospect;Oven;Meeting\nB;Prospect;Hob;Odd\n"
    checked, _ = load(database, tmp_path, text, values=values)
    assert leads(database)["Oven"].phase_id == phase(database, "PROSPECT-MEETING").id
    assert reasons(checked) == [(3, "phase", "Odd is not a phase of the funnel of Prospect.")]


def test_a_lead_of_a_type_without_a_funnel_is_refused(database: Database, tmp_path: Path) -> None:
    checked = check(database, tmp_path, "customer_name;account_type;title\nA;Customer;Oven\n")
    assert reasons(checked) == [(2, "account_type", "Customer has no funnel for a lead.")]


def test_u5_an_inactive_customer_gets_closed_leads_only_be_it_new_or_ours(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Ours", is_active=False)
    text = "customer_name;is_active;title;status\nOurs;;Oven;open\nOurs;;Hob;won\nNew;no;Pan;open\n"
    checked, _ = load(database, tmp_path, text)
    sentence = "This customer is not active, so it can't have an open lead."
    assert reasons(checked) == [(2, "", sentence), (4, "", sentence)]
    assert leads(database).keys() == {"Hob"}
    assert customers(database) == [("C-00001", "Ours")], "a customer of refused leads alone is not made"


def test_u5_a_customer_that_the_file_makes_active_may_have_open_leads(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Ours", is_active=False)
    checked, _ = load(database, tmp_path, "customer_name;is_active;title\nOurs;yes;Oven\n")
    assert (reasons(checked), checked.counts.customers_changed) == ([], 1)


def test_u5_u4_a_customer_with_open_leads_stays_active_and_of_its_type(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "A")
    customer(database, "B")
    text = "customer_name;is_active;account_type\nA;no;\nB;;Prospect\n"
    checked, _ = load(database, tmp_path, text, Kind.CUSTOMERS)
    assert [line for line, _, sentence in reasons(checked) if "has open leads" in sentence] == [2, 3]


def test_u4_a_lead_of_another_funnel_than_its_customer_s_is_refused_unless_closed(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Ours", "PROSPECT")
    text = "customer_name;title;status\nOurs;Oven;open\nOurs;Hob;won\n"
    checked, _ = load(database, tmp_path, text)
    assert [line for line, _, _ in reasons(checked)] == [2]
    text = "customer_name;account_type;title\nNew;Lead;Oven2\nNew;Prospect;Hob2\n"
    checked, _ = load(database, tmp_path, text)
    assert [line for line, _, _ in reasons(checked)] == [3], "a new customer is of one type"


# Dates


@pytest.mark.parametrize(
    ("opened", "entered", "closed", "cycle"),
    [
        ("2026-01-05", "", "2026-02-04", 30),
        ("2026-01-05", "2026-01-20", "2026-02-04", 30),
        ("2026-01-05", "", "2026-01-05", 0),
        ("2026-01-05 15:00", "", "2026-01-05", 0),
        ("", "2026-01-20", "2026-02-04", 15),
        ("", "", "2026-02-04", 0),
        ("2026-01-05", "", "", 86),
        ("", "", "", 0),
        ("2026-03-28", "", "2026-03-30", 2),
        ("2025-10-25", "", "2025-10-27", 2),
    ],
)
def test_m5_the_cycle_is_in_days_of_the_calendar_whichever_dates_there_are(
    database: Database, tmp_path: Path, opened: str, entered: str, closed: str, cycle: int
) -> None:
    text = (
        "customer_name;title;status;opened_at;phase_entered_at;closed_at\n"
        f"A;Oven;won;{opened};{entered};{closed}\n"
    )
    load(database, tmp_path, text)
    chosen = Leads(account_type(database).id, period=Period(zone=ZoneInfo("Europe/Amsterdam")))
    assert measure_closings(database, ADMIN, chosen).total.won.days == cycle


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ("2026-02-05;;2026-01-05", "closed_at", "before an earlier step"),
        ("2026-02-05;2026-02-01;2026-03-05", "phase_entered_at", "before an earlier step"),
        ("2027-01-01;;", "opened_at", "lies in the future"),
        ("2026-01-01;;2026-04-02", "closed_at", "lies in the future"),
        ("2026-02-30;;", "opened_at", "has no day 30"),
    ],
)
def test_dates_out_of_order_or_to_come_are_refused(
    database: Database, tmp_path: Path, cells: str, column: str, sentence: str
) -> None:
    text = f"customer_name;title;status;opened_at;phase_entered_at;closed_at\nA;Oven;won;{cells}\n"
    ((line, where, why),) = reasons(check(database, tmp_path, text))
    assert (line, where) == (2, column)
    assert sentence in why


def test_the_closing_date_of_an_open_lead_is_the_expected_one(database: Database, tmp_path: Path) -> None:
    head = "customer_name;title;status;closed_at;expected_close_date\n"
    text = head + "A;Oven;open;2027-05-06;\nA;Hob;open;;2026-12-31\n"
    checked, _ = load(database, tmp_path, text)
    assert str(leads(database)["Oven"].expected_close_date) == "2027-05-06"
    assert str(leads(database)["Hob"].expected_close_date) == "2026-12-31"
    assert "read as the expected one" in " ".join(str(note.message) for note in checked.notes)


def test_a_day_is_its_midnight_in_the_workspace_s_zone(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, "customer_name;title;opened_at\nA;Oven;2026-01-05\n")
    assert leads(database)["Oven"].opened_at_utc == datetime(2026, 1, 4, 23, tzinfo=UTC)


def test_what_was_imported_holds_from_its_own_dates(database: Database, tmp_path: Path) -> None:
    text = (
        "customer_name;title;phase;status;expected_value;opened_at;phase_entered_at;closed_at\n"
        "A;Oven;Quote;won;10;2026-01-05;2026-01-10;2026-02-01\n"
    )
    load(database, tmp_path, text)
    lead = leads(database)["Oven"]
    days = {
        day: as_of(database, lead, datetime(2026, *day, 12, tzinfo=UTC))
        for day in ((1, 1), (1, 6), (1, 12), (2, 3))
    }
    assert days == {
        (1, 1): None,
        (1, 6): ("CALL", Decimal(10), True),
        (1, 12): ("QUOTE", Decimal(10), True),
        (2, 3): ("CLOSED", Decimal(10), False),
    }


# Values


@pytest.mark.parametrize(
    ("column", "cell", "kept"),
    [
        ("score", "0", None),
        ("score", "33.3", 33),
        ("score", "60%", 60),
        ("score", "0.6", 60),
        ("expected_value", "0", Decimal(0)),
        ("expected_value", "9999999999999.99", Decimal("9999999999999.99")),
        ("expected_value", "1,234.50", Decimal("1234.50")),
        ("recurring_value", "12.5", Decimal("12.5")),
    ],
)
def test_l1_values_arrive_as_they_are_meant(
    database: Database, tmp_path: Path, column: str, cell: str, kept: object
) -> None:
    load(database, tmp_path, f'customer_name;title;{column}\nA;Oven;"{cell}"\n')
    lead = leads(database)["Oven"]
    assert getattr(lead, column) == kept
    assert getattr(visits(database, lead)[-1], column) == kept


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("score", "101"),
        ("score", "high"),
        ("expected_value", "1e15"),
        ("expected_value", "-1"),
        ("expected_value", "1.005"),
        ("expected_close_date", "1950-01-01"),
        ("note", "n" * 10_001),
        ("note", "a\x00b"),
        ("title", "t" * 201),
        ("title", "\x07"),
    ],
)
def test_l1_values_out_of_bounds_are_refused_with_column_and_value(
    database: Database, tmp_path: Path, column: str, cell: str
) -> None:
    checked = check(database, tmp_path, f"customer_name;{column}\nA;{cell}\nB;\n")
    quoted = cell if len(cell) <= 200 else cell[:199] + "…"
    assert [(found.line, found.column, found.value) for found in checked.problems] == [(2, column, quoted)]
    assert checked.counts.leads_made == 1


def test_a_note_of_ten_thousand_characters_and_lines_arrives(database: Database, tmp_path: Path) -> None:
    note = "é\n" * 4_999 + "日本"
    load(database, tmp_path, f'customer_name;title;note\nA;Oven;"{note}"\n')
    assert visits(database, leads(database)["Oven"])[-1].note == note


def test_every_wrong_cell_of_a_row_is_named(database: Database, tmp_path: Path) -> None:
    checked = check(database, tmp_path, "customer_name;score;expected_value\nA;101;x\n")
    assert [column for _, column, _ in reasons(checked)] == ["score", "expected_value"]
    assert checked.refused_count == 1


def test_a_row_of_another_length_is_refused_and_empty_cells_behind_are_not(
    database: Database, tmp_path: Path
) -> None:
    checked = check(database, tmp_path, "customer_name;title\nA;Oven;;\nB\nC;Hob;more\n")
    assert [line for line, _, _ in reasons(checked)] == [3, 4]
    assert checked.counts.leads_made == 1


# Keys of leads


def test_an_external_id_twice_is_refused_with_the_first_line(database: Database, tmp_path: Path) -> None:
    checked = check(database, tmp_path, "customer_name;lead_id\nA;x 'y\"1\nB; x 'y\"1 \n")
    assert reasons(checked) == [(3, "lead_id", "The same lead stands on line 2 already.")]


def test_without_an_external_id_like_rows_are_leads_each_and_found_again(
    database: Database, tmp_path: Path
) -> None:
    text = "customer_name;title;expected_value\nA;Oven;1\nA;Oven;1\nA;Oven;2\n"
    checked, _ = load(database, tmp_path, text)
    assert checked.counts.leads_made == 3
    again, _ = load(database, tmp_path, text)
    assert again.does_nothing
    assert again.counts.leads_kept == 3


def test_owners_are_used_or_made_once(database: Database, tmp_path: Path) -> None:
    person(database)
    text = "customer_name;title;customer_owner;lead_owner\nA;Oven;Ann;Bo\nB;Hob;Bo;Ann\n"
    load(database, tmp_path, text)
    assert query(database, "SELECT name, initials, role FROM person ORDER BY name") == [
        ("Ann", "AN", "rep"),
        ("Bo", "B", "rep"),
    ]
    assert query(
        database, "SELECT title, name FROM lead JOIN person ON person.id = owner_id ORDER BY title"
    ) == [("Hob", "Ann"), ("Oven", "Bo")]
