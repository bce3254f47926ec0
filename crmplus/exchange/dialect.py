"""How the lines of a text are divided into cells: the sniffer's answer, checked against the plain ones."""

import io
from collections import Counter
from dataclasses import replace

from crmplus.domain.errors import Unreadable
from crmplus.exchange.lines import SEPARATOR_LINE, records
from crmplus.exchange.reading import Reading
from crmplus.store.sniff import Dialect, sniff

_PLAIN = tuple(Dialect(delimiter) for delimiter in ",;\t|")
_ALONE = 0.5
"""The share of rows of one width above which two columns are believed; three are above less."""
_ALONE_WIDE = 0.3


def guess_dialect(sample: str) -> Dialect:
    """The delimiter, quote and escape that give most rows the same width; a comma for a single column."""
    if named := SEPARATOR_LINE.fullmatch(sample.partition("\n")[0]):
        return Dialect(named[1])
    sniffed = sniff(sample)
    plain = [(share(sample, dialect), dialect) for dialect in _PLAIN]
    best, dialect = max(plain, key=lambda pair: pair[0])
    if sniffed and _is_believable(sample, sniffed, best):
        return sniffed if share(sample, sniffed) else replace(sniffed, delimiter=_absent(sample))
    return dialect if best else Dialect(_absent(sample))


def _absent(sample: str) -> str:
    """A delimiter for a single column: one that would not divide what stands in it."""
    return next((dialect.delimiter for dialect in _PLAIN if dialect.delimiter not in sample), ",")


def rows_of(sample: str, dialect: Dialect) -> list[list[str]]:
    """The rows of `sample` that are not blank, as far as they can be read; the last may be cut off."""
    reading = Reading(delimiter=dialect.delimiter, quote=dialect.quote, escape=dialect.escape)
    found: list[list[str]] = []
    try:
        for line in records(io.StringIO(sample, newline=""), reading):
            if any(map(str.strip, line.values)):
                found.append(line.values)
    except Unreadable:
        return found  # a quote that runs on to the end of the sample
    return found


def share(sample: str, dialect: Dialect) -> float:
    """The share of rows that have the commonest width of two or more cells; 0 for a single column."""
    widths = [len(row) for row in rows_of(sample, dialect)]
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0
    width, count = wide.most_common(1)[0]
    found = count / len(widths)
    return found if found > (_ALONE if width == 2 else _ALONE_WIDE) else 0.0


def _is_believable(sample: str, sniffed: Dialect, best_plain: float) -> bool:
    if share(sample, sniffed) < best_plain:
        return False
    # An apostrophe begins words too ('s-Hertogenbosch): as a quote it must not swallow lines.
    doubled = Dialect(sniffed.delimiter)
    return sniffed.quote != "'" or len(rows_of(sample, sniffed)) >= len(rows_of(sample, doubled))
