"""What is configured from outside: environment variables whose names begin with CRMPLUS_.

`CRMPLUS_DATABASE` is read where the database is opened (store/database.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Configuration:
    """Each field is a variable: `session_days` is CRMPLUS_SESSION_DAYS."""

    hosts: tuple[str, ...] = ()
    """Names, beside localhost and addresses in figures, that a browser may call this server by."""
    url: str = ""
    """Where people find this server, such as https://crm.example.com: for links in invitations."""
    session_hours: int = 12
    """A session that nothing is heard from ends after so many hours."""
    session_days: int = 30
    """A session ends after so many days, whatever happens."""
    oidc: bool = False
    """Sign in through the provider of [auth] in .streamlit/secrets.toml."""
    proxy_secret: str = ""
    """What a proxy that signs people in sends as X-Crmplus-Secret; without it no proxy is trusted."""
    proxy_header: str = "X-Forwarded-Email"
    """The header in which that proxy names who it is, by e-mail address."""
    backup_folder: Path | None = None
    """Where backups go; without it none are made on a schedule."""
    backup_every: int = 24
    """Hours between two backups."""
    backup_key_file: Path | None = None
    """A file whose first line is the passphrase that backups are encrypted with."""
    log: str = "text"
    """How the log is written: text, or json for one object a line."""
    metrics_token: str = ""
    """What /metrics asks for as a bearer token; without it only this machine may read them."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Raises: ValueError, naming the variable that can't be read."""
        given: dict[str, Any] = {}
        for field in fields(cls):
            name = f"CRMPLUS_{field.name.upper()}"
            text = environment.get(name, "").strip()
            if text:
                given[field.name] = _read(name, field.type, text)
        return cls(**given)


def _read(name: str, kind: object, text: str) -> object:
    if kind is int:
        if not text.isdecimal() or int(text) == 0:
            raise ValueError(f"{name} must be a whole number above 0, not {text!r}.")
        return int(text)
    if kind is bool:
        if text.lower() not in ("yes", "no"):
            raise ValueError(f"{name} must be yes or no, not {text!r}.")
        return text.lower() == "yes"
    if kind == tuple[str, ...]:
        return tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if kind == Path | None:
        return Path(text).expanduser()
    return text
