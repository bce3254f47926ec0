"""The named statements of `queries/`: `-- name: x` begins one, the line below says its grain."""

import re
from functools import cache
from pathlib import Path

_QUERIES = Path(__file__).parent / "queries"
_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def statements() -> dict[str, str]:
    """All named statements, by name. Raises: ValueError where two share a name."""
    found: dict[str, str] = {}
    for path in sorted(_QUERIES.glob("*.sql")):
        parts = _NAME.split(path.read_text(encoding="utf-8"))
        for name, sql in zip(parts[1::2], parts[2::2], strict=True):
            if name in found:
                raise ValueError(f"two statements are named {name}")
            found[name] = sql.strip()
    return found
