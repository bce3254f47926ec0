"""Quick add: one box for a customer's name, a value and a next step, from any page."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import streamlit as st

from crmplus.domain.customer import search_key
from crmplus.domain.errors import Invalid
from crmplus.domain.message import say
from crmplus.domain.next_step import LONGEST_STEP, NextStepDraft
from crmplus.services.quick_add import (
    Added,
    Doubt,
    Match,
    Question,
    QuickAddDraft,
    QuickAddKeys,
    quick_add,
)
from crmplus.ui.forms import (
    attempt,
    field_problem,
    finish,
    forget,
    form_id,
    notify,
    open_dialog,
    show_problem,
)
from crmplus.ui.next_step_fields import focus_on
from crmplus.ui.next_step_words import today
from crmplus.ui.open_card import open_card
from crmplus.ui.periods import FIRST_DAY, LAST_DAY
from crmplus.ui.session import _, _n, actor, database, language, now, workspace
from crmplus.ui.text import distinct, plain

QUICK = "quick-add"
_ASKED = f"{QUICK}-asked"
_JUST_ADDED = "just added"
_NEW = "new"
"""The answer that none of the customers is meant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what was typed as the customer when it came up: another name is another matter."""

    customer: str
    question: Question


def ask_quick_add() -> None:
    """The box, empty, with keys of its own."""
    forget(QUICK)
    open_dialog(_("Quick add"), _box)


def show_just_added() -> None:
    """What was added last, and the way to it, until it is opened or put away."""
    added: Added | None = st.session_state.get(_JUST_ADDED)
    if added is None:
        return
    customer = f"{added.customer.number} {added.customer.name}"
    sentence = (
        _("New customer with a lead: {customer}.", customer=customer)
        if added.is_new_customer
        else _("A further lead of {customer}.", customer=customer)
    )
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="just-added"):
        st.markdown(plain(sentence), width="content")
        is_opened = st.button(
            _("Open it"), key="open-added", icon=":material/arrow_forward:", type="tertiary"
        )
        if st.button(_("Put away"), key="put-added-away", type="tertiary"):
            st.session_state.pop(_JUST_ADDED, None)
            st.rerun()
    if is_opened:
        st.session_state.pop(_JUST_ADDED, None)
        open_card(added.customer.number, added.customer.id, added.lead.id)


def _box() -> None:
    asked: Asked | None = st.session_state.get(_ASKED)
    with st.form(f"{QUICK}-form", border=False):
        show_problem(QUICK)
        st.text_input(
            _("Customer (required)"),
            key=f"{QUICK}-customer",
            placeholder=_("Name or number, known or new"),
            autocomplete="off",
        )
        field_problem(QUICK, "customer")
        if asked:
            _ask(asked.question)
        _fields()
        is_sent = st.form_submit_button(_("Add lead"), type="primary", key=f"{QUICK}-add")
        is_opened = bool(
            asked
            and asked.question.doubt is Doubt.OPEN_LEAD
            and st.form_submit_button(_("Open its lead instead"), key=f"{QUICK}-open")
        )
    if asked and is_opened:
        match = asked.question.matches[0]
        open_card(match.number, match.id, match.open_lead_id)
    focus_on(f".st-key-{_answer_key(asked.question)} input" if asked else f".st-key-{QUICK}-customer input")
    if is_sent:
        finish(_add(asked))


def _fields() -> None:
    """What need not be filled in."""
    st.text_input(
        plain(_("Expected value, {currency}", currency=workspace().currency)),
        key=f"{QUICK}-expected_value",
        placeholder=language().amount_example,  # a sign with help would be one more stop of Tab
        autocomplete="off",
    )
    field_problem(QUICK, "expected_value")
    left, right = st.columns([2, 1])
    with left:
        st.text_input(
            _("Next step"),
            key=f"{QUICK}-next_step",
            max_chars=LONGEST_STEP,
            placeholder=_("Call about the quote"),
            autocomplete="off",
        )
        field_problem(QUICK, "next_step")
    with right:
        st.date_input(
            _("Due"),
            today() + timedelta(days=1),
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            key=f"{QUICK}-due_date",
            format=language().date_input_format,
        )
        field_problem(QUICK, "due_date")


def _ask(question: Question) -> None:
    """Which customer is meant; nothing is chosen beforehand, so that no Enter answers it by accident."""
    match question.doubt:
        case Doubt.OPEN_LEAD:
            name = question.matches[0].name
            sentence = _(
                "{customer} has an open lead already. Start a further one, or open it?", customer=name
            )
        case Doubt.SEVERAL:
            sentence = _("There are several. Which one do you mean?")
        case Doubt.SIMILAR:
            sentence = _("No customer is called just this. Which one do you mean?")
    st.warning(plain(sentence), icon=":material/help:")
    if question.more_count:
        st.caption(
            _n(
                "{count} more is not shown. If you mean that one, type its number as the customer.",
                "{count} more are not shown. If you mean one of those, type its number as the customer.",
                question.more_count,
            )
        )
    names = distinct(_answers(question))
    st.radio(
        _("Which customer"),
        list(names),
        index=None,
        format_func=lambda answer: plain(names[answer]),
        key=_answer_key(question),
        label_visibility="collapsed",
    )
    field_problem(QUICK, "answer")


def _answers(question: Question) -> dict[str, str]:
    """The customers by their key, and that none of them is meant."""
    is_further = question.doubt is Doubt.OPEN_LEAD
    known = {str(match.id): _in_words(match) for match in question.matches}
    if is_further:
        known = {key: _("A further lead of {customer}", customer=words) for key, words in known.items()}
    return known | {_NEW: _("A new customer")}


def _in_words(match: Match) -> str:
    count = match.open_lead_count
    leads = _n("{count} open lead", "{count} open leads", count) if count else ""
    return " · ".join(filter(None, (match.number, match.name, match.city, leads)))


def _answer_key(question: Question) -> str:
    """Another question is another choice."""
    return f"{QUICK}-answer-{question.doubt}-{question.matches[0].id}"


def _add(asked: Asked | None) -> bool:
    """Add what is typed; False where something is wrong or has to be asked."""
    results: list[Added | Question] = []
    keys = QuickAddKeys(*(form_id(f"{QUICK}-{part}") for part in ("customer", "lead", "next_step")))

    def add() -> None:
        results.append(quick_add(database(), actor(), _typed(asked), now(), keys))

    if not attempt(QUICK, add):
        return False
    result = results[0]
    if isinstance(result, Question):
        st.session_state[_ASKED] = Asked(st.session_state[f"{QUICK}-customer"], result)
        return False
    forget(QUICK)
    notify(_("Lead added"))
    st.session_state[_JUST_ADDED] = result
    return True


def _typed(asked: Asked | None) -> QuickAddDraft:
    """What is typed and answered. Raises: Invalid."""
    state = st.session_state
    step: str = state[f"{QUICK}-next_step"].strip()
    due = state[f"{QUICK}-due_date"]
    if step and due is None:
        raise Invalid({"due_date": say("Choose a day.")})
    draft = QuickAddDraft(
        customer=state[f"{QUICK}-customer"],
        expected_value=language().parse_amount("expected_value", state[f"{QUICK}-expected_value"]),
        next_step=NextStepDraft(step, due) if step else None,
    )
    if asked is None or search_key(asked.customer) != search_key(draft.customer):
        return draft
    return _answered(draft, asked.question, state.get(_answer_key(asked.question)))


def _answered(draft: QuickAddDraft, question: Question, answer: str | None) -> QuickAddDraft:
    """The draft with the answer. Raises: Invalid where there is none."""
    if answer is None:
        raise Invalid({"answer": say("Choose one of these.")})
    if answer == _NEW:
        return replace(draft, is_new=True)
    return replace(draft, customer_id=UUID(answer), is_further=question.doubt is Doubt.OPEN_LEAD)
