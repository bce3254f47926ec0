"""A provider of OpenID Connect, small and real: discovery, keys, codes for one use, PKCE, signed tokens."""

import base64
import hashlib
import html
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

Claims = dict[str, Any]
CLIENT_ID, CLIENT_SECRET = "crm-plus", "the secret of the client"
COOKIE_SECRET = "0123456789abcdef0123456789abcdef-for-tests"
SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{cookie_secret}"
client_id = "{client_id}"
client_secret = "{client_secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


@dataclass
class Provider:
    """`people` are claims by subject. `twist` changes a token's claims before `sign` signs them; tests set
    both to be a provider that is not to be trusted, or not this one."""

    people: dict[str, Claims]
    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    twist: Callable[[Claims], None] = lambda claims: None
    sign: Callable[[Claims], str] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    """What each visitor was sent here with."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def honest(self) -> None:
        """Be the provider to be trusted again."""
        self.twist, self.sign = lambda claims: None, None

    def secrets_toml(self, cookie_secret: str = COOKIE_SECRET) -> str:
        return SECRETS.format(
            cookie_secret=cookie_secret,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            issuer=self.issuer,
        )

    def signed(self, claims: Claims, key: RSAKey | None = None) -> str:
        return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key or self.key)

    async def discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        """A page on which one signs in by pressing one's name."""
        self.asked.append(dict(request.query_params))
        links = "".join(
            f"<p><a href='/as?{html.escape(urlencode({**request.query_params, 'who': who}))}'>{who}</a></p>"
            for who in self.people
        )
        return HTMLResponse(f"<html lang='en'><title>Provider</title><h1>Who are you?</h1>{links}</html>")

    async def signed_in_as(self, request: Request) -> Response:
        asked = dict(request.query_params)
        is_known = asked["client_id"] == CLIENT_ID and asked["redirect_uri"].endswith("/oauth2callback")
        if not is_known or asked["code_challenge_method"] != "S256" or "openid" not in asked["scope"].split():
            return Response("This is no client of ours.", 400)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        sent = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{sent}", 302)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        asked = self._codes.pop(form.get("code", ""), None)
        if not _is_client(request) or asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "sub": asked["who"], "iat": at, "exp": at + 300}
        claims |= {"nonce": asked["nonce"], **self.people[asked["who"]]}
        self.twist(claims)
        token = (self.sign or self.signed)(claims)
        return JSONResponse({"access_token": "access", "token_type": "Bearer", "id_token": token})

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/as", self.signed_in_as),
                Route("/token", self.token, methods=["POST"]),
            ]
        )


def _is_client(request: Request) -> bool:
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    wanted = urlencode({"": CLIENT_ID})[1:] + ":" + CLIENT_SECRET
    return kind == "Basic" and base64.b64decode(said).decode() == wanted


@contextmanager
def providing(people: dict[str, Claims]) -> Iterator[Provider]:
    """The provider, answering on a free port of this machine."""
    provider = Provider(people)
    config = uvicorn.Config(provider.application(), port=0, log_level="warning", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the provider stopped at once"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    yield provider
    server.should_exit = True
    thread.join(10)
