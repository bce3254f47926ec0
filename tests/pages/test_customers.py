from tests.pages.visit import Visit, choose, seen


def test_an_empty_list_says_what_it_will_show_and_how_to_begin(empty: Visit) -> None:
    at = empty("customers")
    assert "Your customers will be listed here" in seen(at)
    assert at.button(key="new-customer").label == "New customer"


def test_the_list_shows_each_customer_once_with_its_phase_and_open_leads(small: Visit) -> None:
    rows = small("customers").dataframe[0].value.set_index("number")
    assert list(rows["name"]) == ["Attic", "Bakery", "Dairy", "Depot", "Fishery", "Smithy"]
    assert dict(rows["lead_count"]) == {
        "C-00001": 2,
        "C-00002": 0,
        "C-00003": 0,
        "C-00004": 1,
        "C-00005": 0,
        "C-00006": 0,
    }
    assert rows.loc["C-00004", "phase"] == "Meeting"


def test_searching_and_clearing_narrows_and_widens_the_list(small: Visit) -> None:
    at = small("customers")
    at.text_input(key="search").set_value("utrecht").run()
    assert list(at.dataframe[0].value["name"]) == ["Bakery"]
    at.text_input(key="search").set_value("nobody").run()
    assert "No customer matches" in seen(at)
    at.button(key="clear-filters").click().run()
    assert len(at.dataframe[0].value) == 6


def test_filters_narrow_the_list_together(small: Visit) -> None:
    at = small("customers")
    choose(at, "Owner", "Ann")
    assert set(at.dataframe[0].value["name"]) == {"Bakery", "Smithy"}
    choose(at, "Phase", "Call appointment (Lead)")
    assert list(at.dataframe[0].value["name"]) == ["Bakery"]


def test_new_customer_opens_a_short_form(empty: Visit) -> None:
    at = empty("customers")
    at.button(key="new-customer").click().run()
    assert not at.exception
    assert at.text_input(key="customer-new-number").placeholder == "C-00001"
    assert at.button(key="customer-new-save-0").label == "Save customer"
