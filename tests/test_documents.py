"""What the documents say of the code is what the code is."""

import re
from decimal import Decimal
from pathlib import Path

from crmplus.domain.lead import weighted
from crmplus.store.statements import statements
from docs.make_roles import ROLES, roles_page

ROOT = Path(__file__).resolve().parents[1]


def test_the_sql_in_metrics_is_that_of_the_statements() -> None:
    blocks = re.findall(r"```sql\n(.*?)\n```", (ROOT / "docs/metrics.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        assert any(block in sql for sql in statements().values()), block


def test_the_worked_example_of_m1_comes_out() -> None:
    text = (ROOT / "docs/metrics.md").read_text()
    total = weighted(Decimal(10_000), 20) + weighted(Decimal(12_000), 40) + weighted(None, None)
    assert f"{total:,.2f}" in text


def test_every_file_and_picture_that_a_document_links_to_exists() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_roles_are_those_of_the_code() -> None:
    assert ROLES.read_text() == roles_page(), "make it again: python -m docs.make_roles"


def test_the_readme_names_every_room() -> None:
    text = (ROOT / "README.md").read_text()
    rooms = [path.parent.name for path in (ROOT / "crmplus").glob("*/__init__.py")]
    assert [room for room in rooms if f"  {room}/" not in text] == []


def test_the_documented_container_knows_its_proxy_its_names_and_where_backups_go() -> None:
    """Without these it runs, and cookies, waits at the door or backups are not what they should be."""
    (command,) = re.findall(r"docker run -d .*?\n(?! )", (ROOT / "docs/deployment.md").read_text(), re.DOTALL)
    given = dict(re.findall(r"-e (\w+)=(\S+)", command))
    assert given.keys() == {
        "FORWARDED_ALLOW_IPS",
        "CRMPLUS_HOSTS",
        "CRMPLUS_URL",
        "CRMPLUS_BACKUP_FOLDER",
    }
    assert given["CRMPLUS_URL"].startswith("https://")


def test_what_the_unit_keeps_the_program_from_is_documented_with_the_way_round_it() -> None:
    unit = (ROOT / "deploy/crmplus.service").read_text()
    text = (ROOT / "docs/deployment.md").read_text()
    assert "ProtectSystem=strict" in unit and "ReadWritePaths=" in text
    assert "runuser -u crmplus -- env $(systemctl show crmplus" in text
    assert "User=crmplus" in unit
