from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import choose, dialog, from_menu, open_page, press, settle, steps, type_in


def add_phase(page: Page, code: str, description: str, phase_type: str) -> None:
    press(page, "Add phase")
    type_in(dialog(page), "Code (required)", code)
    type_in(dialog(page), "Description (required)", description)
    choose(dialog(page), "Phase type", phase_type)
    press(dialog(page), "Save")


def row(page: Page, name: str) -> Locator:
    return page.locator("[class*='st-key-row-']").filter(has=page.get_by_text(name, exact=True))


def test_a_manager_configures_a_funnel_from_account_type_to_closing_reason(page: Page, starter: str) -> None:
    open_page(page, f"{starter}/account_types")
    press(page, "Add account type")
    type_in(dialog(page), "Code (required)", "partner")
    type_in(dialog(page), "Description (required)", "Partner")
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()
    expect(row(page, "Partner")).to_contain_text("PARTNER")

    open_page(page, f"{starter}/lead_phases")
    choose(page, "Account type", "Partner")
    add_phase(page, "P-TALK", "First talk", "qualification")
    add_phase(page, "P-PLAN", "Plan", "regular")
    expect(page.get_by_text("without one no closing reason can be chosen")).to_be_visible()
    add_phase(page, "P-END", "Ended", "closing")
    expect(page.get_by_text("Ready: leads can travel through this funnel.")).to_be_visible()

    add_phase(page, "P-TALK2", "Second talk", "qualification")
    expect(dialog(page).get_by_role("alert")).to_contain_text("qualification phase")
    expect(dialog(page).get_by_role("textbox", name="Description (required)")).to_have_value("Second talk")
    page.keyboard.press("Escape")

    open_page(page, f"{starter}/closing_reasons")
    press(page, "Add closing reason")
    type_in(dialog(page), "Code (required)", "DOUBLE")
    type_in(dialog(page), "Description (required)", "Duplicate")
    choose(dialog(page), "Outcome", "neither")
    press(dialog(page), "Save")
    expect(row(page, "Duplicate")).to_contain_text("neither")


def test_a_limit_in_days_is_set_and_taken_away_again(page: Page, small: str) -> None:
    open_page(page, f"{small}/lead_phases")
    for typed, shown in (("45", "45"), ("", "–")):
        from_menu(page, row(page, "Meeting").get_by_role("button", name="Change"), "Edit …")
        field = dialog(page).get_by_role("spinbutton", name="Limit in days")
        field.fill(typed)
        field.press("Tab")
        settle(page)
        press(dialog(page), "Save")
        expect(dialog(page)).to_be_hidden()
        expect(row(page, "Meeting")).to_contain_text(shown)


def test_archiving_a_phase_shows_what_moves_before_its_leads_move(page: Page, small: str) -> None:
    open_page(page, f"{small}/lead_phases")
    from_menu(page, row(page, "Meeting").get_by_role("button", name="Change"), "Archive …")
    expect(dialog(page)).to_contain_text("2 open leads stand in it")
    expect(dialog(page)).to_contain_text("€13,000.00 expected")
    choose(dialog(page), "Move them to", "Calculation")
    press(dialog(page), "Archive Meeting and move its 2 leads to Calculation")
    expect(dialog(page)).to_be_hidden()
    expect(row(page, "Calculation")).to_contain_text("2")
    expect(page.get_by_text("Archived (1)")).to_be_visible()

    open_page(page, f"{small}/customer?customer=C-00004")
    assert steps(page)[2] == "now"
    expect(page.get_by_role("button", name="Complete phase: Send quote")).to_be_visible()


def test_a_number_out_of_range_is_refused_where_it_was_typed_and_stays_typed(
    page: Page, starter: str
) -> None:
    open_page(page, f"{starter}/lead_phases")
    press(page, "Add phase")
    type_in(dialog(page), "Code (required)", "P-FAR")
    type_in(dialog(page), "Description (required)", "Far away")
    for label, wrong, sentence in (
        ("Order", "99999", "Use a whole number from 0 to 9999."),
        ("Limit in days", "-1", "Use a whole number of days from 1 to 3,650, or leave it empty."),
    ):
        field = dialog(page).get_by_role("spinbutton", name=label)
        field.fill(wrong)
        field.press("Tab")
        settle(page)
        press(dialog(page), "Save")
        expect(dialog(page).get_by_text(sentence)).to_be_visible()
        expect(field).to_have_value(wrong)
        field.fill("40")
        field.press("Tab")
        settle(page)
