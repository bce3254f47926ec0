"""Columns by their names: those of other systems, in four languages, and our own."""

import csv
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmplus.exchange.columns import field_name, guess_kind, match_column, match_columns
from crmplus.exchange.fields import FIELDS, Kind
from crmplus.locale.language import Language

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

SYSTEMS: dict[str, dict[str, str]] = {
    "Maven": {
        "opportunity_id": "lead_id",
        "sales_agent": "lead_owner",
        "product": "title",
        "account": "customer_name",
        "deal_stage": "phase",
        "engage_date": "opened_at",
        "close_date": "closed_at",
        "close_value": "expected_value",
        "engage_quarter": "",
        "close_quarter": "",
    },
    "OutSmart relations": {
        "name": "customer_name",
        "debtor_number": "customer_number",
        "contact": "contact",
        "email": "email",
        "email_workorder": "",
        "street": "street",
        "house_number": "house_number",
        "postal_code": "postal_code",
        "city": "city",
        "phone_number": "phone",
        "country": "country",
        "remark": "remark",
    },
    "Pipedrive people and deals": {
        "Person - Name": "contact",
        "Person - Phone": "phone",
        "Person - Email (Work)": "email",
        "Organization - Name": "customer_name",
        "Organization - Address": "street",
        "Deal - Title": "title",
        "Deal - Value": "expected_value",
        "Activity - Subject": "",
        "Activity - Due date": "",
        "Note - Content": "note",
    },
    "Pipedrive deals": {
        "Deal - ID": "lead_id",
        "Deal - Title": "title",
        "Deal - Organization": "customer_name",
        "Deal - Contact person": "contact",
        "Deal - Owner": "lead_owner",
        "Deal - Stage": "phase",
        "Deal - Status": "status",
        "Deal - Value": "expected_value",
        "Deal - Currency of Value": "",
        "Deal - Weighted value": "",
        "Deal - Probability": "score",
        "Deal - Lost reason": "closing_reason",
        "Deal - Expected close date": "expected_close_date",
        "Deal - Deal created": "opened_at",
        "Deal - Deal closed on": "closed_at",
        "Deal - Pipeline": "",
    },
    "Pipedrive people only": {
        "Person - Name": "customer_name",
        "Person - Phone - Work": "phone",
        "Person - ID": "",
    },
    "Odoo leads": {
        "Opportunity": "title",
        "Contact Name": "contact",
        "Company Name": "customer_name",
        "Email": "email",
        "Phone": "phone",
        "Street": "street",
        "City": "city",
        "State": "",
        "Zip": "postal_code",
        "Country": "country",
        "Salesperson": "lead_owner",
        "Sales Team": "",
        "Expected Revenue": "expected_value",
        "Probability": "score",
        "Stage": "phase",
        "Tags": "",
        "Expected Closing": "expected_close_date",
        "Created on": "opened_at",
        "Lost Reason": "closing_reason",
    },
    "HubSpot deals": {
        "Record ID": "lead_id",
        "Deal Name": "title",
        "Pipeline": "",
        "Deal Stage": "phase",
        "Amount": "expected_value",
        "Close Date": "closed_at",
        "Deal owner": "lead_owner",
        "Associated Company": "customer_name",
        "Create Date": "opened_at",
        "Closed Lost Reason": "closing_reason",
    },
    "HubSpot companies": {
        "Record ID": "customer_id",
        "Company name": "customer_name",
        "Company owner": "customer_owner",
        "Create Date": "",
        "Phone Number": "phone",
        "Lifecycle Stage": "account_type",
        "City": "city",
        "Country/Region": "country",
        "Industry": "",
    },
    "Salesforce opportunities": {
        "Opportunity Owner": "lead_owner",
        "Account Name": "customer_name",
        "Opportunity Name": "title",
        "Stage": "phase",
        "Amount": "expected_value",
        "Expected Revenue": "",
        "Probability (%)": "score",
        "Close Date": "closed_at",
        "Created Date": "opened_at",
        "Next Step": "note",
        "Type": "",
        "Lead Source": "",
        "Fiscal Period": "",
    },
    "Salesforce API": {
        "Id": "lead_id",
        "AccountId": "customer_id",
        "OwnerId": "",
        "Name": "title",
        "StageName": "phase",
        "CloseDate": "closed_at",
        "Account.Name": "customer_name",
        "CreatedDate": "opened_at",
    },
    "Zoho deals": {
        "Deal Name": "title",
        "Account Name": "customer_name",
        "Contact Name": "contact",
        "Deal Owner": "lead_owner",
        "Closing Date": "closed_at",
        "Stage": "phase",
        "Amount": "expected_value",
        "Reason For Loss": "closing_reason",
        "Created Time": "opened_at",
        "Description": "note",
    },
    "Dynamics opportunities": {
        "Topic": "title",
        "Potential Customer": "customer_name",
        "Est. close date": "expected_close_date",
        "Est. revenue": "expected_value",
        "Probability": "score",
        "Status Reason": "closing_reason",
        "Status": "status",
        "Owner": "lead_owner",
        "Actual Close Date": "closed_at",
    },
    "Teamleader deals": {
        "Titel": "title",
        "Klant": "customer_name",
        "Contactpersoon": "contact",
        "Bedrag": "expected_value",
        "Fase": "phase",
        "Kans (%)": "score",
        "Verantwoordelijke": "lead_owner",
        "Verwachte afsluitdatum": "expected_close_date",
        "Aangemaakt op": "opened_at",
        "Reden verlies": "closing_reason",
        "Bron": "",
    },
    "Exact Online": {
        "Relatie: Code": "customer_number",
        "Relatie: Naam": "customer_name",
        "Adresregel 1": "street",
        "Postcode": "postal_code",
        "Plaats": "city",
        "Land": "country",
        "Telefoon": "phone",
        "E-mail": "email",
        "Accountmanager": "customer_owner",
    },
    "SuiteCRM": {
        "Opportunity Name": "title",
        "Opportunity Amount": "expected_value",
        "Sales Stage": "phase",
        "Expected Close Date": "expected_close_date",
        "Account Name": "customer_name",
        "Assigned User Name": "lead_owner",
        "Date Created": "opened_at",
    },
    "Freshsales": {
        "Deal name": "title",
        "Deal value": "expected_value",
        "Deal stage": "phase",
        "Sales owner": "lead_owner",
        "Account name": "customer_name",
        "Closed date": "closed_at",
        "Lost reason": "closing_reason",
    },
    "Copper": {
        "Name": "title",
        "Company": "customer_name",
        "Primary Contact": "contact",
        "Value": "expected_value",
        "Stage": "phase",
        "Win Probability": "score",
        "Close Date": "closed_at",
        "Owned By": "lead_owner",
        "Status": "status",
        "Loss Reason": "closing_reason",
    },
    "Salesforce accounts": {
        "Account Name": "customer_name",
        "Billing Street": "street",
        "Billing City": "city",
        "Billing Zip/Postal Code": "postal_code",
        "Billing Country": "country",
        "Type": "account_type",
        "Account Owner": "customer_owner",
        "Account ID": "customer_id",
    },
    "Odoo's own keys": {
        "partner_name": "customer_name",
        "contact_name": "contact",
        "email_from": "email",
        "expected_revenue": "expected_value",
        "probability": "score",
        "date_deadline": "expected_close_date",
        "date_closed": "closed_at",
        "create_date": "opened_at",
        "stage_id": "",
    },
    "AFAS": {
        "Nummer debiteur": "customer_number",
        "Naam": "customer_name",
        "Telefoonnr. werk": "phone",
        "E-mail werk": "email",
        "Geblokkeerd": "",
    },
    "Moneybird": {
        "company_name": "customer_name",
        "firstname": "contact_first_name",
        "lastname": "contact_last_name",
        "customer_id": "customer_id",
        "address1": "street",
        "zipcode": "postal_code",
        "email": "email",
        "tax_number": "",
    },
    "e-Boekhouden": {
        "Code": "customer_number",
        "Bedrijf": "customer_name",
        "Contactpersoon": "contact",
        "Adres": "street",
        "Postcode": "postal_code",
        "Plaats": "city",
        "GSM": "phone",
    },
    "a Dutch sheet": {
        "Naam": "customer_name",
        "Debiteurnummer": "customer_number",
        "Contactpersoon": "contact",
        "E-mail": "email",
        "Telefoon": "phone",
        "Straat": "street",
        "Postcode": "postal_code",
        "Plaats": "city",
        "Land": "country",
        "Opmerking": "remark",
        "Accounttype": "account_type",
        "Fase": "phase",
        "Score": "score",
        "Verwachte waarde": "expected_value",
        "Terugkerende waarde": "recurring_value",
        "Afsluitreden": "closing_reason",
    },
    "a German sheet": {
        "Firma": "customer_name",
        "Ansprechpartner": "contact",
        "Straße": "street",
        "PLZ": "postal_code",
        "Ort": "city",
        "Land": "country",
        "Verkaufsphase": "phase",
        "Wahrscheinlichkeit (%)": "score",
        "Erwarteter Umsatz": "expected_value",
        "Zuständig": "lead_owner",
        "Verlustgrund": "closing_reason",
    },
    "a Portuguese sheet": {
        "Empresa": "customer_name",
        "Contato": "contact",
        "Endereço": "street",
        "CEP": "postal_code",
        "Cidade": "city",
        "País": "country",
        "Etapa": "phase",
        "Probabilidade": "score",
        "Valor (R$)": "expected_value",
        "Responsável": "lead_owner",
        "Motivo da perda": "closing_reason",
        "Data de criação": "opened_at",
    },
    "Krayin leads": {
        "id": "lead_id",
        "title": "title",
        "description": "note",
        "lead_value": "expected_value",
        "status": "status",
        "lost_reason": "closing_reason",
        "closed_at": "closed_at",
        "user_id": "",
        "person_id": "",
        "lead_source_id": "",
        "lead_type_id": "",
        "lead_pipeline_id": "",
        "product": "",
        "lead_pipeline_stage_id": "",
        "expected_close_date": "expected_close_date",
    },
    "Krayin people": {
        "name": "customer_name",
        "emails": "email",
        "contact_numbers": "phone",
        "organization_id": "",
        "job_title": "",
        "user_id": "",
    },
    "Atomic contacts": {
        "id": "customer_id",
        "first_name": "contact_first_name",
        "last_name": "contact_last_name",
        "title": "",
        "background": "remark",
        "status": "",
        "company_id": "",
        "sales_id": "",
        "company_name": "customer_name",
        "company": "",
        "sales": "customer_owner",
        "email_work": "email",
        "email_home": "",
        "phone_work": "phone",
    },
    "Django contacts": {
        "company name": "customer_name",
        "email": "email",
        "first name": "contact_first_name",
        "last name": "contact_last_name",
        "city": "city",
        "state": "",
    },
    "a history": {
        "lead_id": "lead_id",
        "customer": "customer_name",
        "new stage": "phase",
        "changed at": "phase_entered_at",
    },
}


