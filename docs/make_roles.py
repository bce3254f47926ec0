"""`python -m docs.make_roles`: write docs/roles.md, what each role may do, from the code.

Each service and what it asks for stands in the table that tests/services/test_permissions.py tries, one by
one and role by role; what a page asks for stands in its own `guard`.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from crmplus.domain.actor import PERMISSIONS, Permission, Role
from tests.services.test_permissions import TABLE

ROLES = Path(__file__).with_name("roles.md")
_PAGES = Path(__file__).parents[1] / "pages"
_GUARD = re.compile(r"^guard\(Permission\.(\w+)", re.MULTILINE)
_HEAD = """# Roles

What each role may do. This page is made by `python -m docs.make_roles` from the code, and a test compares
the two. Services ask for the permission themselves, so it holds for pages, links, files and whatever else
calls them.

Whose customers and leads somebody sees is another matter: the workspace says for managers, reps and viewers
whether they see their own, those of everybody in one of their teams, or all; administrators see all. All
figures, lists, searches and histories hold what one sees and nothing else. What nobody owns is seen by those
who see all. Importing and exporting the whole workspace is for those who see all.
"""


def roles_page() -> str:
    """The page in Markdown."""
    return "\n".join([_HEAD, "## Pages\n", *_table(page_permissions()), "\n## Actions\n", *_actions()]) + "\n"


def page_permissions() -> Iterator[tuple[str, Permission]]:
    """Each page and what its guard asks for."""
    for path in sorted(_PAGES.glob("*.py")):
        if found := _GUARD.search(path.read_text(encoding="utf-8")):
            yield path.stem, Permission[found[1]]


def _actions() -> Iterator[str]:
    rows = sorted(
        (service.__module__.removeprefix("crmplus."), service.__name__, asks) for service, asks, _ in TABLE
    )
    for module, services in groupby(rows, lambda row: row[0]):
        yield f"### {module}\n"
        yield from _table((name, asks) for _, name, asks in services)
        yield ""


def _table(rows: Iterator[tuple[str, Permission]]) -> Iterator[str]:
    yield "| | asks for | " + " | ".join(Role) + " |"
    yield "|---|---|" + "---|" * len(Role)
    for name, asks in rows:
        marks = " | ".join("yes" if asks in PERMISSIONS[role] else "" for role in Role)
        yield f"| {name} | {asks} | {marks} |"


if __name__ == "__main__":
    ROLES.write_text(roles_page(), encoding="utf-8")
