import pytest

from crmplus.domain.errors import Invalid
from crmplus.domain.saved_view import LONGEST_QUERY, SavedViewDraft


def test_a_name_is_tidied_and_filters_are_kept_as_they_are() -> None:
    draft = SavedViewDraft("  Big ones ", "leads", "owner=AN&search=%20x").checked()
    assert draft == SavedViewDraft("Big ones", "leads", "owner=AN&search=%20x", is_shared=False)


def test_a_view_may_have_no_filters_but_has_a_name_and_a_page() -> None:
    assert SavedViewDraft("All", "leads", "").checked().query == ""
    with pytest.raises(Invalid) as found:
        SavedViewDraft("", "", "").checked()
    assert set(found.value.fields) == {"name", "page"}


def test_filters_have_an_end() -> None:
    SavedViewDraft("Long", "leads", "x" * LONGEST_QUERY).checked()
    with pytest.raises(Invalid) as found:
        SavedViewDraft("Longer", "leads", "x" * (LONGEST_QUERY + 1)).checked()
    assert "At most 2000 characters" in str(found.value)
