"""That the search for untranslated words finds them, and finds nothing else."""

import ast

import pytest

from tests.locale.wording import fields, odd_sentences, unwrapped


@pytest.mark.parametrize(
    "code",
    [
        'st.title("Customers")',
        'right.button("Save", key="save")',
        'st.columns(2)[0].caption("Old")',
        'st.button(_("Save"), help="Saves it")',
        'st.text_input(_("Search"), placeholder="Number")',
        'st.page_link("pages/a.py", label="There")',
        'st.plotly_chart(figure, alt="Bars")',
        'st.write(f"{count} leads")',
        "st.write(f\"Leads: {_('Open')}\")",
        "st.write(f\"{'one' if count == 1 else _('more')}\")",
        'st.write("Open" if lead.is_open else _("Closed"))',
        'st.write("Owner " + name)',
        'st.error(plain("Wrong"))',
        'st.markdown(":red[:material/error: Wrong]")',
        'st.metric(_("Leads"), "none")',
        'st.tabs([_("Details"), "History"])',
        'st.write("{count} leads".format(count=count))',
        'st.progress(0.0, "Working")',
        'page_title(_("Customers"), "All of them")',
        'attempt(form, save, "Saved")',
        'st.html("<p>Text</p>")',
        "st.html(f'<ol aria-label=\"Sales flow\">{items}</ol>')",
        "items = f'<li>Phase {name}</li>'",
    ],
)
def test_words_that_are_not_translated_are_found(code: str) -> None:
    assert list(unwrapped(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'st.title(_("Customers"))',
        'st.button(plain(_("Save")), key="save", type="primary", icon=":material/add:")',
        'st.markdown(f"**{plain(name)}** · {value}")',
        'st.markdown(f":material/science: {sentence}")',
        'st.markdown(f":red[:material/error: {sentence}]")',
        'st.page_link("pages/customers.py", label=_("To the customers"))',
        'st.Page(f"pages/{page}.py", title=title)',
        'st.table(frame, alt=_("Changes"), placeholder="–")',
        'log.error("unexpected error %s", reference)',
        'check.text("name", name, 80)',
        '" · ".join(facts)',
        'st.html(f\'<ol class="crm-stepper" aria-label="{label}">{items}</ol>\')',
        '"""Text with a <tag> in it."""',
        'shares = left < right and "a" > b',
    ],
)
def test_what_is_translated_or_is_no_text_passes(code: str) -> None:
    assert not list(unwrapped(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        '_("Moved to {phase}")',
        '_("Moved", phase=name)',
        '_("Moved to {phase}", name=name)',
        'say("At most {longest}.")',
        '_n("{count} lead of {who}", "{count} leads of {who}", count)',
        "_(sentence)",
        '_(f"Moved to {phase}")',
        '_("Moved " + name)',
        '_("Moved to {phase}", **values)',
    ],
)
def test_sentences_whose_braces_stay_empty_or_that_are_not_literal_are_found(code: str) -> None:
    assert list(odd_sentences(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        '_("Moved to {phase}", phase=name)',
        '_n("One lead of {who}", "{count} leads of {who}", count, who=name)',
        'say_count("{count} lead", "{count} leads", count=3)',
        '_("one " "sentence")',
    ],
)
def test_sentences_that_agree_with_their_values_pass(code: str) -> None:
    assert not list(odd_sentences(ast.parse(code)))


def test_the_names_in_braces() -> None:
    assert fields("{who} saved {what}, {who} again") == {"who", "what"}
    assert fields("100 %") == set()
