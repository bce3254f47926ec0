"""My day on screen: the answer in four figures, then what is due, then leads nobody has planned for."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from crmplus.analytics.owners import OwnerFigures
from crmplus.domain.actor import Permission
from crmplus.services.my_day import DueStep, MyDay
from crmplus.services.open_leads import OpenLead
from crmplus.ui.beginning import say_how_to_begin
from crmplus.ui.cards import Card, show_cards
from crmplus.ui.my_day_choice import Whose
from crmplus.ui.next_step_rows import link_to_lead, plan_button, show_menu, show_step, show_words
from crmplus.ui.next_step_words import due_words, today
from crmplus.ui.session import _, _n, actor, language
from crmplus.ui.text import plain
from crmplus.ui.words import owner_name, value_words

_LIMIT = "steps listed of each kind"
_MORE = 10


def listed_steps() -> int:
    """How many steps of each kind are listed: few widgets draw fast."""
    return int(st.session_state.setdefault(_LIMIT, _MORE))


def show_answer(day: MyDay, won: OwnerFigures) -> None:
    """Overdue, due today, without a next step, and what was won this month against the target."""
    words = language()
    share = won.share_of_target
    against = _("no target set")
    if won.target is not None:
        against = _("of {target}", target=words.round_money(won.target))
    if share is not None:
        against = f"{against} ({words.percent(share, 0)})"
    show_cards(
        [
            Card(_("Overdue"), words.number(day.overdue_count)),
            Card(_("Due today"), words.number(day.today_count)),
            Card(_("Without a next step"), words.number(day.without_step_count)),
            Card(
                _("Won this month"),
                words.short_money(won.closed.won.value),
                beside=against,
                help=_("The expected value of leads won and closed this month, as on the page Owners."),
            ),
        ]
    )


def show_due(day: MyDay, whose: Whose) -> None:
    """What is overdue, due today and coming."""
    if not day.overdue_count and not day.today_count:
        st.info(_nothing_due(day), icon=":material/task_alt:")
    _steps("overdue", _("Overdue"), day.overdue, day.overdue_count, whose)
    _steps("today", _("Due today"), day.today, day.today_count, whose)
    _steps("coming", _("Coming seven days"), day.coming, day.coming_count, whose)
    if day.later_count:
        st.caption(
            _n("{count} next step is due later.", "{count} next steps are due later.", day.later_count)
        )


def show_leads_to_plan(day: MyDay, whose: Whose) -> None:
    """Leads without a next step, and those that are ageing."""
    _leads(_("Without a next step"), day.without_step, day.without_step_count, "without", whose)
    _leads(_("Ageing"), day.ageing, day.ageing_count, "ageing", whose)


def show_beginning() -> None:
    """A workspace that has no lead yet."""
    say_how_to_begin(
        _(
            "Your next steps will be listed here: what is overdue, what is due today and what comes. "
            "Each belongs to a lead."
        ),
        ":material/rocket_launch:",
    )


def _nothing_due(day: MyDay) -> str:
    """What there is to do instead."""
    if not day.lead_count:
        return _("Nothing due, and no open lead. Start a lead on a customer card, then plan its next step.")
    if day.without_step_count:
        return _("Nothing due. Plan a next step for the leads below that have none.")
    if day.coming_count:
        return _("Nothing due. Every open lead has a next step; below is what comes.")
    return _("Nothing due. Every open lead has a next step.")


def _steps(kind: str, title: str, steps: Sequence[DueStep], count: int, whose: Whose) -> None:
    if not count:
        return
    st.subheader(plain(f"{title} ({language().number(count)})"), anchor=False)
    for step in steps:
        facts = [step.title, value_words("phase_id", str(step.phase_id)), _worth(step)]
        with st.container(horizontal=True, vertical_alignment="center", key=f"due-step-{step.id}"):
            show_step(step, [*facts, _owner(step.owner_id, whose)], step.phone)
            link_to_lead(f"open-{step.id}", step.customer_id, step.number, step.customer, step.lead_id)
            show_menu(step)
    if count > len(steps):
        left = plain(_("Show more ({count} left)", count=count - len(steps)))
        st.button(left, key=f"further-{kind}", type="tertiary", icon=":material/expand_more:", on_click=_more)


def _leads(title: str, leads: Sequence[OpenLead], count: int, attention: str, whose: Whose) -> None:
    if not count:
        return
    st.subheader(plain(f"{title} ({language().number(count)})"), anchor=False)
    for lead in leads:
        name = f"{attention}-{lead.id}"
        with st.container(horizontal=True, vertical_alignment="center", key=f"due-lead-{name}"):
            if lead.step is None and actor().may(Permission.WORK):
                about = f"{lead.customer} · {lead.title}" if lead.title else lead.customer
                plan_button(f"plan-{name}", lead.id, about)
            show_words(lead.title or lead.customer, _facts(lead, whose))
            link_to_lead(f"open-{name}", lead.customer_id, lead.number, lead.customer, lead.id)
    if count > len(leads):
        st.page_link(
            "pages/leads.py",
            label=plain(_("All {count} in the list of leads", count=count)),
            icon=":material/list:",
            query_params={"view": "list", "attention": attention, "owner": whose.code},
        )


def _facts(lead: OpenLead, whose: Whose) -> list[str]:
    in_phase = language().days(lead.days_in_phase)
    phase = value_words("phase_id", str(lead.phase_id))
    facts = [_("{days} in {phase}", days=in_phase, phase=phase)]
    if lead.is_ageing and lead.limit_days is not None:
        facts.append(_("limit {days}", days=language().days(lead.limit_days)))
    if lead.step and lead.due_date:
        facts.append(f"{lead.step}, {due_words(lead.due_date, lead.due_time, today())}")
    return [*facts, _worth(lead), _owner(lead.owner_id, whose)]


def _worth(what: DueStep | OpenLead) -> str:
    return "" if what.expected_value is None else language().round_money(what.expected_value)


def _owner(owner_id: UUID | None, whose: Whose) -> str:
    """Who has it, where that is not whose day it is."""
    return owner_name(owner_id) if whose.is_everybody else ""


def _more() -> None:
    st.session_state[_LIMIT] = listed_steps() + _MORE
