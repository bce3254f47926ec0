"""Search over everything at several sizes, as somebody types: cold, past the memory of reads.

`python -m bench.measure_search 1000 1000000`; see README.md of this folder.
"""

RUNS = 30
LIMIT = 6

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
