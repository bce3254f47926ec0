"""Settings: the workspace."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.errors import Conflict
from crmplus.domain.workspace import LANGUAGES, RecurringPeriod, WorkspaceDraft
from crmplus.locale.language import Language, currencies, time_zones
from crmplus.services.workspace import change_workspace
from crmplus.ui.conflict import keep_typed, on_top, touched
from crmplus.ui.forms import attempt, field_problem, forget, problem, show_problem
from crmplus.ui.session import _, actor, database, language, now, workspace
from crmplus.ui.shell import guard, page_title
from crmplus.ui.whole_workspace import download_everything
from crmplus.ui.words import period_name

guard(Permission.ADMINISTER)

FORM = "workspace"
stored = workspace()
if f"{FORM}-loaded" not in st.session_state or f"{FORM}-company_name" not in st.session_state:
    st.session_state[f"{FORM}-loaded"] = stored  # fields are forgotten on another page
loaded = st.session_state[f"{FORM}-loaded"]


def save(version: int, what: WorkspaceDraft) -> None:
    keep_typed(FORM, touched(what, loaded))
    if attempt(FORM, lambda: change_workspace(database(), actor(), version, what, now()), _("Saved")):
        forget(FORM)


def overwrite() -> None:
    found = problem(FORM)
    if isinstance(found, Conflict):
        save(found.version, on_top(st.session_state[f"{FORM}-draft"], loaded, workspace()))


page_title(_("Workspace"), _("What holds for the whole company."))
show_problem(FORM, on_overwrite=overwrite)
left, right = st.columns(2, gap="medium")
with left:
    company = st.text_input(_("Company name"), stored.company_name, key=f"{FORM}-company_name")
    field_problem(FORM, "company_name")
    codes = sorted({*currencies(), stored.currency})
    currency = st.selectbox(
        _("Currency"),
        codes,
        index=codes.index(stored.currency),
        format_func=lambda code: f"{code} · {language().currency_name(code)}",
        key=f"{FORM}-currency",
        help=_("It labels amounts. Changing it converts nothing."),
    )
    periods = list(RecurringPeriod)
    period = st.selectbox(
        _("Recurring period"),
        periods,
        index=periods.index(stored.recurring_period),
        format_func=period_name,
        key=f"{FORM}-recurring_period",
        help=_("The period that recurring values are for. Changing it converts nothing."),
    )
with right:
    code = st.selectbox(
        _("Language"),
        list(LANGUAGES),
        index=LANGUAGES.index(stored.language),
        format_func=Language.NAMES.__getitem__,
        key=f"{FORM}-language",
        help=_("For visitors whose browser asks for a language that CRM+ does not have."),
    )
    weekday = st.selectbox(
        _("First day of the week"),
        list(range(7)),
        index=stored.first_weekday,
        format_func=language().weekday,
        key=f"{FORM}-first_weekday",
    )
    zones = time_zones()
    zone = st.selectbox(
        _("Time zone"),
        zones,
        index=zones.index(stored.time_zone),
        key=f"{FORM}-time_zone",
        help=_("Figures count days as this place does."),
    )
st.session_state[f"{FORM}-draft"] = WorkspaceDraft(
    company, currency, period, code, weekday, zone, loaded.manager_sees, loaded.rep_sees, loaded.viewer_sees
)
if st.button(_("Save"), type="primary", key=f"{FORM}-save"):
    save(loaded.version, st.session_state[f"{FORM}-draft"])
    st.rerun()
st.caption(
    _(
        "Amounts are typed and shown as your language writes them, such as {example}.",
        example=language().amount_example,
    )
)
st.divider()
download_everything()
