"""Search over everything at several sizes, as somebody types: cold, past the memory of reads.

`python -m bench.measure_search 1000 1000000`; see README.md of this folder.
"""

import argparse
import tempfile
from pathlib import Path

from bench.generate import generate
from bench.measure_pipeline import in_turn
from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.sight import EVERYTHING
from crmplus.services.search import search_everything
from crmplus.store.database import Database

TYPED = ("ov", "oven", "bakery 12", "p77@mail", "06 1234", "café", "nothing holds this")

# What search looks at beside names and numbers: titles, three contact persons to two customers, three
# notes to ten leads, of 8 to 24 words each.
_WORDS = """
SET VARIABLE words = ['oven', 'line', 'mixer', 'visit', 'price', 'called', 'again', 'budget', 'machine',
    'contract', 'café', 'quote', 'delivery', 'engineer', 'bakery', 'waits', 'for', 'the', 'board', 'next',
    'week', 'asks', 'about', 'service', 'spare', 'parts', 'rückruf', 'offer', 'signed', 'later'];
CREATE OR REPLACE TEMP MACRO word_at(n) AS getvariable('words')[1 + CAST(n % 30 AS INTEGER)];
CREATE OR REPLACE TEMP MACRO words(n, how_many) AS
    array_to_string(list_transform(range(CAST(how_many AS INTEGER)), lambda x: word_at(hash(n, x))), ' ');
"""

_TITLES = """
UPDATE lead
SET title = 'Oven ' || hash(id, 1) % 100000
    || CASE WHEN hash(id, 2) % 40 = 0 THEN ' café' ELSE ' for the bakery' END
WHERE hash(id) % 10 < 6;
UPDATE lead SET title_key = strip_accents(lower(title)) WHERE title <> '';
"""

_CONTACT_PERSONS = """
INSERT INTO contact_person
WITH drawn AS (
    SELECT id AS customer_id, unnest(range(CAST(1 + hash(id) % 2 AS INTEGER))) AS n, hash(id, n) AS h
    FROM customer
)
SELECT
    uuid(), customer_id, 'Person ' || word_at(h) || ' ' || h % 20000, word_at(h // 7), phone,
    'p' || h % 20000 || '@mail.example', 1,
    lower('Person ' || word_at(h) || ' ' || h % 20000 || chr(10) || word_at(h // 7) || chr(10)
        || 'p' || h % 20000 || '@mail.example' || chr(10) || phone)
FROM (SELECT *, format('06 {:08d}', h % 100000000) AS phone FROM drawn);
"""

_NOTES = """
INSERT INTO note
SELECT uuid(), id, owner_id, opened_at_utc, text, 1, strip_accents(lower(text))
FROM (
    SELECT *, words(hash(id, 3), 8 + hash(id, 4) % 17) || ' ' || hash(id, 5) % 100000 AS text
    FROM lead WHERE hash(id, 2) % 10 < 3
);
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+", help="how many leads; a tenth as many customers")
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "search.duckdb"
            generate(path, size)
            database = Database.open(path)
            fill(database)
            print(f"\n{size:,} leads, {size // 10:,} customers")
            for typed, taken in measured(database).items():
                found = search_everything(database, LOCAL_ADMIN, typed).total
                print(f"{typed:22} {found:9,} found {taken:8.1f} ms")
            database.close()


def fill(database: Database) -> None:
    with database.transaction(EVERYTHING) as connection:
        for sql in (_WORDS, _TITLES, _CONTACT_PERSONS, _NOTES):
            connection.cursor.execute(sql)


def measured(database: Database) -> dict[str, float]:
    """Median milliseconds of each thing that is typed."""
    return in_turn(
        {typed: lambda typed=typed: search_everything(database, LOCAL_ADMIN, typed) for typed in TYPED}
    )


if __name__ == "__main__":
    main()
