"""The frame round every page: menu, sidebar, guard, errors."""

import gc
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crmplus.domain.actor import Permission
from crmplus.domain.errors import CrmError, DatabaseUnavailable
from crmplus.domain.workspace import LANGUAGES
from crmplus.locale.language import Language
from crmplus.ui.demo_banner import demo_banner
from crmplus.ui.forms import forget_all_problems, no_dialog_yet, show_toast, was_put_away
from crmplus.ui.own_corner import SIGN_IN, own_corner
from crmplus.ui.refusals import tell_refusal
from crmplus.ui.session import (
    LANGUAGE,
    NOBODY_CHOSEN,
    WORKING_AS,
    _,
    actor,
    database,
    find_the_workspace,
    guess_language,
    is_let_in,
    is_local,
    language,
    people,
)
from crmplus.ui.text import distinct, plain
from crmplus.ui.top_bar import top_bar
from crmplus.web.reader import LANGUAGE_COOKIE

P = ParamSpec("P")

log = logging.getLogger(__name__)

_INSIDE = "inside the shell"
_SENT_BACK = "sent back to the shell"
_PAGE = "page last drawn"
_IS_CHOSEN = "language was chosen here"
_HOME = "home"
_STYLE = Path(__file__).with_name("style.css")
_PAGE_JS = "".join(
    Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
    for name in ("menu_on_phone", "tab_past_tables", "back", "tap_after_typing", "second_tap")
)
_SIGNED_OUT_JS = Path(__file__).with_name("signed_out.js").read_text(encoding="utf-8")
_KEEP_JS = Path(__file__).with_name("keep_language.js").read_text(encoding="utf-8")
_ICON = Path(__file__).with_name("icon.svg")


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the menu."""

    page: str
    title: str
    icon: str
    permission: Permission
    is_hidden: bool = False


def menu() -> dict[str, list[Screen]]:
    """The screens in their groups."""
    return {
        _("Work"): [
            Screen(_HOME, _("Home"), ":material/home:", Permission.VIEW, is_hidden=True),
            Screen("my_day", _("My day"), ":material/today:", Permission.VIEW),
            Screen("leads", _("Leads"), ":material/view_kanban:", Permission.VIEW),
            Screen("customers", _("Customers"), ":material/groups:", Permission.VIEW),
            Screen("customer", _("Customer card"), ":material/badge:", Permission.VIEW, is_hidden=True),
        ],
        _("Insight"): [
            Screen("funnel", _("Funnel"), ":material/filter_alt:", Permission.VIEW),
            Screen("conversion", _("Conversion"), ":material/trending_down:", Permission.VIEW),
            Screen("time_in_phase", _("Time in phase"), ":material/hourglass_top:", Permission.VIEW),
            Screen("forecast", _("Forecast"), ":material/query_stats:", Permission.VIEW),
            Screen("win_loss", _("Win and loss"), ":material/balance:", Permission.VIEW),
            Screen("scores", _("Scores"), ":material/target:", Permission.VIEW),
            Screen("changes", _("Changes"), ":material/waterfall_chart:", Permission.VIEW),
            Screen("owners", _("Owners"), ":material/leaderboard:", Permission.VIEW),
        ],
        _("Settings"): [
            Screen("account_types", _("Account types"), ":material/category:", Permission.CONFIGURE),
            Screen("lead_phases", _("Lead phases"), ":material/linear_scale:", Permission.CONFIGURE),
            Screen("closing_reasons", _("Closing reasons"), ":material/flag:", Permission.CONFIGURE),
            Screen("targets", _("Targets"), ":material/sports_score:", Permission.CONFIGURE),
            Screen("people", _("People"), ":material/person:", Permission.ADMINISTER),
            Screen("teams", _("Teams"), ":material/diversity_3:", Permission.ADMINISTER),
            Screen("workspace", _("Workspace"), ":material/settings:", Permission.ADMINISTER),
            Screen("account", _("My account"), ":material/account_circle:", Permission.VIEW, is_hidden=True),
            Screen("audit", _("Audit"), ":material/history:", Permission.ADMINISTER),
            Screen("backup", _("Backup"), ":material/backup:", Permission.ADMINISTER),
            Screen("import_data", _("Import"), ":material/upload_file:", Permission.CONFIGURE),
        ],
    }


def run_shell() -> None:
    """Draw the menu and the sidebar, then the page that was asked for."""
    _settle_memory()
    _dress()
    no_dialog_yet()
    try:
        database()
        _draw()
    except DatabaseUnavailable as error:
        _unavailable(error)


def _draw() -> None:
    st.session_state.setdefault(LANGUAGE, language().code)
    if not is_let_in():
        _signed_out()
        return
    page = _navigation()
    if st.session_state.get(_PAGE) != page.url_path:
        forget_all_problems()
        st.session_state[_PAGE] = page.url_path
    _sidebar()
    st.session_state[_INSIDE] = True
    st.session_state.pop(_SENT_BACK, None)
    try:
        with _refusals_told():
            if found := find_the_workspace():
                top_bar()
                if found.is_demo:
                    demo_banner()
            page.run()
    finally:
        st.session_state[_INSIDE] = False
    show_toast()


@contextmanager
def _refusals_told() -> Iterator[None]:
    """What is refused while a page is drawn is said where it would have gone on."""
    try:
        yield
    except CrmError as error:
        tell_refusal(error)
        st.error(plain(language().message(error.message)), icon=":material/block:")


def part(draw: Callable[P, None]) -> Callable[P, None]:
    """A part of a page: what is done in it draws nothing else anew.

    It is drawn alone then, and does what the frame round a page does: nobody whose session ended goes on.
    What a dialog did that was put away unanswered may stand anywhere on the page, so all of it is drawn.
    """

    @st.fragment
    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        if st.session_state.get(_INSIDE):
            draw(*args, **kwargs)
            return
        if was_put_away() or not is_let_in():
            st.rerun()
        no_dialog_yet()
        with _refusals_told():
            draw(*args, **kwargs)
        show_toast()

    return drawn


def guard(permission: Permission) -> None:
    """The first line of every page. A cold deep link can run a page without the shell: go back
    through it, once. Raises: NotPermitted."""
    if not st.session_state.get(_INSIDE):
        if st.session_state.get(_SENT_BACK):
            st.error(_("CRM+ could not draw this page. Open the start page."))
            st.stop()
        st.session_state[_SENT_BACK] = True
        database()
        _dress()
        if not is_let_in():
            _signed_out()
            st.stop()
        _navigation()
        st.rerun()
    actor().require(permission)


def _unavailable(error: DatabaseUnavailable) -> None:
    """All that can be said where nothing can be read."""
    st.title("CRM+")
    code = guess_language() or "en"
    sentence = Language(code, _utc()).message(error.message)
    st.error(plain(sentence), icon=":material/database_off:")


def report(error: Exception) -> bool:
    """Log an unexpected error with its traceback; show one calm sentence with a reference."""
    if isinstance(error, DatabaseUnavailable):  # of a page without the shell around it, or of a callback
        _unavailable(error)
        return True
    reference = uuid4().hex[:8].upper()
    log.error("unexpected error %s", reference, exc_info=error, extra={"reference": reference})
    st.error(
        plain(
            _(
                "Something went wrong on our side, and what you saw last may not be saved. Try it again; "
                "if it stays, tell your administrator this reference: {reference}",
                reference=reference,
            )
        ),
        icon=":material/error:",
    )
    return True


def page_title(title: str, context: str = "") -> DeltaGenerator:
    """One title, and one sentence where it isn't obvious; the place for the primary action."""
    left, right = st.columns([3, 1.3], vertical_alignment="bottom")
    with left:
        st.title(plain(title), anchor=False)
        if context:
            st.caption(plain(context))
    return right.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="bottom", key="primary-action"
    )