def matched_names(names: Iterable[str]) -> dict[str, str]:
    listed = list(names)
    found = match_columns(listed)
    return {name: found.get(index, "") for index, name in enumerate(listed)}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_columns_of_a_system_are_found(system: str) -> None:
    assert matched_names(SYSTEMS[system]) == SYSTEMS[system]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_our_own_headings_are_found(language: str) -> None:
    words = Language(language, ZoneInfo("UTC"))
    names = {key: words.message(field_name(key)) for key in FIELDS}
    assert {key: match_column(name) for key, name in names.items()} == {key: key for key in FIELDS}
    exported = [key for key in FIELDS if not key.startswith("contact_")]
    assert match_columns([names[key] for key in exported]) == dict(enumerate(exported))


@pytest.mark.parametrize("key", FIELDS)
def test_a_field_is_found_by_its_key(key: str) -> None:
    assert match_column(key) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("CompanyName", "customer_name"),
        ("company_name", "customer_name"),
        ("Company name*", "customer_name"),
        ("  COMPANY   NAME ", "customer_name"),
        ("E-mailadres", "email"),
        ("E-Mail", "email"),
        ("\ufeffNaam", "customer_name"),
        ("Expected value (EUR)", "expected_value"),
        ("Verwachte waarde, EUR", "expected_value"),
        ("Recurring value, per month", "recurring_value"),
        ("Terugkerende waarde per maand", "recurring_value"),
        ("Bedrag per maand", "recurring_value"),
        ("Value (per month)", "recurring_value"),
        ("Bedrag (excl. btw)", "expected_value"),
        ("Amount in EUR", "expected_value"),
        ("Account type (required)", "account_type"),
        ("Score, 1 to 100", None),
        ("Win probability", "score"),
        ("Organization - Postal code", "postal_code"),
        ("Customer/City", "city"),
        ("company_phone", "phone"),
        ("Klantnummer", "customer_number"),
        ("person_id", None),
        ("company_id", None),
        ("sales_id", None),
        ("lead_pipeline_id", None),
        ("contact title", None),
        ("revenue", None),
        ("", None),
        (" ", None),
        ("()", None),
        ("日本", None),
        ("column_7", None),
        ("x" * 10_000, None),
    ],
)
def test_a_name_is_read_whatever_its_case_signs_and_units(name: str, key: str | None) -> None:
    assert match_column(name) == key


