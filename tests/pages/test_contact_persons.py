from streamlit.testing.v1 import AppTest

from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import Customer
from crmplus.services.contact_persons import add_contact_person
from crmplus.services.customers import change_customer, get_customer
from crmplus.store.database import the_database
from tests.pages.visit import Visit, labels, seen
from tests.world import ADMIN, NOW, draft_of

NASTY = "Jan <b>x</b> *y* $z$"


def bakery() -> Customer:
    return get_customer(the_database(), ADMIN, "C-00001")


def add(name: str = "Jan", **fields: str) -> None:
    add_contact_person(the_database(), ADMIN, bakery().id, ContactPersonDraft(name, **fields), NOW)


def open_tab(visit: Visit, **settings: str) -> AppTest:
    at = visit("customer", customer="C-00001", **settings)
    tab = next(tab.label for tab in at.tabs if tab.label.startswith(("Contact persons", "Contactpersonen")))
    at.session_state[f"tab-{bakery().id}"] = tab
    return at.run()


def html(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def test_a_customer_without_persons_says_what_will_show_and_offers_to_add_one(small: Visit) -> None:
    at = open_tab(small)
    assert not at.exception
    assert "The people you talk to at this customer will be listed here" in seen(at)
    assert [tab.label for tab in at.tabs] == ["Details", "Overview", "Contact persons", "History"]
    assert any(button.label == "Add a contact person" for button in at.button)


def test_persons_are_listed_with_links_to_call_and_to_write(small: Visit) -> None:
    small("customer", customer="C-00001")
    add("Jan", job_title="buyer", phone="+31 (0)20-123", email="a?bcc=x@example.com")
    at = open_tab(small)
    assert not at.exception
    assert 'href="tel:+3120123" aria-label="Call Jan: +31 (0)20-123"' in html(at)
    assert 'href="mailto:a%3Fbcc%3Dx@example.com"' in html(at)
    assert "buyer" in html(at)
    assert at.tabs[2].label == "Contact persons (1)"


def test_what_was_typed_is_shown_as_typed(small: Visit) -> None:
    small("customer", customer="C-00001")
    add(NASTY, phone='020"><i>', email="<script>@example.com")
    at = open_tab(small)
    assert not at.exception
    assert "<b>Jan &lt;b&gt;x&lt;/b&gt; *y* $z$</b>" in html(at)
    assert "<script>@" not in html(at)
    assert "<i>" not in html(at)


def test_what_is_no_number_is_shown_without_a_link(small: Visit) -> None:
    small("customer", customer="C-00001")
    add("Jan", phone="ask reception")
    assert "<span>ask reception</span>" in html(open_tab(small))


def test_the_customers_own_phone_and_e_mail_are_links_too(small: Visit) -> None:
    small("customer", customer="C-00001")
    before = bakery()
    draft = draft_of(before, contact="Els", phone="030 1234", email="els@example.com")
    change_customer(the_database(), ADMIN, before.id, before.version, draft, NOW)
    at = open_tab(small)
    assert 'href="tel:0301234" aria-label="Call Els: 030 1234"' in html(at)
    assert 'href="mailto:els@example.com"' in html(at)


def test_the_tab_counts_the_customers_own_as_the_page_lists_it(small: Visit) -> None:
    small("customer", customer="C-00001")
    before = bakery()
    draft = draft_of(before, contact="Els", phone="030 1234")
    change_customer(the_database(), ADMIN, before.id, before.version, draft, NOW)
    assert open_tab(small).tabs[2].label == "Contact persons (1)"
    add("Jan")
    assert open_tab(small).tabs[2].label == "Contact persons (2)"


def test_the_tab_that_is_open_stays_open_when_another_is_renamed(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    at.session_state[f"tab-{bakery().id}"] = "Details"
    at.run()
    next(field for field in at.text_input if field.label == "Phone").set_value("030 1234")
    next(button for button in at.button if button.label == "Save").click().run()
    assert at.tabs[2].label == "Contact persons (1)"
    assert next(field for field in at.text_input if field.label == "Phone").value == "030 1234"
    at.selectbox(key="language").set_value("nl").run()
    assert [field.value for field in at.text_input if field.label == "Telefoon"] == ["030 1234"]


def test_adding_opens_an_empty_form_in_which_only_the_name_is_required(small: Visit) -> None:
    at = open_tab(small)
    at.button(key="add-person").click().run()
    assert not at.exception
    fields = [field for field in at.text_input if (field.key or "").startswith("contact-person-new-")]
    assert [field.label for field in fields] == ["Name (required)", "Job title", "Phone", "E-mail"]
    assert [field.value for field in fields] == ["", "", "", ""]


def test_a_viewer_sees_the_links_and_nothing_that_changes(small: Visit) -> None:
    small("customer", customer="C-00001")
    add("Jan", phone="020 123")
    at = open_tab(small, working_as="Vic")
    assert not at.exception
    assert 'href="tel:020123"' in html(at)
    assert not labels(at)
    assert not at.menu_button


def test_the_tab_is_there_without_a_funnel(small: Visit) -> None:
    at = small("customer", customer="C-00005")
    assert [tab.label for tab in at.tabs] == ["Details", "Contact persons", "History"]
