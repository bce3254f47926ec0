"""Nothing that a page does may reach another machine, and no script of a user may run."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Page, Request

NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""For Chromium: what is asked of others is seen, and still goes nowhere."""


def watch(context: BrowserContext, wrong: list[str]) -> None:
    """Note in `wrong` what is asked of another machine, by any page of the context and in any way, and
    every box that a script opens."""

    def on_request(request: Request) -> None:
        _note(request.url, wrong)

    def on_page(page: Page) -> None:
        page.on("websocket", lambda socket: _note(socket.url, wrong))

    def on_dialog(dialog: Dialog) -> None:
        wrong.append(f"a script said: {dialog.message}")
        dialog.dismiss()

    context.on("request", on_request)
    context.on("page", on_page)
    context.on("dialog", on_dialog)


def _note(address: str, wrong: list[str]) -> None:
    if not stays_here(address):
        wrong.append(f"asked of another machine: {address}")


def stays_here(address: str) -> bool:
    """Whether what is asked for at this address is on this machine, or nowhere."""
    parts = urlsplit(address)
    if parts.scheme in ("data", "blob", "about"):
        return True
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname in ("127.0.0.1", "localhost")
