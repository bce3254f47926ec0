"""A CRM+ database with any number of leads, made by SQL: `python -m bench.generate PATH LEADS`.

All tables agree with one another as if the services had written them: visits, versions, changes
and next steps of a lead follow from the same plan. The funnel is the starter's, five phases.
"""

import argparse
import time
from datetime import UTC, date, datetime
from pathlib import Path

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.sight import EVERYTHING
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from crmplus.store.derived import derive_anew

_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_TODAY = date(2025, 12, 8)
"""After all that happens to the leads: some next steps are overdue by then, most are to come."""
_PEOPLE = 50

# A key as UUIDv7 has it: milliseconds, then bits as random as there, which decide how DuckDB packs
# the column. `kind` and `number` name the row, so the same row has the same key everywhere.
_MACROS = """
CREATE OR REPLACE TEMP MACRO key_of(moment, kind, number) AS CAST(
    format('{:012x}', epoch_ms(moment)) || '7' || format('{:03x}', hash(number, kind) % 4096)
    || format('{:x}', 8 + hash(kind, number) % 4) || format('{:015x}', hash(number, kind, 7) >> 4)
    AS UUID);
CREATE OR REPLACE TEMP MACRO draw(number, purpose, sides) AS
    CAST(hash(number, purpose, getvariable('seed')) % sides AS INTEGER);
"""

# One row a phase: the funnels of the two account types, places counted from 0.
_PHASES = """
CREATE OR REPLACE TEMP TABLE plan_phase AS
SELECT
    account_type.order_number // 10 - 1 AS funnel,
    phase.account_type_id,
    phase.id AS phase_id,
    phase.order_number // 10 - 1 AS place
FROM phase JOIN account_type ON account_type.id = phase.account_type_id;
"""

_PEOPLE_SQL = """
INSERT INTO person (id, name, initials, role, archived_at_utc, version)
SELECT key_of($first, 1, n), 'Person ' || n, 'P' || n, 'rep', NULL, 1 FROM range($people) AS r(n);
"""

# One row a customer; a third in the second funnel.
_CUSTOMERS = """
CREATE OR REPLACE TEMP TABLE plan_customer AS
SELECT
    c,
    key_of($first, 2, c) AS id,
    format('C-{:05d}', c + 1) AS number,
    list_value('Bakkerij', 'Bouw', 'Zorg', 'Elektro', 'Metaal', 'Logistiek')[1 + draw(c, 1, 6)]
        || ' ' || list_value('Lindenhof', 'Westerbrug', 'Zilvermeer', 'Klaverblad')[1 + draw(c, 2, 4)]
        || ' ' || c AS name,
    CASE WHEN c % 3 = 2 THEN 1 ELSE 0 END AS funnel,
    'Contact ' || draw(c, 3, 5000) AS contact,
    'info@customer' || c || '.example' AS email,
    '+31 00 ' || format('{:09d}', c) AS phone,
    list_value('Utrecht', 'Zwolle', 'Gent', 'Kleve')[1 + draw(c, 4, 4)] AS city,
    key_of($first, 1, draw(c, 5, $people)) AS owner_id
FROM range($customers) AS r(c);

INSERT INTO customer
SELECT
    id, number, name,
    (SELECT any_value(account_type_id) FROM plan_phase WHERE plan_phase.funnel = plan_customer.funnel),
    contact, email, phone, 'Dorpsstraat 1', '3500 AA', city, 'Nederland', '', owner_id, true, 1,
    lower(number || chr(10) || name || chr(10) || contact || chr(10) || email || chr(10) || city),
    lower(name), email, right(replace(phone, ' ', ''), 9)
FROM plan_customer;
"""

