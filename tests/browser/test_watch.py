"""The watch that every browser test is under sees each way out."""

import pytest
from playwright.sync_api import Browser

from tests.browser.watch import stays_here, watch

WAYS_OUT = {
    "image": "<img src='http://evil.example/x.png'>",
    "style": "<div style='width:9px;height:9px;background:url(http://evil.example/x)'></div>",
    "import": "<style>@import 'http://evil.example/x.css'</style>",
    "script": "<script src='http://evil.example/x.js'></script>",
    "fetch": "<script>fetch('http://evil.example/x').catch(() => 0)</script>",
    "beacon": "<script>navigator.sendBeacon('http://evil.example/x')</script>",
    "websocket": "<script>new WebSocket('ws://evil.example/x')</script>",
    "frame": "<iframe src='http://evil.example/x'></iframe>",
    "dialog": "<script>alert('http://evil.example/')</script>",
    "popup": "<script>window.open('http://evil.example/x')</script>",
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_way_out_is_seen(browser: Browser, way: str) -> None:
    context, wrong = browser.new_context(), []
    watch(context, wrong)
    page = context.new_page()
    page.set_content(WAYS_OUT[way], wait_until="commit")
    for _ in range(40):
        if wrong:
            break
        page.wait_for_timeout(50)
    context.close()
    assert wrong
    assert "evil.example" in wrong[0]


@pytest.mark.parametrize(
    "address, stays",
    [
        ("http://127.0.0.1:8501/customers", True),
        ("ws://localhost:8501/_stcore/stream", True),
        ("data:image/png;base64,AA", True),
        ("blob:http://127.0.0.1:8501/1", True),
        ("http://127.0.0.1.evil.example/", False),
        ("http://127.0.0.1@evil.example/", False),
        ("https://webhooks.fivetran.com/", False),
        ("ftp://127.0.0.1/", False),
        ("file:///etc/passwd", False),
    ],
)
def test_an_address_is_known_for_what_it_is(address: str, stays: bool) -> None:
    assert stays_here(address) is stays
