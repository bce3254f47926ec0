"""The program as syntax trees, for tests that read the code."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def modules(*rooms: str) -> list[Path]:
    """The Python files in these folders (or these files), as paths from the root, sorted."""
    found = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    found += [ROOT / room for room in rooms if room.endswith(".py")]
    return sorted(path.relative_to(ROOT) for path in found)


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), str(path))
