"""What all figures share: the theme's colours, and how names are written into a chart."""

from typing import Any

INK = {False: "#1c2530", True: "#e6eaf0"}
"""The colour of words and lines, by whether the page is dark."""

WON = {False: "#1a7a3d", True: "#3fa866"}
LOST = {False: "#b3261e", True: "#e5675d"}
NEITHER = {False: "#566070", True: "#9aa6b5"}
"""The colours of outcomes; never the only thing that tells them apart."""

_ACCENT = {False: (29, 95, 191), True: (88, 152, 240)}
_PAPER = {False: (255, 255, 255), True: (18, 22, 28)}
_LONGEST_NAME = 28


def shade(place: int, count: int, is_dark: bool) -> str:
    """A step of the accent's ramp: paler ones first, each at least 3:1 against the page."""
    share = place / max(count - 1, 1)
    strength = 0.68 + 0.32 * share if not is_dark else 0.75 + 0.25 * share
    pairs = zip(_ACCENT[is_dark], _PAPER[is_dark], strict=True)
    red, green, blue = (round(a * strength + p * (1 - strength)) for a, p in pairs)
    return f"rgb({red},{green},{blue})"


def accent(is_dark: bool) -> str:
    """The one accent colour, at its strongest."""
    return shade(1, 2, is_dark)


def short_name(name: str) -> str:
    """A name that leaves room for its bar, shown as it was typed."""
    return plain_label(name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…")


def plain_label(text: str) -> str:
    """Plotly reads a few tags in labels: `text` for one, shown as it was typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def layout(height: int, is_dark: bool, **more: Any) -> dict[str, Any]:
    """The layout of every figure: no dragging, small margins, words in the page's ink."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "dragmode": False,
        "font": {"size": 13, "color": INK[is_dark]},
        "hoverlabel": {"align": "left"},
        **more,
    }


def category_axis(is_dark: bool, **more: Any) -> dict[str, Any]:
    """An axis of names, the first on top when it stands upright."""
    return {
        "type": "category",
        "fixedrange": True,
        "automargin": True,
        "ticks": "",
        "tickfont": {"size": 13, "color": INK[is_dark]},
        **more,
    }
