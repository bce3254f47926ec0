from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.actor import Actor
from crmplus.domain.saved_view import SavedView, SavedViewDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.people import list_people
from crmplus.services.saved_views import change_view, list_views, remove_view, save_view
from crmplus.store.database import the_database
from tests.pages.visit import Visit, seen
from tests.world import ADMIN, NOW

PAGES = (
    "leads",
    "customers",
    "funnel",
    "conversion",
    "time_in_phase",
    "forecast",
    "win_loss",
    "scores",
    "changes",
    "owners",
)
FORGED = (
    "&&&=;==?#%%%zz%00%ff",
    "embed=true&EMBED_OPTIONS=x&saved=1&page=99999999999",
    "value=abc&score=500&search=%F0%9F%98%80",
    "value=-5&score=0&type=NONE&owner=NOBODY&phase=x",
    "value=" + "9" * 400,
    "opened=own&from=0001-01-01&to=9999-12-31&as-of=own&on=9999-12-31",
    "opened=own&from=junk&to=&as-of=own&on=2999-01-01",
    "show=" + "x" * 1_900,
    "&".join(f"k{number}=1" for number in range(300)),
    "view=list&sort=junk&attention=nothing&order=down",
)
GONE = "This saved view does not exist any more, or it is not shared with you."


def somebody(name: str) -> Actor:
    return next(p.seeing(EVERYTHING) for p in list_people(the_database(), ADMIN) if p.name == name)


def keep(
    page: str, query: str, name: str = "Mine", actor: Actor = ADMIN, *, is_shared: bool = False
) -> SavedView:
    return save_view(the_database(), actor, SavedViewDraft(name, page, query, is_shared), NOW)


def entries(at: AppTest) -> list[str]:
    """What the menu offers, without its icons."""
    return [label.replace("\\", "").partition(": ")[2] for label in _menu(at).options]


def ticked(at: AppTest) -> list[str]:
    return [label for label in _menu(at).options if label.startswith(":material/check:")]


def pick(at: AppTest, view: SavedView | str) -> AppTest:
    _menu(at).click(view if isinstance(view, str) else str(view.id))
    return at.run()


def address(at: AppTest) -> dict[str, str]:
    """What the address says behind the question mark."""
    return {key: text if isinstance(text, str) else text[-1] for key, text in at.query_params.items()}


def chosen(at: AppTest, label: str) -> str:
    code: str = next(box for box in at.selectbox if box.label == label).value
    return code


def _menu(at: AppTest):  # type: ignore[no-untyped-def]
    return at.menu_button(key="saved-views")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_with_filters_saves_them_and_opens_them_through_a_link(small: Visit, page: str) -> None:
    at = small(page)
    assert not at.exception
    assert any(button.label == "Save as a view …" for button in at.button)
    assert not at.get("menu_button")
    view = keep(page, "owner=AN&type=LEAD")
    at = small(page, saved=str(view.id))
    assert not at.exception
    assert address(at) == {"owner": "AN", "type": "LEAD"}
    assert chosen(at, "Owner") == "AN"
    assert _menu(at).label == "Mine"


def test_a_link_follows_what_the_view_has_become(small: Visit) -> None:
    small("customers")
    view = keep("funnel", "owner=AN")
    change_view(the_database(), ADMIN, view.id, 1, SavedViewDraft("Mine", "funnel", "owner=MI"), NOW)
    at = small("funnel", saved=str(view.id))
    assert chosen(at, "Owner") == "MI"


def test_a_view_keeps_that_a_value_of_nothing_is_asked_for(small: Visit) -> None:
    small("leads", view="list", value="0")
    view = keep("leads", "owner=all&value=0&view=list")
    at = small("leads", saved=str(view.id))
    assert at.number_input(key="value").value == 0
    at.number_input(key="value").set_value(10).run()
    assert pick(at, view).number_input(key="value").value == 0
    assert ticked(at) == [":material/check: Mine"]


@pytest.mark.parametrize("saved", ["", "junk", "'; DROP TABLE lead --", str(UUID(int=0)), "x" * 5_000])
def test_a_link_to_nothing_is_one_calm_sentence_and_the_page_as_it_is(small: Visit, saved: str) -> None:
    at = small("funnel", saved=saved)
    assert not at.exception
    assert [info.value.replace("\\", "") for info in at.info] == [GONE]
    assert at.metric


def test_a_removed_view_and_a_private_one_of_somebody_else_say_the_same(small: Visit) -> None:
    small("customers")
    private = keep("funnel", "owner=AN", actor=somebody("Ann"))
    removed = keep("funnel", "owner=AN")
    remove_view(the_database(), ADMIN, removed.id, 1, NOW)
    for view in (private, removed):
        at = small("funnel", working_as="Mia", saved=str(view.id))
        assert GONE in seen(at)
        assert chosen(at, "Owner") == "all"


def test_choosing_views_sets_their_filters_and_takes_away_others(small: Visit) -> None:
    small("customers")
    first = keep("funnel", "as-of=last-year&owner=AN", "First")
    second = keep("funnel", "opened=year", "Second")
    at = small("funnel", owner="MI", type="PROSPECT")
    assert _menu(at).label == "Views"
    pick(at, first)
    assert not at.exception
    assert sorted(at.query_params) == ["as-of", "owner"]
    assert _menu(at).label == "First"
    pick(at, second)
    assert sorted(at.query_params) == ["opened"]
    assert ticked(at) == [":material/check: Second"]


