"""What the law asks for, on a customer card: all that is kept, to hand over, and erasing it."""

import streamlit as st

from crmplus.domain.customer import Customer
from crmplus.services.privacy import Erasure, erase_customer, export_customer, preview_erasure
from crmplus.ui.download import file_button
from crmplus.ui.forms import attempt, finish, forget_problem, open_dialog, show_problem
from crmplus.ui.session import _, _n, actor, database, now, read
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
            forget_problem(FORM)
            st.session_state.pop(f"{FORM}-number", None)
            open_dialog(_("Erase {name}", name=customer.name), _confirm, customer)


def _confirm(customer: Customer) -> None:
    effect = read(preview_erasure, customer.id)
    st.write(plain(_("This can't be undone. Erased for good:")))
    st.markdown("\n".join(f"- {plain(line)}" for line in _lines(effect)))
    st.caption(_("Backups made until now still hold it, until they are rotated away."))
    show_problem(FORM)
    typed = st.text_input(
        plain(_("Type {number} to confirm", number=customer.number)), key=f"{FORM}-number", autocomplete="off"
    )
    is_meant = typed.strip().casefold() == customer.number.casefold()
    if st.button(_("Erase for good"), type="primary", key=FORM, disabled=not is_meant):
        done = attempt(
            FORM,
            lambda: erase_customer(database(), actor(), customer.id, customer.version, now()),
            _("Erased"),
        )
        finish(done)


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
        _("every such word in the history"),
    ]
