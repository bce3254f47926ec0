"""The provider of Streamlit's own sign-in: how one begins, and what it says of who came back."""

import json
from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from streamlit.auth_util import (
    encode_provider_token,
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    get_secrets_auth_section,
    get_validated_redirect_uri,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import SESSION_COOKIE_NAME, USER_COOKIE_NAME

from crmplus.web.by_provider import Provider

_NAME = "default"
_SHORTEST_SECRET = 32
_LONGEST_DAYS = 1 / 24 / 60
"""A minute: the cookie is read in the answer that brings it."""


def require_provider() -> None:
    """Raises: ValueError where [auth] of the secrets is not enough to sign anybody in."""
    try:
        validate_auth_credentials(_NAME)
    except StreamlitAuthError as error:
        raise ValueError(f"CRMPLUS_OIDC is yes, but: {' '.join(str(error).split())}") from None
    if get_validated_redirect_uri() is None:
        raise ValueError("redirect_uri of [auth] in the secrets must end in /oauth2callback.")
    if len(get_cookie_secret()) < _SHORTEST_SECRET:
        raise ValueError(
            f"cookie_secret of [auth] in the secrets must be random and have {_SHORTEST_SECRET} characters "
            "or more: who guesses it can be anybody."
        )


def _login_address() -> str:
    return "/auth/login?" + urlencode({"provider": encode_provider_token(_NAME)})


def _claims(cookies: Sequence[str]) -> Mapping[str, object] | None:
    """The claims of the identity token; Authlib has checked its signature, issuer, time and nonce."""
    sent: SimpleCookie = SimpleCookie()
    for cookie in cookies:
        sent.load(cookie)

    def signed(name: str) -> bytes | None:
        value = sent[name].value if name in sent else ""
        return decode_signed_value(get_cookie_secret(), name, value, _LONGEST_DAYS)

    text = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    claims = json.loads(text) if text else {}
    is_ours = (
        claims.get("is_logged_in") is True
        and claims.get("origin") == get_origin_from_redirect_uri()
        and claims.get("provider") == _NAME
        and _is_for_us(claims.get("aud"))
    )
    return claims if is_ours else None


def _is_for_us(audience: object) -> bool:
    """Authlib lets a token of another audience pass if it names us as the party that asked for it."""
    client_id = get_secrets_auth_section().get("client_id")
    return bool(client_id) and (
        audience == client_id or (isinstance(audience, list) and client_id in audience)
    )


PROVIDER = Provider(_login_address, _claims, SESSION_COOKIE_NAME)