def _dress() -> None:
    """Title, icon and style. Without an icon of ours the browser would fetch one from elsewhere."""
    st.set_page_config(page_title="CRM+", page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)


def _navigation() -> "st.Page":
    if find_the_workspace() is None:
        return st.navigation(
            [st.Page("pages/welcome.py", title=_("Welcome"), default=True)], position="hidden"
        )
    groups = {
        group: [
            st.Page(
                f"pages/{screen.page}.py",
                title=screen.title,
                icon=screen.icon,
                default=screen.page == _HOME,
                visibility="hidden" if screen.is_hidden else "visible",
            )
            for screen in screens
            if actor().may(screen.permission)
        ]
        for group, screens in menu().items()
    }
    return st.navigation({group: pages for group, pages in groups.items() if pages}, expanded=True)


def _signed_out() -> None:
    """What is left of an open page when its session has ended."""
    st.title("CRM+")
    st.info(_("You are signed out."), icon=":material/logout:")
    st.link_button(_("Sign in"), SIGN_IN, type="primary")


def _sidebar() -> None:
    with st.sidebar:
        if not is_local():
            own_corner()
        elif find_the_workspace():
            names: dict[object, str] = {NOBODY_CHOSEN: _("Local administrator")}
            names |= {
                p.id: p.name if not p.archived_at_utc else _("{name} (archived)", name=p.name)
                for p in people().values()
                if not p.archived_at_utc or p.id == st.session_state.get(WORKING_AS)
            }
            if st.session_state.get(WORKING_AS) not in names:
                st.session_state[WORKING_AS] = NOBODY_CHOSEN
            labels = distinct(names)
            st.selectbox(
                _("Working as"),
                list(labels),
                format_func=labels.__getitem__,
                key=WORKING_AS,
                persist_state="session",
            )
        st.selectbox(
            _("Language"),
            list(LANGUAGES),
            format_func=Language.NAMES.__getitem__,
            key=LANGUAGE,
            persist_state="session",
            on_change=_language_chosen,
        )
        _keep_language()
        st.html(f"<script>{_PAGE_JS}</script>", unsafe_allow_javascript=True)
        _watch_session()


def _watch_session() -> None:
    """A page that is open when its session ends says so, and leads to the door."""
    words = {
        "title": _("You are signed out."),
        "ended": _("Sign in again; you come back to this page."),
        "unsaved": _(
            "What is typed here may not be saved. Copy what you need, then sign in again; "
            "you come back to this page."
        ),
        "typed": _("What you typed"),
        "signIn": _("Sign in"),
    }
    script = _SIGNED_OUT_JS.replace("WORDS", json.dumps(words))
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _language_chosen() -> None:
    """A select box goes on showing its choice in the language before, unless it is chosen anew."""
    st.session_state[_IS_CHOSEN] = True
    if WORKING_AS in st.session_state:
        st.session_state[WORKING_AS] = st.session_state[WORKING_AS]


def _keep_language() -> None:
    """The language that was chosen, in the browser: a reload, and the door, speak it."""
    if st.session_state.get(_IS_CHOSEN):
        cookie = f"{LANGUAGE_COOKIE}={language().code}; path=/; max-age=31536000; samesite=lax"
        script = _KEEP_JS.replace("COOKIE", json.dumps(cookie))
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


@cache
def _settle_memory() -> None:
    """Streamlit collects garbage after every run; what is imported for good need not be looked at."""
    gc.collect()
    gc.freeze()
