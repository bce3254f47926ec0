"""What somebody asks of the server, read from an ASGI scope once, and nothing of it believed yet."""

import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from starlette.requests import cookie_parser
from starlette.types import Scope

SESSION_COOKIE = "crmplus_session"
_FORWARDED = ("forwarded", "via", "x-forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip")
_OUR_OWN = ("localhost",)
_HOUSEHOLD = 64
"""Bits of an IPv6 address that others assign; the rest one changes at will."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`host` is the Host header with its port, `peer` the address at the other end of the connection: in
    figures, or nothing, since a proxy may have written anything there."""

    method: str
    scheme: str
    path: str
    query: str
    host: str
    peer: str
    headers: dict[str, str]

    @classmethod
    def of(cls, scope: Scope) -> Self:
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            # One that is there twice is no longer what either of the two said.
            between = "; " if key == "cookie" else ", "
            headers[key] = f"{headers[key]}{between}{text}" if key in headers else text
        client = scope.get("client")
        return cls(
            method=scope.get("method", "GET"),
            scheme="https" if scope["scheme"] in ("https", "wss") else "http",
            path=scope["path"],
            query=scope.get("query_string", b"").decode("latin-1"),
            host=headers.get("host", ""),
            peer=client[0] if client and _is_address(client[0]) else "",
            headers=headers,
        )

    @property
    def host_name(self) -> str:
        """The host without its port, in lower case; empty where it can't be read."""
        try:
            parts = urlsplit(f"//{self.host}")
            _ = parts.port  # reading it checks it
        except ValueError:
            return ""
        is_plain = not (parts.path or parts.query or parts.fragment or "@" in self.host)
        return (parts.hostname or "").rstrip(".") if is_plain else ""

    @property
    def token(self) -> str:
        """What the browser keeps to be known again, or nothing."""
        return self.cookie(SESSION_COOKIE)

    @property
    def network(self) -> str:
        """The peer; of IPv6 the part that one household or server has for itself."""
        if ":" not in self.peer:
            return self.peer
        return str(ipaddress.ip_network((ipaddress.ip_address(self.peer).packed, _HOUSEHOLD), strict=False))

    @property
    def is_page(self) -> bool:
        """A person opening a page, rather than a page asking for one of its parts."""
        return self.method in ("GET", "HEAD") and "text/html" in self.headers.get("accept", "")

    @property
    def is_from_here(self) -> bool:
        """From this machine, by a name of it, through no proxy."""
        is_forwarded = any(name in _FORWARDED or name.startswith("x-forwarded-") for name in self.headers)
        return _is_loopback(self.peer) and not is_forwarded and _is_own_name(self.host_name)

    @property
    def is_from_own_page(self) -> bool:
        """Sent by a page of this server: browsers say so, and no page can make them say it."""
        origin = self.headers.get("origin")
        if origin is not None:
            host = self.host.lower()
            return origin.lower() in (f"http://{host}", f"https://{host}")
        return self.headers.get("sec-fetch-site") == "same-origin"

    def cookie(self, name: str) -> str:
        """What the browser keeps under a name, or nothing."""
        return cookie_parser(self.headers.get("cookie", "")).get(name, "")

    def is_to(self, hosts: tuple[str, ...]) -> bool:
        """By a name that is this server's: another's would be a page that had its name point here."""
        name = self.host_name
        return bool(name) and (_is_own_name(name) or _is_address(name) or name in hosts)


def _is_own_name(name: str) -> bool:
    return name in _OUR_OWN or _is_loopback(name)


def _is_loopback(text: str) -> bool:
    if not _is_address(text):
        return False
    address = ipaddress.ip_address(text)
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
