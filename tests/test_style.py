"""Rules of the code that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

from tests.sources import ROOT, modules, text_of, tree_of

PAGES = modules("pages")
CODE = modules("app.py", "pages", "crmplus")
LONGEST_PAGE = 100
LONGEST_MODULE = 400

SQL = re.compile(
    r"\b(SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|VIEW|INDEX)|"
    r"ALTER\s+TABLE|DROP\s+TABLE|GROUP\s+BY|ORDER\s+BY)\b",
    re.DOTALL,
)


def imported(tree: ast.Module) -> set[str]:
    """The full names of everything a module imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def is_under(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def literals(tree: ast.Module) -> list[str]:
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@pytest.mark.parametrize("path", CODE, ids=str)
def test_html_goes_through_st_html_only(path: Path) -> None:
    assert "unsafe_allow_html" not in text_of(path)


@pytest.mark.parametrize("path", CODE, ids=str)
def test_plotly_express_is_not_used(path: Path) -> None:
    """It brings a data frame into every figure and takes half a second to import."""
    assert not [name for name in imported(tree_of(path)) if is_under(name, "plotly.express")]


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_knows_no_database_and_no_journey(path: Path) -> None:
    closed = ("duckdb", "crmplus.store", "crmplus.domain.journey")
    assert not [name for name in imported(tree_of(path)) if any(is_under(name, room) for room in closed)]


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_holds_no_sql(path: Path) -> None:
    assert not [text for text in literals(tree_of(path)) if SQL.search(text)]


def test_sql_is_recognised() -> None:
    assert SQL.search("SELECT id\nFROM lead")
    assert SQL.search("DELETE FROM lead")
    assert not SQL.search("Choose a customer in the list to open its card.")


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_begins_with_its_guard(path: Path) -> None:
    description, *body = tree_of(path).body
    assert isinstance(description, ast.Expr) and isinstance(description.value, ast.Constant)
    first = next(node for node in body if not isinstance(node, ast.Import | ast.ImportFrom))
    assert re.fullmatch(r"guard\(Permission\.[A-Z]+\)", ast.unparse(first))


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_is_short(path: Path) -> None:
    assert len(text_of(path).splitlines()) < LONGEST_PAGE


@pytest.mark.parametrize("path", CODE, ids=str)
def test_a_module_is_short(path: Path) -> None:
    assert len(text_of(path).splitlines()) < LONGEST_MODULE


def test_no_rule_of_the_page_is_about_just_any_element() -> None:
    """Streamlit changes classes with each run, and our rules look for parts of them: a rule that then ends in
    any element has the browser style everything below anew, the shadow roots of board and list too."""
    written = (ROOT / "crmplus/ui/style.css").read_text(encoding="utf-8")
    style = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    outside = r"(?![^(]*\))"  # of parentheses
    selectors = [one for rule in re.findall(r"([^{}]+)\{", style) for one in re.split("," + outside, rule)]
    last = [re.split(r"[\s>+~]+" + outside, one.strip())[-1] for one in selectors]
    assert len(last) > 100
    assert not [end for end in last if re.match(r"\*|:(?!root)", end) and not end.startswith(":is(")]
