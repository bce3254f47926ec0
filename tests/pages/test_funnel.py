from tests.pages.visit import Visit, choose, seen


def figures(at: object) -> list[str]:
    return [metric.value.replace("\\", "") for metric in at.metric]  # type: ignore[attr-defined]


def test_an_empty_funnel_shows_its_phases_and_says_how_to_begin(empty: Visit) -> None:
    at = empty("funnel")
    assert figures(at)[:2] == ["0", "€0"]
    assert "No open lead matches." in seen(at)
    assert len(at.get("plotly_chart")) == 3


def test_the_totals_count_open_leads_only_and_weigh_by_score(small: Visit) -> None:
    # 12,000 x 60 % of the bakery and 1,000 x 40 % of the dairy; its second lead has no values.
    assert figures(small("funnel"))[:3] == ["3", "€13,000", "€7,600"]


def test_a_phase_in_the_address_lists_the_leads_that_stand_in_it(small: Visit) -> None:
    at = small("funnel", phase="LEAD-MEETING")
    assert not at.exception
    assert "Meeting: 2 leads" in seen(at)
    assert list(at.dataframe[1].value["customer"]) == ["Bakery", "Dairy"]


def test_the_table_has_every_figure_by_phase_and_the_totals(small: Visit) -> None:
    table = small("funnel").dataframe[0].value
    assert next(iter(table["phase"])) == "Call appointment"
    assert list(table["phase"])[-2:] == ["Closed", "Total"]
    assert list(table.iloc[-1])[1:4] == ["3", "€13,000", "€7,600"]


def test_a_filter_in_the_address_holds_in_every_language(small: Visit) -> None:
    for language in ("en", "nl"):
        assert figures(small("funnel", language=language, owner="AN"))[0] == "2"


def test_an_owner_narrows_all_figures(small: Visit) -> None:
    at = small("funnel")
    choose(at, "Owner", "Ann")
    assert figures(at)[:3] == ["2", "€12,000", "€7,200"]
    at.button(key="clear-filters").click().run()
    assert figures(at)[0] == "3"


def test_a_filter_of_the_customers_page_does_not_empty_the_funnel(small: Visit) -> None:
    at = small("customers")
    choose(at, "Active", "active")
    at.switch_page("pages/funnel.py").run()
    assert figures(at)[0] == "3"


def test_a_funnel_without_leads_of_a_second_account_type_can_be_chosen(small: Visit) -> None:
    at = small("funnel")
    choose(at, "Account type", "Prospect")
    assert not at.exception
    assert figures(at)[0] == "0"


def test_the_figures_are_written_in_dutch(small: Visit) -> None:
    at = small("funnel", language="nl")
    assert [value.replace("\xa0", " ") for value in figures(at)[:3]] == ["3", "€ 13.000", "€ 7.600"]