# One row a lead: the place it got to, whether it is open, and the days a phase takes it.
_LEADS = """
CREATE OR REPLACE TEMP TABLE plan_lead AS
WITH drawn AS (
    SELECT
        i,
        CASE WHEN $open_leads IS NULL THEN draw(i, 11, 100) < 35
             ELSE row_number() OVER (ORDER BY hash(i, 11, getvariable('seed')), i) <= $open_leads
        END AS is_open,
        draw(i, 12, 100) AS far,
        2 + draw(i, 13, 15) AS days,
        5 + draw(i, 14, 35) AS first_score,
        CAST((1 + draw(i, 15, 400)) * 50 AS DECIMAL(15, 2)) AS value,
        CAST(draw(i, 16, 2) * draw(i, 17, 24) * 25 AS DECIMAL(15, 2)) AS recurring,
        CAST($first AS TIMESTAMP) + to_seconds(CAST(i * (640 * 86400.0 / $leads) AS BIGINT)) AS opened_at,
        draw(i, 18, $customers) AS c
    FROM range($leads) AS r(i)
)
SELECT
    drawn.* EXCLUDE (far, c),
    key_of(opened_at, 3, i) AS id,
    plan_customer.id AS customer_id,
    plan_customer.owner_id,
    plan_customer.funnel,
    CASE
        WHEN is_open THEN CASE WHEN far < 25 THEN 0 WHEN far < 50 THEN 1 WHEN far < 72 THEN 2
                               WHEN far < 95 THEN 3 ELSE 4 END
        ELSE CASE WHEN far < 10 THEN 0 WHEN far < 25 THEN 1 WHEN far < 45 THEN 2 ELSE 3 END
    END AS reached,
    is_open AND far < 5 AS is_untouched,
    CASE WHEN NOT is_open THEN
        (SELECT list(id ORDER BY order_number) FROM closing_reason)[1 + draw(i, 19, 3)]
    END AS reason_id
FROM drawn JOIN plan_customer ON plan_customer.c = drawn.c;
"""

# One row a state of a lead: started, values saved, a phase completed each, closed.
_STATES = """
CREATE OR REPLACE TEMP TABLE plan_state AS
WITH numbered AS (
    SELECT
        plan_lead.*,
        unnest(range(1, CASE WHEN is_untouched THEN 1 ELSE 2 + reached END
                        + CASE WHEN is_open THEN 0 ELSE 1 END + 1)) AS version
    FROM plan_lead
),
placed AS (
    SELECT
        *,
        NOT is_open AND version = 3 + reached AS is_end,
        CASE WHEN version <= 2 THEN 0 ELSE least(version - 2, reached) END AS stood,
        CAST(stood + CASE WHEN is_end THEN 1 ELSE 0 END AS INTEGER) AS left_phases
    FROM numbered
)
SELECT
    * EXCLUDE (stood, left_phases),
    CASE WHEN is_end THEN 4 ELSE stood END AS place,
    CASE WHEN version > 1 THEN CAST(least(first_score + 15 * stood, 100) AS SMALLINT) END AS score,
    opened_at + to_days(CAST(days * left_phases AS INTEGER)) AS entered_at,
    CASE WHEN version = 2 THEN opened_at + INTERVAL 1 HOUR
         ELSE opened_at + to_days(CAST(days * left_phases AS INTEGER))
    END AS done_at
FROM placed;

INSERT INTO lead_version
SELECT
    id, version, done_at, customer_id, plan_phase.account_type_id, phase_id, owner_id, '', score,
    CASE WHEN version > 1 THEN value END, CASE WHEN version > 1 THEN recurring END,
    CASE WHEN version > 1 THEN CAST(opened_at AS DATE) + 120 END,
    CASE WHEN is_end THEN reason_id END, opened_at, entered_at, CASE WHEN is_end THEN done_at END,
    plan_phase.place + 1
FROM plan_state
JOIN plan_phase ON plan_phase.funnel = plan_state.funnel AND plan_phase.place = plan_state.place;

INSERT INTO lead
SELECT
    lead_id, customer_id, account_type_id, phase_id, owner_id, title, score, expected_value,
    recurring_value, expected_close_date, closing_reason_id, opened_at_utc, phase_entered_at_utc,
    closed_at_utc, visit_number, version, lower(title)
FROM lead_version
WHERE (lead_id, version) IN (SELECT lead_id, max(version) FROM lead_version GROUP BY lead_id)
ORDER BY opened_at_utc;
"""

