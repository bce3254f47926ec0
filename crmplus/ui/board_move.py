"""Taking a lead to another phase: at once where nothing has to be asked, else in a dialog (L2 to L4)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.customer import Customer
from crmplus.domain.journey import scored
from crmplus.domain.lead import LeadValues
from crmplus.domain.phase import Phase, PhaseType
from crmplus.services.leads import LeadCard, close_lead, complete_phase, move_lead
from crmplus.ui.board_outcome import attempt_on_board
from crmplus.ui.forms import attempt, field_problem, forget, forget_field, open_dialog
from crmplus.ui.reasons import choose_reason
from crmplus.ui.session import _, actor, database, now
from crmplus.ui.text import plain

Dialog = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Move:
    """A lead as it stands, where it was dropped, and the version of the card that was (L6)."""

    card: LeadCard
    customer: Customer
    target: Phase
    version: int

    @property
    def key(self) -> str:
        return f"board-{self.card.lead.id}"

    @property
    def is_stale(self) -> bool:
        return self.card.lead.version != self.version

    @property
    def is_next(self) -> bool:
        return self.card.funnel.next_after(self.card.phase) == self.target

    @property
    def is_back(self) -> bool:
        return self.target.sort_key < self.card.phase.sort_key


def begin(move: Move) -> tuple[str, Dialog | None]:
    """What was done, or the dialog that asks first. Raises: as the services of leads.

    A stale move is tried at once: it is refused in the words of who saved in between, and nobody
    answers questions in vain. So is one to where the lead is.
    """
    if move.is_stale or not move.card.lead.is_open:
        return _go(move), None
    if move.target.phase_type is PhaseType.CLOSING:
        return "", partial(open_dialog, _("Close lead"), _ask_reason, move)
    if move.is_next and move.card.values.score is None:
        forget(_score_form(move))
        return "", partial(open_dialog, _("Complete phase"), _ask_score, move)
    if move.is_next:
        return _complete(move, move.card.values), None
    if move.target == move.card.phase:
        return _go(move), None
    title = _("Go back") if move.is_back else _("Skip")
    return "", partial(open_dialog, title, _ask_whether, move)


# What is done; each returns the sentence that says so.


def _complete(move: Move, values: LeadValues) -> str:
    complete_phase(database(), actor(), move.card.lead.id, move.version, values, now())
    return _moved(move)


def _go(move: Move) -> str:
    lead, values = move.card.lead, move.card.values
    move_lead(database(), actor(), lead.id, move.version, move.target.id, values, now())
    return _moved(move)


def _close(move: Move, reason: ClosingReason) -> str:
    lead, values = move.card.lead, move.card.values
    close_lead(database(), actor(), lead.id, move.version, move.target.id, reason.id, values, now())
    return _("Closed as {reason}", reason=reason.description)


def _moved(move: Move) -> str:
    return _("Moved to {phase}", phase=move.target.description)


# The dialogs close in every case: what is refused shows above the board, which shows the lead as it is.


def _ask_whether(move: Move) -> None:
    """Back, or past phases that are then skipped, after asking (L3)."""
    _head(move)
    target = move.target.description
    if move.is_back:
        st.write(_("This is a new visit to that phase; nothing recorded earlier is overwritten."))
        label = _("Go back to {phase}", phase=target)
    else:
        _skipped(move)
        label = _("Skip to {phase}", phase=target)
    if st.button(plain(label), type="primary", key=f"{move.key}-go"):
        _do(move, partial(_go, move))


def _ask_score(move: Move) -> None:
    """A phase is completed with a score (L2); one that is none is refused beside its field."""
    _head(move)
    form = _score_form(move)
    score = st.number_input(
        _("Score, 1 to 100"),
        value=None,
        step=1,
        placeholder=_("none yet"),
        key=f"{form}-score",
        help=_("How likely the lead is won, in percent: its weight."),
        on_change=forget_field,
        args=(form, "score"),
    )
    field_problem(form, "score")
    label = plain(_("Complete phase: {next}", next=move.target.description))
    if st.button(label, type="primary", key=f"{form}-complete"):
        values = replace(move.card.values, score=score)
        if attempt(form, partial(scored, values)):
            _do(move, partial(_complete, move, values))
        st.rerun(scope="fragment")


def _score_form(move: Move) -> str:
    return f"{move.key}-score"


def _ask_reason(move: Move) -> None:
    """The reason it is closed with (L4)."""
    _head(move)
    _skipped(move)
    reason = choose_reason(move.key)
    label = _("Close as {reason}", reason=reason.description) if reason else _("Close lead")
    if st.button(plain(label), type="primary", disabled=reason is None, key=f"{move.key}-close") and reason:
        _do(move, partial(_close, move, reason))


def _head(move: Move) -> None:
    """Which lead it is, and where it goes."""
    title = f" · {plain(move.card.lead.title)}" if move.card.lead.title else ""
    way = f"{move.card.phase.description} → {move.target.description}"
    st.markdown(f"**{plain(move.customer.name)}**{title}")
    st.caption(plain(way))


def _skipped(move: Move) -> None:
    jumped = move.card.funnel.between(move.card.phase, move.target)
    if jumped:
        names = ", ".join(phase.description for phase in jumped)
        st.write(plain(_("These phases are recorded as skipped: {phases}.", phases=names)))


def _do(move: Move, action: Callable[[], str]) -> None:
    attempt_on_board(move.customer.name, action)
    st.rerun()
