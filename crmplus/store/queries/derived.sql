-- name: make_touched_leads
-- One row a lead whose spans and stays are to be derived anew.
CREATE OR REPLACE TEMP TABLE touched_lead (lead_id UUID);

-- name: touch_every_lead
-- One row a lead that there is, or of which a span or stay is left.
CREATE OR REPLACE TEMP TABLE touched_lead AS
SELECT id AS lead_id FROM lead
UNION
SELECT lead_id FROM lead_span
UNION
SELECT lead_id FROM lead_stay;

-- name: bounds_of_touched
-- One row: the first and the last touched lead by key. Said beside the set of them, they keep the
-- search for a few leads to the few parts of a table where those can be.
SELECT min(lead_id) AS first_id, max(lead_id) AS last_id FROM touched_lead;

-- name: forget_spans
-- One row a span of a lead that was touched.
DELETE FROM lead_span
WHERE lead_id BETWEEN $first_id AND $last_id
  AND lead_id IN (SELECT lead_id FROM touched_lead);

-- name: forget_stays
-- One row a stay of a lead that was touched.
DELETE FROM lead_stay
WHERE lead_id BETWEEN $first_id AND $last_id
  AND lead_id IN (SELECT lead_id FROM touched_lead);

-- name: derive_spans
-- One row a version of a touched lead that held for any time at all: until a later one began to
-- hold. Of versions that begin at one moment the newest holds; undoing an import can begin one
-- before its predecessors, which then never held. None holds before the opening that it tells of: an
-- undo also takes back what an import told of a time before the lead. No rows of leads that were taken away.
INSERT INTO lead_span
WITH versions AS (
    SELECT
        lead_version.*,
        greatest(valid_from_utc, opened_at_utc) AS held_from_utc,
        min(valid_from_utc) OVER (
            PARTITION BY lead_version.lead_id
            ORDER BY lead_version.version
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS next_from_utc
    FROM lead_version
    WHERE lead_version.lead_id BETWEEN $first_id AND $last_id
      AND lead_version.lead_id IN (
          SELECT lead.id
          FROM lead
          JOIN touched_lead ON touched_lead.lead_id = lead.id
          WHERE lead.id BETWEEN $first_id AND $last_id
      )
),
held AS (
    SELECT
        versions.*,
        lag(closed_at_utc IS NULL) OVER one_lead AS was_open,
        lag(account_type_id) OVER one_lead AS previous_account_type_id,
        lag(owner_id) OVER one_lead AS previous_owner_id,
        lag(phase_id) OVER one_lead AS previous_phase_id,
        lag(score) OVER one_lead AS previous_score,
        lag(expected_value) OVER one_lead AS previous_expected_value,
        lag(recurring_value) OVER one_lead AS previous_recurring_value
    FROM versions
    WHERE next_from_utc IS NULL OR held_from_utc < next_from_utc
    WINDOW one_lead AS (PARTITION BY lead_id ORDER BY version)
)
SELECT
    lead_id,
    version,
    held_from_utc,
    coalesce(next_from_utc, TIMESTAMP '9999-12-31 00:00:00'),
    account_type_id,
    phase_id,
    owner_id,
    score,
    expected_value,
    recurring_value,
    expected_close_date,
    closing_reason_id,
    opened_at_utc,
    phase_entered_at_utc,
    closed_at_utc IS NULL,
    was_open,
    previous_account_type_id,
    previous_owner_id,
    previous_phase_id,
    previous_score,
    previous_expected_value,
    previous_recurring_value
FROM held
ORDER BY held_from_utc;

-- name: derive_stays
-- One row a touched lead and a phase that it was in. Before a closing comes the last visit that was no
-- skip and did not end in a closing, be it an earlier one: a lead that is closed, reopened where it ended
-- and closed again came from where it came the first time.
INSERT INTO lead_stay
WITH visits AS (
    SELECT
        phase_record.*,
        row_number() OVER (
            PARTITION BY phase_record.lead_id, phase_record.phase_id
            ORDER BY phase_record.visit_number DESC
        ) AS place_from_last,
        lead.closed_at_utc IS NOT NULL
            AND phase_record.visit_number = max(
                CASE WHEN phase_record.state <> 'closed' THEN phase_record.visit_number END
            ) OVER (PARTITION BY phase_record.lead_id) AS is_last_before_closing,
        lead.account_type_id,
        lead.owner_id,
        lead.opened_at_utc,
        lead.closed_at_utc,
        lead.closing_reason_id AS reason_of_lead
    FROM phase_record
    JOIN lead ON lead.id = phase_record.lead_id
    WHERE phase_record.lead_id BETWEEN $first_id AND $last_id
      AND lead.id BETWEEN $first_id AND $last_id
      AND phase_record.lead_id IN (SELECT lead_id FROM touched_lead)
      AND phase_record.state <> 'skipped'
)
SELECT
    lead_id,
    phase_id,
    count(*),
    CAST(coalesce(sum(floor(extract(epoch FROM left_at_utc - entered_at_utc))), 0) AS BIGINT),
    CASE WHEN count(left_at_utc) = count(*) THEN max(left_at_utc) END,
    max(CASE WHEN place_from_last = 1 THEN score END),
    max(CASE WHEN place_from_last = 1 THEN expected_value END),
    max(CASE WHEN place_from_last = 1 THEN recurring_value END),
    bool_or(is_last_before_closing),
    account_type_id,
    owner_id,
    opened_at_utc,
    closed_at_utc,
    reason_of_lead
FROM visits
GROUP BY lead_id, phase_id, account_type_id, owner_id, opened_at_utc, closed_at_utc, reason_of_lead
ORDER BY lead_id;

-- name: titles
-- One row a title.
SELECT DISTINCT title FROM lead WHERE title <> '';

-- name: set_title_keys
-- One row a lead that has a title: what it is found by.
UPDATE lead
SET title_key = folded.title_key
FROM (
    SELECT unnest(CAST($titles AS VARCHAR[])) AS title, unnest(CAST($keys AS VARCHAR[])) AS title_key
) AS folded
WHERE lead.title = folded.title;