# One row a visit: those it made, those it jumped over, the one it is in or ended in.
_RECORDS = """
INSERT INTO phase_record
WITH visits AS (
    SELECT plan_lead.*, unnest(range(0, CASE WHEN is_open THEN reached ELSE 4 END + 1)) AS visit
    FROM plan_lead
),
stated AS (
    SELECT
        *,
        CASE WHEN NOT is_open AND visit = 4 THEN 'closed'
             WHEN visit < reached OR (NOT is_open AND visit = reached) THEN 'completed'
             WHEN visit = reached THEN 'current' ELSE 'skipped' END AS state,
        opened_at + to_days(CAST(days * least(visit, reached + 1) AS INTEGER)) AS entered_at,
        opened_at + to_days(CAST(days * least(visit + 1, reached + 1) AS INTEGER)) AS left_at
    FROM visits
)
SELECT
    stated.id, visit + 1, phase_id, state, entered_at, CASE WHEN state <> 'current' THEN left_at END,
    CASE WHEN has_values THEN CAST(least(first_score + 15 * least(visit, reached), 100) AS SMALLINT) END,
    CASE WHEN has_values THEN value END, CASE WHEN has_values THEN recurring END,
    CASE WHEN has_values THEN CAST(opened_at AS DATE) + 120 END,
    '', CASE WHEN state = 'closed' THEN reason_id END
FROM (SELECT *, state <> 'skipped' AND NOT is_untouched AS has_values FROM stated) AS stated
JOIN plan_phase ON plan_phase.funnel = stated.funnel AND plan_phase.place = stated.visit;
"""

_CHANGES = """
INSERT INTO change_log
SELECT
    key_of($first, 4, c), $first, owner_id, 'Person', 'customer_made', 'customer', id, id, 1, '{}',
    '{"id": "' || id || '", "number": "' || number || '", "name": "' || name || '"}'
FROM plan_customer;

INSERT INTO change_log
SELECT
    key_of(done_at, 5, i * 16 + version), done_at, owner_id, 'Person',
    CASE WHEN version = 1 THEN 'lead_started' WHEN version = 2 THEN 'lead_saved'
         WHEN is_end THEN 'lead_closed' ELSE 'phase_completed' END,
    'lead', id, customer_id, version,
    CASE WHEN version = 1 THEN '{}' ELSE '{"phase_id": null, "score": null}' END,
    '{"phase_id": "' || phase_id || '", "score": ' || coalesce(CAST(score AS VARCHAR), 'null') || '}'
FROM plan_state
JOIN plan_phase ON plan_phase.funnel = plan_state.funnel AND plan_phase.place = plan_state.place
ORDER BY done_at;
"""