def test_a_name_is_the_customers_unless_a_company_has_a_column() -> None:
    assert matched_names(["Name", "City"]) == {"Name": "customer_name", "City": "city"}
    assert matched_names(["Name", "Company", "City"])["Name"] == "contact"
    assert matched_names(["Name", "Company", "Stage"])["Name"] == "title"
    assert matched_names(["Full name", "E-mail"])["Full name"] == "customer_name"


def test_an_owner_and_an_id_are_the_leads_where_there_are_leads() -> None:
    assert matched_names(["id", "name", "owner"]) == {
        "id": "customer_id",
        "name": "customer_name",
        "owner": "customer_owner",
    }
    assert matched_names(["id", "name", "owner", "stage"]) == {
        "id": "lead_id",
        "name": "customer_name",
        "owner": "lead_owner",
        "stage": "phase",
    }
    both = matched_names(["Deal owner", "Owner", "Deal name"])
    assert (both["Deal owner"], both["Owner"]) == ("lead_owner", "customer_owner")


def test_a_close_date_is_the_expected_one_beside_a_date_of_closing() -> None:
    names = ["Customer", "Close date", "Closed on"]
    assert matched_names(names)["Close date"] == "expected_close_date"
    assert matched_names(["Customer", "Close date", "Expected close date"])["Close date"] == "closed_at"