def test_own_days_come_back_and_go_again(small: Visit) -> None:
    small("customers")
    days = keep("win_loss", "closed=own&from=2026-01-01&to=2026-03-31", "Days")
    everything = keep("win_loss", "", "Everything")
    at = small("win_loss")
    pick(at, days)
    assert not at.exception
    assert [str(field.value) for field in at.date_input] == ["2026-01-01", "2026-03-31"]
    assert _menu(at).label == "Days"
    pick(at, everything)
    assert not at.exception
    assert not at.date_input
    assert _menu(at).label == "Everything"
    pick(at, days)
    assert [str(field.value) for field in at.date_input] == ["2026-01-01", "2026-03-31"]


def test_what_is_typed_comes_back_and_goes_again(small: Visit) -> None:
    small("customers")
    typed = keep("customers", "owner=AN&search=bak", "Typed")
    everybody = keep("customers", "", "Everybody")
    at = small("customers")
    pick(at, typed)
    assert at.text_input(key="search").value == "bak"
    assert "1 customer\n" in seen(at) + "\n"
    pick(at, everybody)
    assert at.text_input(key="search").value == ""
    assert "6 customers" in seen(at)


@pytest.mark.parametrize("page", ["leads", "customers", "funnel", "forecast"])
def test_a_forged_view_harms_nothing(small: Visit, page: str) -> None:
    at = small(page)
    for number, query in enumerate(FORGED):
        view = keep(page, query, f"View {number}")
        pick(at.run(), view)
        assert not at.exception, query
        assert not at.error, query
    at = small(page, saved=str(view.id))
    assert not at.exception
    assert not at.error


def test_a_view_with_the_filters_of_the_address_is_marked_after_a_reload(small: Visit) -> None:
    small("customers")
    keep("funnel", "opened=year&owner=AN", "First")
    at = small("funnel", owner="AN", opened="year")
    assert ticked(at) == [":material/check: First"]
    assert ticked(small("funnel", owner="AN")) == []


def test_own_views_come_first_and_those_of_others_say_whose_they_are(small: Visit) -> None:
    small("customers")
    keep("funnel", "owner=AN", "Team", somebody("Ann"), is_shared=True)
    keep("funnel", "owner=AN", "Hidden", somebody("Ann"))
    keep("funnel", "owner=MI", "Zoom", somebody("Mia"), is_shared=True)
    keep("funnel", "owner=VI", "All of it", somebody("Mia"))
    keep("leads", "owner=VI", "Elsewhere", somebody("Mia"))
    at = small("funnel", working_as="Mia")
    assert entries(at) == ["All of it", "Zoom (shared)", "Team (of Ann)", "Save as a view …"]


def test_equal_labels_open_each_their_own(small: Visit) -> None:
    small("customers")
    long = "x" * 60
    first, second = keep("funnel", "owner=AN", f"{long} 1"), keep("funnel", "owner=MI", f"{long} 2")
    at = small("funnel")
    assert len(set(entries(at))) == 3
    pick(at, second)
    assert chosen(at, "Owner") == "MI"
    pick(at, first)
    assert chosen(at, "Owner") == "AN"


def test_what_can_be_done_with_a_view_depends_on_whose_it_is(small: Visit) -> None:
    small("customers")
    view = keep("funnel", "owner=AN", "Team", somebody("Ann"), is_shared=True)
    link, change, remove = "Link to “Team” …", "Change “Team” …", "Remove “Team” …"
    for who, offered in (("Ann", [link, change, remove]), ("Mia", [link, change, remove]), ("Vic", [link])):
        at = pick(small("funnel", working_as=who), view)
        assert entries(at)[-len(offered) - 1 :] == ["Save as a view …", *offered], who


def test_other_filters_can_be_kept_in_ones_own_view(small: Visit) -> None:
    small("customers")
    view = keep("funnel", "owner=AN", "Team", somebody("Ann"), is_shared=True)
    at = pick(small("funnel", working_as="Ann"), view)
    next(box for box in at.selectbox if box.label == "Opened").select("year").run()
    assert _menu(at).label == "Views"
    assert "Keep these filters in “Team”" in entries(at)
    pick(at, "update")
    assert not at.exception
    assert list_views(the_database(), ADMIN)[0].query == "opened=year&owner=AN"
    assert _menu(at).label == "Team"
    assert at.toast[0].value == "“Team” keeps these filters now\\."
    stranger = pick(small("funnel", working_as="Mia"), view)
    next(box for box in stranger.selectbox if box.label == "Opened").select("month").run()
    assert not any("Keep these" in entry for entry in entries(stranger))


def test_a_view_of_leads_shows_everybody_the_leads_of_the_same_owner(small: Visit) -> None:
    """A rep's page begins with the rep's own leads, a manager's with all."""
    small("customers")
    of_ann = keep("leads", "owner=AN&view=list", "Of Ann", somebody("Ann"), is_shared=True)
    of_all = keep("leads", "owner=all&view=list", "Of all", somebody("Mia"), is_shared=True)
    for who, usual in (("Ann", of_ann), ("Mia", of_all)):
        for view, owner in ((of_ann, "AN"), (of_all, "all")):
            at = pick(small("leads", working_as=who), view)
            assert not at.exception
            assert chosen(at, "Owner") == owner
            assert ticked(at)[0].startswith(f":material/check: {view.name}")
            assert ("owner" in at.query_params) == (view != usual)


def test_a_link_to_a_view_of_another_page_is_a_link_to_nothing(small: Visit) -> None:
    small("customers")
    view = keep("leads", "owner=AN")
    assert GONE in seen(small("funnel", saved=str(view.id)))


def test_a_view_that_is_gone_when_it_is_chosen_leaves_the_page_as_it_is(small: Visit) -> None:
    at = small("funnel", owner="AN")
    view = keep("funnel", "owner=MI")
    at.run()
    remove_view(the_database(), ADMIN, view.id, 1, NOW)
    pick(at, view)
    assert not at.exception
    assert address(at) == {"owner": "AN"}
