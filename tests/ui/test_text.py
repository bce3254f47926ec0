"""User text is shown as it was typed."""

import pytest

from crmplus.ui.text import plain, shortened


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("*bold*", r"\*bold\*"),
        ("$x$", r"\$x\$"),
        ("<img src=x>", r"\<img src\=x\>"),
        ("[a](javascript:alert(1))", r"\[a\]\(javascript\:alert\(1\)\)"),
        (":red[x] :material/home:", r"\:red\[x\] \:material/home\:"),
        ("# no heading", r"\# no heading"),
        ("Café 日本", "Café 日本"),
    ],
)
def test_signs_that_markdown_reads_are_escaped(typed: str, escaped: str) -> None:
    assert plain(typed) == escaped


def test_line_breaks_become_spaces_so_that_no_block_begins() -> None:
    assert plain("one\n\n- two\r\n    code") == r"one \- two code"


def test_a_long_text_is_cut_with_an_ellipsis_and_a_short_one_is_not() -> None:
    assert shortened("x" * 60) == "x" * 60
    assert shortened("x" * 61) == "x" * 59 + "…"
