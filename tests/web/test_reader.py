"""In which language the door speaks to somebody who is not known yet."""

import pytest

from crmplus.web.asked import Asked
from crmplus.web.reader import LANGUAGE_COOKIE, language_of


@pytest.mark.parametrize(
    "accepted, kept, expected",
    [
        ("", "", "en"),
        ("nl-NL,nl;q=0.9,en;q=0.8", "", "nl"),
        ("ja,nl;q=0.5", "", "nl"),
        ("ja", "", "en"),
        ("nl", f"{LANGUAGE_COOKIE}=en", "en"),
        ("", f"other=1; {LANGUAGE_COOKIE}=nl", "nl"),
        ("nl", f"{LANGUAGE_COOKIE}=<img>", "nl"),
        ("nl", f"{LANGUAGE_COOKIE}=", "nl"),
    ],
)
def test_the_language_chosen_before_then_the_browsers_own(accepted: str, kept: str, expected: str) -> None:
    headers = {"accept-language": accepted, "cookie": kept}
    asked = Asked("GET", "http", "/sign-in", "", "localhost", "127.0.0.1", headers)
    assert language_of(asked).code == expected
