"""Sentences for people, and the errors that carry them."""

import pytest

from crmplus.domain.errors import Invalid, NotPermitted
from crmplus.domain.message import say, say_count


def test_a_sentence_fills_its_braces_and_never_those_of_its_values() -> None:
    assert str(say("Hello {name}.", name="{x} {0}")) == "Hello {x} {0}."


@pytest.mark.parametrize(("count", "text"), [(0, "0 leads"), (1, "1 lead"), (2, "2 leads")])
def test_a_counted_sentence_has_one_form_for_one(count: int, text: str) -> None:
    assert str(say_count("{count} lead", "{count} leads", count)) == text


def test_an_error_reads_as_its_sentence() -> None:
    assert str(NotPermitted(say("No."))) == "No."
    assert str(Invalid({"a": say("First."), "b": say("Second.")})) == "First."
