"""Finds words on the screen that no translator ever sees: what `test_catalogue` looks for."""

import ast
import re
import string
from collections.abc import Iterator

Finding = tuple[int, str]
"""The line, and what stands there."""

SENTENCES = {"_": 1, "say": 1, "_n": 2, "say_count": 2}
"""The functions that take sentences, and how many of their arguments are sentences."""

_TEXTS = {"title", "header", "subheader", "caption", "write", "markdown", "text", "metric", "badge"}
_NOTICES = {"info", "warning", "error", "success", "toast", "status", "spinner", "progress", "dialog"}
_BUTTONS = {"button", "download_button", "link_button", "page_link", "menu_button", "form_submit_button"}
_FIELDS = {"text_input", "text_area", "number_input", "date_input", "time_input", "slider", "file_uploader"}
_CHOICES = {"selectbox", "multiselect", "segmented_control", "pills", "radio", "checkbox", "toggle"}
_FRAMES = {"popover", "expander", "tabs", "Page", "Column", "TextColumn", "NumberColumn", "DateColumn"}
SHOWING = _TEXTS | _NOTICES | _BUTTONS | _FIELDS | _CHOICES | _FRAMES
"""Methods of `st`, columns and containers whose first argument people read."""

NOT_SHOWING = frozenset({"log", "logging", "check"})
"""Names that have methods of the same names, and show nothing."""

PLACES = {
    "page_link": (),  # the first is a path; its label is a keyword
    "Page": (),
    "metric": (0, 1, 2),
    "progress": (0, 1),
    "page_title": (0, 1),
    "open_dialog": (0,),
    "notify": (0,),
    "attempt": (2,),
    "link_to_customer": (1,),
}
"""Where other arguments than the first are shown; our own functions too."""

SHOWN_KEYWORDS = frozenset(
    {"help", "placeholder", "label", "alt", "title", "page_title", "body", "text", "caption", "captions"}
)

_NOT_WORDS = re.compile(
    r":material/\w+:"  # an icon
    r"|:[a-z]+(-[a-z]+)*\[|:[a-z_]+:"  # a colour and the like, an emoji
    r"|&#?\w+;"  # a character of HTML
)
_TAG = re.compile(r"<[^<>]*>")
_READ_OUT = re.compile(r"""(?:aria-label|title|alt|placeholder)\s*=\s*["']([^"']*)["']""")
_VALUE = "\0"


def unwrapped(tree: ast.Module) -> Iterator[Finding]:
    """Literal words that are shown without being translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for shown in _shown(node):
                yield from _literals(shown)
    yield from _html(tree)


def odd_sentences(tree: ast.Module) -> Iterator[Finding]:
    """Sentences that can't be collected, or whose braces and values do not agree."""
    for call, sentences in sentence_calls(tree):
        literals = [_literal(each) for each in sentences]
        if None in literals:
            yield call.lineno, f"{ast.unparse(call)}: the sentence is no literal"
            continue
        values = {keyword.arg for keyword in call.keywords}
        if None in values:
            yield call.lineno, f"{ast.unparse(call)}: values that can't be read here"
            continue
        wanted = {name for literal in literals for name in fields(literal or "")}
        if _name(call) in ("_n", "say_count"):
            wanted, values = wanted - {"count"}, values - {"count"}
        if wanted != values:
            yield (
                call.lineno,
                f"{ast.unparse(call)}: braces {sorted(wanted)}, values {sorted(map(str, values))}",
            )


def sentences_of(tree: ast.Module) -> set[str]:
    """Every literal sentence in the code, as Python reads it."""
    found = (_literal(each) for _call, sentences in sentence_calls(tree) for each in sentences)
    return {literal for literal in found if literal is not None}


def sentence_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SENTENCES:
            yield node, node.args[: SENTENCES[node.func.id]]


def fields(template: str) -> set[str]:
    """The names in the braces of a sentence."""
    return {
        name for _text, name, _format, _conversion in string.Formatter().parse(template) if name is not None
    }


def _shown(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that people read."""
    name = _name(call)
    is_method = isinstance(call.func, ast.Attribute)
    if is_method and isinstance(call.func.value, ast.Name) and call.func.value.id in NOT_SHOWING:
        return
    if name == "html" or not ((is_method and name in SHOWING) or name in PLACES):
        places: tuple[int, ...] = ()
    else:
        places = PLACES.get(name, (0,))
    yield from (call.args[place] for place in places if place < len(call.args))
    yield from (
        keyword.value for keyword in call.keywords if keyword.arg in SHOWN_KEYWORDS and name not in SENTENCES
    )


def _literals(shown: ast.expr) -> Iterator[Finding]:
    """The words that `shown` holds as they stand, also in a choice, a sum or a list."""
    match shown:
        case ast.Constant(value=str()) | ast.JoinedStr():
            if _has_words(_TAG.sub("", _flat(shown))):
                yield shown.lineno, ast.unparse(shown)
    match shown:
        case ast.JoinedStr(values=parts):
            for part in parts:
                if isinstance(part, ast.FormattedValue):
                    yield from _literals(part.value)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)
        case ast.BinOp(left=left, right=right):
            yield from _literals(left)
            yield from _literals(right)
        case ast.BoolOp(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            for part in parts:
                yield from _literals(part)
        case ast.Call(func=ast.Name(id="plain" | "escape" | "shortened"), args=[first, *_]):
            yield from _literals(first)
        case ast.Call(func=ast.Attribute(value=ast.Constant() as receiver)):
            yield from _literals(receiver)  # "…".format(…), " · ".join(…)


def _html(tree: ast.Module) -> Iterator[Finding]:
    """Text between tags, or in what a screen reader reads out, wherever HTML is put together."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant | ast.JoinedStr) or id(node) in inside | described:
            continue
        flat = _flat(node)
        if not re.search(r"</?[a-z][^<>]*>", flat):
            continue
        if _has_words(_TAG.sub("", flat)) or any(_has_words(text) for text in _READ_OUT.findall(flat)):
            yield node.lineno, ast.unparse(node)


def _flat(node: ast.expr) -> str:
    """A literal as one text, with a sign that is no letter for each value in it."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_flat(part) if isinstance(part, ast.Constant) else _VALUE for part in parts)
    return ""


def _has_words(text: str) -> bool:
    return any(sign.isalpha() for sign in _NOT_WORDS.sub("", text))


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
