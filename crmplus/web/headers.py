"""Headers that every answer has: what a browser may do with it, and who may show it."""

import os

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from crmplus.configuration import Configuration
from crmplus.web.asked import Asked

PAGES = "; ".join(
    (
        "default-src 'self'",
        # Streamlit builds functions from text, and our components are scripts in the page.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What pages drawn by Streamlit may load and run: nothing from, and nothing to, another server."""
DOOR = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""The pages of the door are plain: they run no script at all."""
_ALWAYS = {
    "content-security-policy": PAGES,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_BEHIND_TLS = {"strict-transport-security": "max-age=31536000"}


def is_behind_tls(asked: Asked) -> bool:
    """Whether the browser speaks TLS, to this server or to the proxy before it."""
    return asked.scheme == "https" or Configuration.of(os.environ).url.startswith("https://")


def with_headers(asked: Asked, send: Send) -> Send:
    """Send, with the headers that an answer does not bring itself."""
    wanted = _ALWAYS | (_BEHIND_TLS if is_behind_tls(asked) else {})
    if asked.path.startswith("/media/"):  # downloads, which may hold everything
        wanted |= {"cache-control": "no-store"}

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in wanted.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
