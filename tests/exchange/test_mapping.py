"""Saved mappings: what was decided comes back as it was, and rubbish is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmplus.domain.errors import Refused
from crmplus.exchange.fields import FIELDS, Content, Kind
from crmplus.exchange.mapping import Action, Choice, CustomerKey, ImportMapping, fits, from_json, to_json
from crmplus.exchange.reading import DateOrder, Reading

MAPPING = ImportMapping(
    kind=Kind.LEADS,
    columns={"opportunity_id": "lead_id", "account": "customer_name", "deal_stage": "phase"},
    account_type="LEAD",
    customer_key=CustomerKey.NAME,
    source="Pipedrive",
    placeholder_customer="Unknown",
    starts_leads=False,
    values={
        "phase": {
            "Won": Choice(Action.USE, "LEAD-CLOSED", "WON"),
            "Engaging": Choice(Action.MAKE),
            "é, 日本": Choice(Action.EMPTY),
        },
        "closing_reason": {"Price": Choice(Action.MAKE, outcome="lost")},
    },
    reading=Reading(delimiter=";", decimal_mark=",", date_order=DateOrder.YEAR_FIRST),
)
WRITTEN: dict[str, Any] = json.loads(to_json(MAPPING))

texts = st.text(max_size=20)
named_fields = st.sampled_from([key for key, field in FIELDS.items() if field.content is Content.NAMED])
choices = st.builds(
    Choice,
    action=st.sampled_from(Action),
    code=texts,
    reason=texts,
    outcome=st.sampled_from(["", "won", "lost", "neither"]),
)
signs = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
readings = st.builds(
    Reading,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "cp932"]),
    delimiter=signs,
    quote=st.just("") | signs,
    escape=st.just("") | signs,
    sheet=texts,
    header_row=st.integers(0, 10**6),
    decimal_mark=st.sampled_from(".,"),
    date_order=st.sampled_from(DateOrder),
)
columns = st.dictionaries(texts, st.sampled_from(list(FIELDS)), max_size=5).map(
    lambda found: {name: key for key, name in {key: name for name, key in found.items()}.items()}
)
mappings = st.builds(
    ImportMapping,
    kind=st.sampled_from(Kind),
    columns=columns,
    account_type=texts,
    customer_key=st.sampled_from(CustomerKey),
    source=texts,
    placeholder_customer=texts,
    starts_leads=st.booleans(),
    values=st.dictionaries(named_fields, st.dictionaries(texts, choices, max_size=4), max_size=4),
    reading=st.none() | readings,
)


@given(mapping=mappings)
def test_every_mapping_comes_back_as_it_was(mapping: ImportMapping) -> None:
    assert from_json(to_json(mapping)) == mapping


def test_a_mapping_is_text_that_people_can_read() -> None:
    text = to_json(MAPPING)
    assert '"version": 1' in text
    assert "é, 日本" in text
    assert from_json(text) == MAPPING


def test_its_settings_come_back_as_what_they_are() -> None:
    found = from_json(to_json(MAPPING))
    assert found.kind is Kind.LEADS
    assert found.customer_key is CustomerKey.NAME
    assert found.values["phase"]["Engaging"].action is Action.MAKE
    assert found.reading and found.reading.date_order is DateOrder.YEAR_FIRST


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "1",
        '"mapping"',
        "=1+1",
        "{" * 10_000,
        "[" * 100_000,
        "NaN",
        '{"version": 1}',
        '{"version": "1"}',
        '{"version": true}',
        "\x00",
        "日本",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_rubbish_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no mapping of CRM"):
        from_json(text)


@pytest.mark.parametrize(
    "damage",
    [
        {"kind": "people"},
        {"kind": None},
        {"kind": []},
        {"columns": []},
        {"columns": {"a": "unknown_field"}},
        {"columns": {"a": ["phase"]}},
        {"columns": {"a": "phase", "b": "phase"}},
        {"account_type": 1},
        {"account_type": "\ud800"},
        {"customer_key": "luck"},
        {"starts_leads": 1},
        {"values": {"phase": []}},
        {"values": {"title": {}}},
        {"values": {"phase": {"a": {}}}},
        {"values": {"phase": {"a": {"action": "burn"}}}},
        {"values": {"phase": {"a": {"action": "use", "code": 1}}}},
        {"values": {"phase": {"a": {"action": "use", "colour": "red"}}}},
        {"values": {"closing_reason": {"a": {"action": "make", "outcome": "maybe"}}}},
        {"reading": {}},
        {"reading": {**WRITTEN["reading"], "header_row": -1}},
        {"reading": {**WRITTEN["reading"], "header_row": True}},
        {"reading": {**WRITTEN["reading"], "decimal_mark": "x"}},
        {"reading": {**WRITTEN["reading"], "date_order": "ydm"}},
        {"reading": {**WRITTEN["reading"], "mood": "good"}},
        {"surprise": ""},
    ],
    ids=ascii,
)
def test_a_damaged_mapping_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(Refused, match="no mapping of CRM"):
        from_json(json.dumps({**WRITTEN, **damage}))


@pytest.mark.parametrize("lost", WRITTEN)
def test_a_mapping_that_lost_a_part_is_refused(lost: str) -> None:
    with pytest.raises(Refused):
        from_json(json.dumps({name: part for name, part in WRITTEN.items() if name != lost}))


def test_a_mapping_of_a_newer_version_says_so() -> None:
    with pytest.raises(Refused, match="newer version"):
        from_json(json.dumps({"version": 2, "something": "else"}))


def test_a_mapping_fits_a_file_with_all_its_columns() -> None:
    assert fits(MAPPING, ["deal_stage", "account", "opportunity_id", "more"])
    assert not fits(MAPPING, ["deal_stage", "account"])
    assert not fits(MAPPING, ["Deal_Stage", "account", "opportunity_id"])
