"""The dialog in which a person is archived: what they have in hand, and who takes it over."""

from uuid import UUID

import streamlit as st

from crmplus.domain.person import Person
from crmplus.services.deactivation import Leaving, deactivate_person, preview_deactivation
from crmplus.ui.forms import attempt, finish, forget, open_dialog, show_problem
from crmplus.ui.session import _, _n, actor, database, language, now, people, workspace
from crmplus.ui.text import distinct, plain
from crmplus.ui.words import per_period

_NOBODY = "nobody"
"""The choice that leaves everything as it is."""


def ask_archive(person: Person) -> None:
    """What will happen is said before it does."""
    forget(_form(person))
    open_dialog(_("Archive {description}", description=person.name), _body, person)


def _form(person: Person) -> str:
    return f"archive-person-{person.id}"


def _body(person: Person) -> None:
    form = _form(person)
    show_problem(form)
    leaving = preview_deactivation(database(), actor(), person.id)
    if leaving.refusal:
        st.warning(plain(language().message(leaving.refusal)), icon=":material/lock:")
        return
    heir: UUID | str | None = _NOBODY
    if leaving.customer_count or leaving.open_lead_count:
        _say_what_is_in_hand(leaving)
        heir = _choose_heir(form, person)
    st.write(
        _(
            "They can't sign in any more: their sessions end, and links they were given no longer work. "
            "Nobody can choose them as owner. You can bring them back; then they are invited again."
        )
    )
    verb = _("Archive {description}", description=person.name)
    if isinstance(heir, UUID):
        verb = _("Archive {name} and hand over to {heir}", name=person.name, heir=people()[heir].name)
    if st.button(plain(verb), type="primary", disabled=heir is None, key=f"{form}-do"):
        to = heir if isinstance(heir, UUID) else None
        finish(attempt(form, lambda: _archive(person, to), _("Archived")))


def _archive(person: Person, heir_id: UUID | None) -> None:
    deactivate_person(database(), actor(), person.id, person.version, heir_id, now())


def _say_what_is_in_hand(leaving: Leaving) -> None:
    words = language()
    customers = _n("{count} customer", "{count} customers", leaving.customer_count)
    leads = _n(
        "{count} open lead worth {expected} expected, {weighted} weighted, and {recurring} {period}",
        "{count} open leads worth {expected} expected, {weighted} weighted, and {recurring} {period}",
        leaving.open_lead_count,
        expected=words.money(leaving.expected_value),
        weighted=words.money(leaving.weighted_value),
        recurring=words.money(leaving.recurring_value),
        period=per_period(workspace().recurring_period),
    )
    steps = _n("{count} next step", "{count} next steps", leaving.next_step_count)
    held = [
        said
        for said, count in (
            (customers, leaving.customer_count),
            (leads, leaving.open_lead_count),
            (steps, leaving.next_step_count),
        )
        if count
    ]
    st.write(_("What is in their hands:"))
    st.markdown("\n".join(f"- {plain(each)}" for each in held))


def _choose_heir(form: str, person: Person) -> UUID | str | None:
    """Somebody in use, or nobody; None until it is decided."""
    others: dict[UUID | str, str] = {
        other.id: other.name
        for other in people().values()
        if not other.archived_at_utc and other.id != person.id
    }
    labels = distinct(others | {_NOBODY: _("Nobody: they stay {name}'s", name=person.name)})
    heir: UUID | str | None = st.selectbox(
        _("Hand over to"),
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder=_("Choose who takes over"),
        key=f"{form}-heir",
    )
    st.caption(_("Next steps go along with their leads. Closed leads stay theirs in every report."))
    return heir