# One row a next step: 70 of 100 open leads have one, a tenth of them a second one, and a fifth of
# the leads one that is done. Of those that are not, a seventh is overdue and a fifth has a time.
_STEPS = """
CREATE OR REPLACE TEMP TABLE plan_step AS
WITH newest AS (SELECT id, max(done_at) AS done_at FROM plan_state GROUP BY id),
numbered AS (
    SELECT
        plan_lead.*,
        newest.done_at,
        unnest(CASE WHEN draw(i, 21, 100) >= 70 THEN [] WHEN draw(i, 22, 10) = 0 THEN [0, 1] ELSE [0] END
               || CASE WHEN draw(i, 23, 5) = 0 THEN [2] ELSE [] END) AS kind
    FROM plan_lead JOIN newest ON newest.id = plan_lead.id
    WHERE is_open
)
SELECT
    i * 4 + kind AS s,
    key_of(done_at, 6, i * 4 + kind) AS id,
    id AS lead_id,
    customer_id,
    owner_id,
    list_value('Call', 'Send the quote', 'Plan the visit', 'Ask for the drawings')[1 + draw(i, 24 + kind, 4)]
        AS description,
    CASE WHEN kind = 2 THEN CAST(done_at AS DATE) + 2
         ELSE CAST($today AS DATE) - 4 + draw(i, 27 + kind, 28) END AS due_date,
    CASE WHEN draw(i, 30 + kind, 5) = 0 THEN make_time(9 + draw(i, 33, 8), 30 * draw(i, 34, 2), 0)
    END AS due_time,
    CASE WHEN kind = 2 THEN 2 ELSE 1 END AS version,
    done_at
FROM numbered;

INSERT INTO next_step
SELECT
    id, lead_id, description, due_date, due_time,
    CASE WHEN version = 2 THEN done_at + INTERVAL 2 DAY END, version
FROM plan_step;

INSERT INTO change_log
SELECT
    key_of(done_at, 7, s), done_at, owner_id, 'Person', 'next_step_made', 'next_step', id, customer_id, 1,
    '{}',
    '{"id": "' || id || '", "lead_id": "' || lead_id || '", "description": "' || description
        || '", "due_date": "' || due_date || coalesce('", "due_time": "' || due_time, '') || '"}'
FROM plan_step
ORDER BY done_at;

INSERT INTO change_log
SELECT
    key_of(done_at + INTERVAL 2 DAY, 8, s), done_at + INTERVAL 2 DAY, owner_id, 'Person', 'next_step_done',
    'next_step', id, customer_id, 2,
    '{"done_at_utc": null}',
    '{"done_at_utc": "' || strftime(done_at + INTERVAL 2 DAY, '%Y-%m-%dT%H:%M:%S+00:00') || '"}'
FROM plan_step
WHERE version = 2
ORDER BY done_at;
"""
_SCRIPTS = (_MACROS, _PHASES, _PEOPLE_SQL, _CUSTOMERS, _LEADS, _STATES, _RECORDS, _CHANGES, _STEPS)


def generate(
    path: Path, lead_count: int, seed: int = 1, open_leads: int | None = None, today: date = _TODAY
) -> None:
    """Write a database with `lead_count` leads, a tenth as many customers (100 at least).

    Just `open_leads` of them are open, without it about 35 of 100; next steps are due around `today`.
    """
    database = Database.open(path)
    create_workspace(database, LOCAL_ADMIN, default_workspace("en", "Europe/Amsterdam"), _FIRST_DAY)
    values = {
        "first": _FIRST_DAY.replace(tzinfo=None),
        "people": _PEOPLE,
        "customers": max(100, lead_count // 10),
        "leads": lead_count,
        "open_leads": open_leads,
        "today": today,
    }
    with database.transaction(EVERYTHING) as connection:
        connection.execute(f"SET VARIABLE seed = {int(seed)}")
        for script in _SCRIPTS:
            for statement in filter(str.strip, script.split(";\n")):
                used = {name: value for name, value in values.items() if f"${name}" in statement}
                connection.execute(statement, used)
        derive_anew(connection)
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a CRM+ database with many leads.")
    parser.add_argument("path", type=Path)
    parser.add_argument("leads", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--open", type=int, help="how many leads are open; without it about 35 of 100")
    parser.add_argument("--today", type=date.fromisoformat, default=_TODAY)
    chosen = parser.parse_args()
    if chosen.path.exists():
        parser.error(f"{chosen.path} exists already")
    if chosen.open is not None and not 0 <= chosen.open <= chosen.leads:
        parser.error("as many leads can be open as there are")
    started = time.perf_counter()
    generate(chosen.path, chosen.leads, chosen.seed, chosen.open, chosen.today)
    print(f"{chosen.leads} leads in {time.perf_counter() - started:.1f} s: {chosen.path}")


if __name__ == "__main__":
    main()
