"""The catalogues: every sentence in the code is translated, and every word on screen is a sentence."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from crmplus.domain.workspace import LANGUAGES
from crmplus.locale.catalogue import FOLDER
from crmplus.locale.collect import collected
from tests.locale.wording import SENTENCES, fields, odd_sentences, sentences_of, unwrapped
from tests.sources import ROOT, modules, tree_of

TRANSLATED = [code for code in LANGUAGES if code != "en"]
SCREENS = modules("app.py", "pages", "crmplus/ui")
CODE = modules("app.py", "pages", "crmplus")

NAMES = {
    "'CRM+'": "the name of the program, alike in every language",
}
"""Words that may stand untranslated on a screen, with the reason."""

UNCOLLECTED = {
    "crmplus/ui/session.py": "defines `_` and `_n`",
    "crmplus/domain/message.py": "defines `say` and `say_count`",
}

DUTCH_PLURALS = {"contactpersoon": "contactpersonen", "eigenaar": "eigenaren"}
"""Where the plural does not hold the singular."""

FURTHER_WORDS = {
    "closing phase": "afsluitfase",
    "qualification phase": "kwalificatiefase",
    "weighted": "gewogen",
    "skipped": "overgeslagen",
    "history": "historie",
    "overview": "overzicht",
}
"""Words beside those of the glossary: English, and the Dutch that stands for it everywhere."""

CODE_ONLY = frozenset({"figure", "measure", "actor", "span", "stay", "bridge"})
"""Words of the glossary that name things in the code; on the screens a figure is a number."""

NOT_USED = re.compile(
    r"\b(deals?|opportunit(y|ies)|stages?|pipelines?|verkoopkans(en)?|relaties?|stadi(um|a)|"
    r"geschiedenis|afsluitingsreden|account-type|lead-fase|u|uw)\b",
    re.IGNORECASE,
)


@cache
def translations(code: str) -> Catalog:
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def pairs(code: str) -> list[tuple[str, str]]:
    """Each English sentence with its translation; both forms where there is a plural."""
    found = []
    for message in entries(translations(code)):
        found += list(zip(forms(message.id), forms(message.string), strict=True))
    return found


def entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_catalogue_holds_the_sentences_of_the_code_and_no_other(code: str) -> None:
    held = {forms(message.id) for message in entries(translations(code))}
    wanted = {forms(message.id) for message in entries(collected())}
    assert held == wanted, "run `python -m crmplus.locale.collect`, then translate what is new"
    assert not translations(code).obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated_in_all_its_forms(code: str) -> None:
    messages = entries(translations(code))
    assert not [m.id for m in messages if m.fuzzy]
    assert not [m.id for m in messages if len(forms(m.string)) != len(forms(m.id))]
    assert not [m.id for m in messages if not all(text.strip() for text in forms(m.string))]


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_the_braces(code: str) -> None:
    assert not [(en, other) for en, other in pairs(code) if fields(en) != fields(other)]


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("sign", ["**", "…", "\n", "`"])
def test_a_translation_keeps_the_signs(code: str, sign: str) -> None:
    assert not [(en, other) for en, other in pairs(code) if en.count(sign) != other.count(sign)]


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_ends_as_the_sentence_does(code: str) -> None:
    def end(text: str) -> str:
        return text[-1] if text[-1] in ".:?!…" else ""

    assert not [(en, other) for en, other in pairs(code) if end(en) != end(other) or other != other.strip()]


def glossary() -> dict[str, str]:
    """English to Dutch, from the table in the documents."""
    found = {}
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| English"):
            english, dutch = (cell.split(", ") for cell in line.strip("| ").split(" | ")[:2])
            found.update(zip(english, dutch, strict=True))
    return {english: dutch for english, dutch in found.items() if english not in CODE_ONLY}


@pytest.mark.parametrize(("english", "dutch"), (glossary() | FURTHER_WORDS).items())
def test_one_word_for_one_thing_in_dutch(english: str, dutch: str) -> None:
    word = re.compile(rf"(?<!{{)\b{english}s?\b(?!}})", re.IGNORECASE)
    forms = (dutch, DUTCH_PLURALS.get(dutch, dutch))
    found = [(en, nl) for en, nl in pairs("nl") if word.search(en)]
    assert not [(en, nl) for en, nl in found if not any(form in nl.lower() for form in forms)]


@pytest.mark.parametrize("code", TRANSLATED)
def test_words_that_are_not_ours_are_not_used(code: str) -> None:
    assert not [pair for pair in pairs(code) if NOT_USED.search(" / ".join(pair))]


def test_every_sentence_in_the_code_is_collected() -> None:
    """A sentence inside an f-string, say, is not: it would never be translated."""
    held = {text for message in entries(collected()) for text in forms(message.id)}
    lost = {str(path): sentences_of(tree_of(path)) - held for path in CODE}
    assert not {path: sentences for path, sentences in lost.items() if sentences}


def test_sentences_are_literals_whose_braces_get_their_values() -> None:
    found = [
        f"{path}:{line}: {what}"
        for path in CODE
        if path.as_posix() not in UNCOLLECTED
        for line, what in odd_sentences(tree_of(path))
    ]
    assert not found


def test_no_word_on_a_screen_is_left_untranslated() -> None:
    found = [
        f"{path}:{line}: {what}"
        for path in SCREENS
        for line, what in unwrapped(tree_of(path))
        if what not in NAMES
    ]
    assert not found


def test_collecting_and_these_tests_agree_on_what_a_sentence_is() -> None:
    from crmplus.locale.collect import KEYWORDS

    assert KEYWORDS.keys() == SENTENCES.keys()