def test_an_expected_value_is_the_amount_where_both_stand() -> None:
    assert matched_names(["Expected revenue", "Amount", "Stage"])["Amount"] == "expected_value"


def test_cells_tell_what_a_column_is_not() -> None:
    names = ["Name", "E-mail", "Value", "Stage"]
    assert match_columns(names, {1: ["none", ""], 2: ["high", "low"]}) == {0: "customer_name", 3: "phase"}
    assert match_columns(names, {1: ["a@b.nl"], 2: ["", "12"]})[2] == "expected_value"


def test_a_status_of_customers_is_a_yes_or_no_where_its_cells_are() -> None:
    names = ["Naam", "Status"]
    assert match_columns(names, {1: ["Actief", "", "Inactief"]}) == {0: "customer_name", 1: "is_active"}
    assert match_columns(names, {1: ["warm", "Actief"]}) == {0: "customer_name"}
    assert match_columns([*names, "Fase"], {1: ["Actief"]})[1] == "status"


def test_the_kind_follows_from_the_fields() -> None:
    history = {"lead_id", "phase", "phase_entered_at"}
    assert guess_kind(["customer_name", "city"]) is Kind.CUSTOMERS
    assert guess_kind([]) is Kind.CUSTOMERS
    assert guess_kind(["customer_name", "score"]) is Kind.LEADS
    assert guess_kind(history) is Kind.LEADS
    assert guess_kind(history, lead_ids_repeat=True) is Kind.HISTORY
    assert guess_kind(history - {"lead_id"}, lead_ids_repeat=True) is Kind.LEADS


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from([n for s in SYSTEMS.values() for n in s]))))
def test_no_field_is_given_twice_and_no_name_breaks_it(names: list[str]) -> None:
    found = match_columns(names)
    assert len(set(found.values())) == len(found)
    assert set(found) <= set(range(len(names)))
    assert set(found.values()) <= set(FIELDS)


@pytest.mark.parametrize("name", ["sales_pipeline.csv", "variants/sales_pipeline_us_mdy.csv"])
def test_the_real_maven_file_is_found_whole(name: str) -> None:
    path = DATA / "maven_crm" / name
    if not path.exists():
        pytest.skip(f"no real files at {DATA}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    samples = {index: [row[index] for row in rows[:50]] for index in range(len(header))}
    found = {header[index]: key for index, key in match_columns(header, samples).items()}
    assert found == {key: field for key, field in SYSTEMS["Maven"].items() if field}
    assert guess_kind(found.values()) is Kind.LEADS
