"""Scores on screen: the answer, bands, owners and the drift from phase to phase."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import Database, the_database
from tests.analytics.scored import closed_with, travelled
from tests.pages.conftest import UseFile
from tests.pages.visit import Visit, choose, seen
from tests.world import account_type, person

BANDS, OWNERS, SCORE_DRIFT, VALUE_DRIFT = range(4)


@pytest.fixture(scope="session")
def scored_file(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of leads scored 70 two of ten were won, of those scored 30 two of ten; one had no score.

    Ann's lead of score 90 was won.
    """
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("scored") / "scored.duckdb"))
    database = Database.open(path)
    with database.transaction(EVERYTHING):
        closed_with(database, "WON", 70, 70, 30, 30)
        closed_with(database, "LOST", *[70] * 8, *[30] * 8, None)
        closed_with(database, "WON", 90, owner_id=person(database, "Ann", "AN").id)
    database.close()
    return path


@pytest.fixture
def scored(use_file: UseFile, scored_file: Path, tmp_path: Path) -> Visit:
    return use_file(Path(shutil.copy(scored_file, tmp_path / "scored.duckdb")))


def figures(at: AppTest) -> list[str]:
    """Leads, share won, mean score, Brier score."""
    return [metric.value.replace("\\", "") for metric in at.metric]


def table(at: AppTest, place: int) -> list[list[str]]:
    return [list(row) for row in at.dataframe[place].value.itertuples(index=False)]


def heads_of(at: AppTest, place: int) -> str:
    return at.dataframe[place].proto.columns


def behind(at: AppTest) -> list[list[str]]:
    """The leads listed, at the end of the page."""
    return table(at, -1)


def test_without_closed_leads_the_page_says_what_is_missing(empty: Visit) -> None:
    at = empty("scores")
    assert not at.exception
    assert "No lead was won or lost in this period with these filters." in seen(at)
    assert not at.metric and not at.dataframe and not at.get("plotly_chart")


def test_the_answer_stands_before_the_figures(scored: Visit) -> None:
    at = scored("scores", closed="all", owner="")
    assert not at.exception
    assert "Scores are too high: leads scored 61–70 won 20 times in 100." in seen(at)
    assert "1 lead without a score is left out." in seen(at)
    assert figures(at) == ["21", "23.8 %", "51.9", "0.277"]
    assert "The Brier score, 0.277, is no better than always guessing 24 %, which gives 0.181." in seen(at)


def test_bands_stand_in_numbers_and_those_with_few_leads_say_so(scored: Visit) -> None:
    at = scored("scores", closed="all")
    rows = table(at, BANDS)
    assert len(rows) == 11
    assert rows[2] == ["21–30", "10", "2", "20.0 %", "30.0", "10.0", "may be chance"]
    assert rows[6] == ["61–70", "10", "2", "20.0 %", "70.0", "50.0", "too high"]
    assert rows[8] == ["81–90", "1", "1", "–", "–", "–", "under ten leads"]
    assert rows[10] == ["Total", "21", "5", "23.8 %", "51.9", "28.1", "too high"]
    assert "Not drawn, with fewer than ten leads: 81–90 (1 lead)." in seen(at)


def test_owners_stand_in_numbers(scored: Visit) -> None:
    rows = table(scored("scores", closed="all"), OWNERS)
    assert rows == [
        ["nobody", "20", "4", "20.0 %", "50.0", "30.0", "0.290", "too high"],
        ["Ann", "1", "1", "–", "–", "–", "–", "under ten leads"],
    ]


def test_a_filter_by_owner_narrows_all_and_ten_leads_are_asked_for(scored: Visit) -> None:
    at = scored("scores", closed="all")
    choose(at, "Owner", "Ann")
    assert figures(at)[0] == "1"
    assert "Too few leads to judge scores by: 1 lead, and it takes 10." in seen(at)
    assert "is better than" not in seen(at)
    at.button(key="clear-filters").click().run()
    assert "closed" not in at.query_params and "owner" not in at.query_params


@pytest.mark.parametrize(
    ("code", "title", "count"),
    [
        ("scored", "With a score: 21 leads", 21),
        ("band-61-70-won", "Scored 61–70, won: 2 leads", 2),
        ("nobody", "nobody: 20 leads", 20),
        ("owner-AN", "Ann: 1 lead", 1),
        ("lost-score-LEAD-CALL", "Call appointment, lost later: 16 leads", 16),
    ],
)
def test_a_click_lists_the_leads_behind_a_figure(scored: Visit, code: str, title: str, count: int) -> None:
    at = scored("scores", closed="all", type="LEAD", show=code)
    assert not at.exception
    assert title in seen(at)
    assert len(behind(at)) == count


