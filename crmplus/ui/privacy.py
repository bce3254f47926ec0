"""What the law asks for: all that is kept on a customer, to hand over, and erasing it."""

from collections.abc import Callable, Sequence

import streamlit as st

from crmplus.domain.customer import Customer
from crmplus.services.privacy import (
    Erasure,
    GoneCustomer,
    erase_customer,
    erase_gone_customer,
    export_customer,
    list_gone_customers,
    preview_erasure,
)
from crmplus.ui.download import file_button
from crmplus.ui.forms import attempt, finish, forget_problem, open_dialog, show_problem
from crmplus.ui.session import _, _n, actor, database, language, now, read
from crmplus.ui.text import plain

FORM = "erase"


def privacy(customer: Customer) -> None:
    """For administrators, folded away: it is seldom wanted."""
    with st.expander(_("Privacy"), icon=":material/shield_person:", key="privacy"):
        st.caption(
            _(
                "Somebody may ask for all that is kept on them, and to be erased. "
                "Erasing leaves leads, phases, values and dates, so that figures stay right."
            )
        )
        left, right = st.columns(2)
        with left:
            file_button(
                _("All that is kept (JSON)"),
                f"customer-{customer.number}.json",
                "application/json",
                lambda: export_customer(database(), actor(), customer.id, now()),
                "privacy-export",
            )
        if right.button(
            _("Erase customer"), icon=":material/person_off:", key="privacy-erase", width="stretch"
        ):
            _begin()
            open_dialog(_("Erase {name}", name=customer.name), _confirm, customer)


def gone_customers() -> None:
    """For administrators: customers that have no card any more, by what the history says of them."""
    with st.expander(_("Privacy"), icon=":material/shield_person:", key="privacy"):
        st.caption(
            _(
                "Where an import was undone, the history still says what its customers were called. "
                "Here all that is kept on one of them is handed over or erased."
            )
        )
        words = st.text_input(
            _("Customer of an undone import"),
            key="privacy-words",
            placeholder=_("Name, number, address or value"),
            max_chars=200,
        )
        found = list_gone_customers(database(), actor(), words)
        if words and not found:
            st.caption(_("No customer of an undone import matches. Others are erased on their card."))
        for customer in found:
            _show_gone(customer)


def _show_gone(customer: GoneCustomer) -> None:
    name, left, right = st.columns([2, 1, 1], vertical_alignment="center")
    gone = language().date_and_time(customer.gone_at_utc)
    name.markdown(plain(f"{customer.number} {customer.name}, ") + plain(_("undone {date}", date=gone)))
    with left:
        file_button(
            _("All that is kept (JSON)"),
            f"customer-{customer.number}.json",
            "application/json",
            lambda: export_customer(database(), actor(), customer.id, now()),
            f"privacy-export-{customer.id}",
        )
    if right.button(
        _("Erase customer"),
        icon=":material/person_off:",
        key=f"privacy-erase-{customer.id}",
        width="stretch",
    ):
        _begin()
        open_dialog(_("Erase {name}", name=customer.name), _confirm_gone, customer)


def _begin() -> None:
    forget_problem(FORM)
    st.session_state.pop(f"{FORM}-number", None)


def _confirm_gone(customer: GoneCustomer) -> None:
    _ask(
        customer.number,
        [_("every word of it in the history, and in what saved views search for")],
        lambda: erase_gone_customer(database(), actor(), customer.id, now()),
    )


def _confirm(customer: Customer) -> None:
    _ask(
        customer.number,
        _lines(read(preview_erasure, customer.id)),
        lambda: erase_customer(database(), actor(), customer.id, customer.version, now()),
    )


def _ask(number: str, lines: Sequence[str], erase: Callable[[], object]) -> None:
    """What goes, and once its number is typed, that it does."""
    st.write(plain(_("This can't be undone. Erased for good:")))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    st.caption(
        _(
            "Backups made until now still hold it, until they are rotated away. "
            "What somebody wrote of it elsewhere stays, such as the name of a saved view."
        )
    )
    show_problem(FORM)
    typed = st.text_input(
        plain(_("Type {number} to confirm", number=number)), key=f"{FORM}-number", autocomplete="off"
    )
    is_meant = typed.strip().casefold() == number.casefold()
    if st.button(_("Erase for good"), type="primary", key=FORM, disabled=not is_meant):
        finish(attempt(FORM, erase, _("Erased")))


def _lines(effect: Erasure) -> list[str]:
    """What goes, in words."""
    return [
        _("name, addresses, phone, e-mail and remark"),
        _n("{count} contact person", "{count} contact persons", effect.contact_person_count),
        _n("{count} note", "{count} notes", effect.note_count),
        _n("{count} next step", "{count} next steps", effect.next_step_count),
        _n(
            "the title and remarks of {count} lead",
            "the titles and remarks of {count} leads",
            effect.lead_count,
        ),
        _("every such word in the history, and in what saved views search for"),
    ]
