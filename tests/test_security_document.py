"""docs/security.md promises a test for each threat: they are there, and so are the pins and the settings."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from crmplus.configuration import Configuration

ROOT = Path(__file__).resolve().parents[1]
ROWS = [
    line
    for line in (ROOT / "docs/security.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith(("| threat", "| ---"))
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:42])
def test_every_threat_has_a_test_that_exists(row: str) -> None:
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert len(cells) == 4 and all(cells), "threat, from whom, defence, test"
    named = NAMED.findall(cells[3])
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text())
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not name or (name.startswith("test_") and name in names), f"{path}::{name}"


def test_every_dependency_is_pinned_exactly() -> None:
    for file in ROOT.glob("requirements*.txt"):
        for line in file.read_text().splitlines():
            assert re.fullmatch(r"#.*|-r requirements[\w-]*\.txt|[A-Za-z0-9._-]+==[\w.]+|", line), line


def test_the_files_for_deployment_set_what_can_be_set() -> None:
    known = {f"CRMPLUS_{field.name.upper()}" for field in fields(Configuration)} | {"CRMPLUS_DATABASE"}
    files = [*(ROOT / "deploy").iterdir(), ROOT / "Dockerfile", ROOT / "docs/deployment.md"]
    for file in files:
        assert set(re.findall(r"CRMPLUS_[A-Z_]+[A-Z]", file.read_text())) <= known, file.name


def test_what_the_image_copies_exists() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    assert copied
    for path in " ".join(copied).split():
        assert (ROOT / path).exists(), path
    kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.M)
    assert set(" ".join(copied).split()) == set(kept), "what is copied is let in, and nothing else"


def test_the_proxies_take_out_what_only_a_proxy_may_say() -> None:
    """A browser that sends these must not be believed."""
    for name in ("X-Crmplus-Secret", Configuration().proxy_header):
        assert f'proxy_set_header {name} "";' in (ROOT / "deploy/nginx.conf").read_text()
        assert f"header_up -{name}" in (ROOT / "deploy/Caddyfile").read_text()


def test_the_proxies_do_not_pass_on_the_metrics() -> None:
    assert "location = /metrics { return 404; }" in (ROOT / "deploy/nginx.conf").read_text()
    assert "respond @metrics 404" in (ROOT / "deploy/Caddyfile").read_text()
