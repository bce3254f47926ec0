from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import choose, drawn, open_page, press, settle, type_in


def test_the_language_is_switched_in_the_sidebar_for_words_and_amounts(page: Page, small: str) -> None:
    open_page(page, f"{small}/customer?customer=C-00001")
    choose(page, "Language", "Nederlands")
    for name in ("Gegevens", "Overzicht", "Historie"):
        expect(page.get_by_role("tab", name=name)).to_be_visible()
    page.get_by_role("spinbutton", name="Score, 1 tot 100").fill("50")
    type_in(page, "Verwachte waarde, EUR", "1.234,56")
    expect(page.locator(".crm-figure").first).to_contain_text("€ 617,28".replace(" ", "\xa0"))
    press(page, "Opslaan", exact=True)
    expect(page.get_by_text("Opgeslagen")).to_be_visible()
    expect(page.get_by_role("textbox", name="Verwachte waarde, EUR")).to_have_value("1.234,56")
    expect(page.get_by_role("link", name="Klanten")).to_be_visible()


def test_a_browser_keeps_the_language_that_was_chosen_in_it(new_page: NewPage, small: str) -> None:
    page = new_page(locale="nl-NL")
    open_page(page, f"{small}/customers")
    choose(page, "Taal", "English")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    open_page(page, f"{small}/customers")
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    choose(page, "Language", "Nederlands")
    expect(page.get_by_role("heading", name="Klanten")).to_be_visible()
    page.reload()
    drawn(page)
    expect(page.get_by_role("heading", name="Klanten")).to_be_visible()


def test_another_language_rewrites_amounts_and_choices(page: Page, small: str) -> None:
    open_page(page, f"{small}/customer?customer=C-00004")
    expect(page.get_by_role("textbox", name="Expected value, EUR")).to_have_value("1,000.00")
    choose(page, "Language", "Nederlands")
    expect(page.get_by_role("textbox", name="Verwachte waarde, EUR")).to_have_value("1.000,00")
    expect(page.get_by_role("combobox", name="Werken als")).to_have_value("Lokale beheerder")
    press(page, "Opslaan", exact=True)
    expect(page.get_by_text("Opgeslagen")).to_be_visible()
    open_page(page, f"{small}/customers?owner=AN")
    choose(page, "Taal", "English")
    expect(page.get_by_role("combobox", name="Phase")).to_have_value("all")
    choose(page, "Language", "Nederlands")
    expect(page.get_by_role("combobox", name="Eigenaar")).to_have_value("Ann")
    expect(page.get_by_role("combobox", name="Fase")).to_have_value("alle")


def test_a_dutch_browser_is_greeted_in_dutch(new_page: NewPage, small: str) -> None:
    page = new_page(locale="nl-NL")
    open_page(page, f"{small}/customers")
    expect(page.get_by_role("heading", name="Klanten")).to_be_visible()
    page.get_by_role("link", name="Accounttypes").click()
    settle(page)
    expect(page.get_by_role("heading", name="Accounttypes")).to_be_visible()
