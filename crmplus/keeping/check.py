"""Proving a database sound: rules, references, history and figures.

Each check looks at all rows that it is about and says what does not hold, in sentences with keys.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import Message, say
from crmplus.keeping.figures import bridge_gaps, funnel_gaps, lead_count
from crmplus.keeping.rules import RULES, Rule
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.folding import (
    lines_not_following,
    rows_searched_otherwise,
    rows_there_otherwise,
    rows_told_otherwise,
    searched_tables,
    versions_told_otherwise,
)
from crmplus.store.sound import (
    broken_references,
    damage_is_said,
    leads_derived_otherwise,
    read_every_row,
    rows_without_history,
    table_counts,
    unknown_words,
    versioned_tables,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold; `about` is what was checked."""

    about: Message
    message: Message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: what must hold, how many rows it was held against, and what does not."""

    about: Message
    row_count: int
    found: tuple[Message, ...]


def check(database: Database) -> list[Finding]:
    """All that does not hold; empty for a sound database."""
    return [Finding(each.about, message) for each in examine(database) for message in each.found]


def examine(database: Database) -> list[Checked]:
    """Every check, in reading order, all of one state of the database. Writers wait meanwhile.

    A file that is damaged is not asked any further.
    """
    about = say("Every block of the file can be read.")
    done: list[Checked] = []
    try:
        with damage_is_said(), database.quiet_transaction() as connection:
            whole = sum(count for count, _ in read_every_row(connection).values())
            done.append(Checked(about, whole, ()))
            done.extend(_examine(database, connection))
    except Unreadable as error:
        done.append(Checked(about, 0, (error.message,)))
    return done


def _examine(database: Database, connection: Connection) -> Iterator[Checked]:
    counts = table_counts(connection)
    for rule in RULES:
        yield Checked(rule.about, sum(counts[table] for table in rule.tables), _broken(connection, rule))
    rows = sum(counts.values())
    yield Checked(say("Columns hold words that CRM+ knows."), rows, _unknown_words(connection))
    yield Checked(say("Every reference names a row that is there."), rows, _orphans(connection))
    versioned = sum(counts[table] for table in versioned_tables(connection))
    yield Checked(
        say("The change log tells of every version of every row."), versioned, _without_history(connection)
    )
    yield from _against_the_log(connection, counts, versioned + counts["lead"])
    leads = lead_count(connection)
    yield Checked(say("Figures per phase equal a recount of the history."), leads, funnel_gaps(connection))
    yield Checked(
        say("The bridge between any two month ends adds up."), leads, bridge_gaps(database, connection)
    )
    derived = counts["lead_span"] + counts["lead_stay"]
    yield Checked(say("Spans and stays are what the history gives."), derived, _derived_otherwise(connection))


def _against_the_log(connection: Connection, counts: Mapping[str, int], rows: int) -> Iterator[Checked]:
    about = say("Each line of the change log begins where the one before it ended.")
    yield Checked(about, counts["change_log"], _not_following(connection))
    yield Checked(
        say("Rows are there, and gone, as the change log says."), rows, _there_otherwise(connection)
    )
    yield Checked(say("Rows hold what the change log says."), rows, _told_otherwise(connection))
    about = say("Each state of a lead is the one before it, with what the change log says.")
    yield Checked(about, counts["lead_version"], _versions_otherwise(connection))
    searched = sum(counts[table] for table in searched_tables())
    yield Checked(say("Rows are found by the words they hold."), searched, _searched_otherwise(connection))


def _broken(connection: Connection, rule: Rule) -> tuple[Message, ...]:
    return tuple(
        sentence(str(row["found"]))
        for statement, sentence in rule.sentences.items()
        for row in connection.rows(statement)
    )


def _unknown_words(connection: Connection) -> tuple[Message, ...]:
    return tuple(
        say(
            "{table}.{column} holds “{word}”, which CRM+ does not know.",
            table=table,
            column=column,
            word=word[:80],
        )
        for table, column, word in unknown_words(connection)
    )


def _orphans(connection: Connection) -> tuple[Message, ...]:
    return tuple(
        say(
            "{table}.{column} names {key}, which is not in {parent}.",
            table=table,
            column=column,
            key=str(key),
            parent=parent,
        )
        for table, column, parent, key in broken_references(connection)
    )


def _without_history(connection: Connection) -> tuple[Message, ...]:
    return _named(
        rows_without_history(connection),
        lambda table, key: say(
            "{table} {key} has versions that the change log does not tell of.", table=table, key=key
        ),
    )


def _not_following(connection: Connection) -> tuple[Message, ...]:
    return tuple(
        say("Change {key} does not begin where the one before it ended.", key=str(key))
        for key in lines_not_following(connection)
    )


def _there_otherwise(connection: Connection) -> tuple[Message, ...]:
    missing, ended = rows_there_otherwise(connection)
    return _named(
        missing,
        lambda table, key: say(
            "{table} {key} is missing, and the change log does not say why.", table=table, key=key
        ),
    ) + _named(
        ended,
        lambda table, key: say("{table} {key} is there, but not by the change log.", table=table, key=key),
    )


def _told_otherwise(connection: Connection) -> tuple[Message, ...]:
    return tuple(
        say(
            "{table} {key} holds something else than the change log says: {columns}.",
            table=table,
            key=str(key),
            columns=columns,
        )
        for table, key, columns in rows_told_otherwise(connection)
    )


def _versions_otherwise(connection: Connection) -> tuple[Message, ...]:
    return tuple(
        say(
            "Version {version} of lead {key} holds something else than the change log says: {columns}.",
            version=version,
            key=str(key),
            columns=columns,
        )
        for key, version, columns in versions_told_otherwise(connection)
    )


def _searched_otherwise(connection: Connection) -> tuple[Message, ...]:
    return _named(
        rows_searched_otherwise(connection),
        lambda table, key: say("{table} {key} is found by other words than it holds.", table=table, key=key),
    )


def _derived_otherwise(connection: Connection) -> tuple[Message, ...]:
    return _named(
        leads_derived_otherwise(connection),
        lambda table, key: say("{table} of lead {key} is not what the history gives.", table=table, key=key),
    )


def _named(
    rows: Sequence[tuple[str, object]], sentence: Callable[[str, str], Message]
) -> tuple[Message, ...]:
    return tuple(sentence(table, str(key)) for table, key in rows)