@pytest.mark.parametrize("code", ["band-5-14", "owner-ZZ", "neither-score-LEAD-CALL", "lost-x-LEAD-CALL"])
def test_an_unknown_code_lists_nothing(scored: Visit, code: str) -> None:
    at = scored("scores", closed="all", type="LEAD", show=code)
    assert not at.exception
    assert not [key for key in seen(at).split("\n") if "Click a row" in key]


def test_another_owners_leads_are_not_listed_under_a_filter(scored: Visit) -> None:
    person(the_database(), "Bob", "BO")
    at = scored("scores", closed="all", owner="BO", show="owner-AN")
    assert "Ann: " not in seen(at)


def test_the_button_of_leads_left_out_lists_them(scored: Visit) -> None:
    at = scored("scores", closed="all")
    at.button(key="without-score").click().run()
    assert at.query_params["show"] == "no-score"
    assert "Without a score: 1 lead" in seen(at)


def test_the_score_of_a_phase_can_be_looked_at(scored: Visit) -> None:
    with the_database().transaction(EVERYTHING):
        for number in range(10):
            travelled(the_database(), "WON" if number < 6 else "LOST", 40, 90)
    at = scored("scores", closed="all", type="LEAD", scored="LEAD-MEETING", show="band-81-90")
    assert figures(at)[:3] == ["10", "60.0 %", "90.0"]
    assert "22 leads were never in this phase and are left out." in seen(at)
    assert "Score in Meeting" in heads_of(at, -1) and behind(at)[0][1] == "90"
    at.segmented_control[0].select("LEAD-CALL").run()
    assert at.query_params["scored"] == "LEAD-CALL"
    assert figures(at)[0] == "31"
    at.button(key="clear-filters").click().run()
    assert "scored" not in at.query_params


def test_several_funnels_ask_which_and_a_click_chooses(scored: Visit) -> None:
    at = scored("scores", closed="all")
    assert "Choose an account type to see how scores went from phase to phase." in seen(at)
    assert not at.segmented_control
    at.button(key="funnel-LEAD").click().run()
    assert at.query_params["type"] == "LEAD"
    assert len(at.dataframe) == 4


def test_the_only_funnel_needs_no_choosing(scored: Visit) -> None:
    prospect = account_type(the_database(), "PROSPECT")
    with the_database().transaction(EVERYTHING) as connection:
        connection.count("DELETE FROM phase WHERE account_type_id = $id", {"id": prospect.id})
        connection.count("DELETE FROM account_type WHERE id = $id", {"id": prospect.id})
    at = scored("scores", closed="all")
    assert len(at.dataframe) == 4
    assert at.segmented_control[0].options[0] == "at closing"


def test_drift_says_where_leads_lost_part_from_leads_won(scored: Visit) -> None:
    with the_database().transaction(EVERYTHING):
        for number in range(12):
            travelled(the_database(), "WON", 55 + number, 80, "1000")
            travelled(the_database(), "LOST", 55 + number, 20, "3000")
    at = scored("scores", closed="all", type="LEAD")
    assert "Leads that we lost already scored lower in Meeting: 20 against 80." in seen(at)
    assert "In Meeting leads won were worth €1,000 on average, leads lost €3,000." in seen(at)
    assert table(at, SCORE_DRIFT)[1] == ["Meeting", "12", "80.0", "12", "20.0"]
    assert table(at, SCORE_DRIFT)[2] == ["Calculation", "0", "–", "0", "–"]
    assert table(at, VALUE_DRIFT)[1] == ["Meeting", "12", "€1,000", "12", "€3,000"]
    assert len(at.get("plotly_chart")) == 3
    assert "Calculation, won (0)" in seen(at)
    listed = scored("scores", closed="all", type="LEAD", show="won-value-LEAD-MEETING")
    assert "Meeting, won later: 12 leads" in seen(listed)


def test_drift_of_few_leads_says_so(scored: Visit) -> None:
    at = scored("scores", closed="all", type="LEAD", owner="AN")
    assert "Too few leads were won and lost to compare their scores." in seen(at)
    assert not at.get("plotly_chart")


def test_names_are_shown_as_typed_wherever_they_stand(scored: Visit) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE phase SET description = '*a* <b>' WHERE code = 'LEAD-MEETING'")
    at = scored("scores", closed="all", type="LEAD", scored="LEAD-MEETING")
    assert not at.exception
    assert any("\\*a\\* \\<b\\>" in str(option) for option in at.segmented_control[0].options)


def test_leads_of_which_none_had_a_score_are_said_and_listed(small: Visit) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE lead SET score = NULL")
    at = small("scores", closed="all")
    assert "None of the leads won and lost in this period had a score." in seen(at)
    at.button(key="without-score").click().run()
    assert len(behind(at)) == 2


def test_the_page_reads_dutch_and_a_viewer_sees_it(scored: Visit) -> None:
    at = scored("scores", language="nl", closed="all")
    assert not at.exception
    assert figures(at)[1] == "23,8 %"
    assert figures(scored("scores", closed="all"))[0] == "21"
