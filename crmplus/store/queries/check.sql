-- name: code_malformed
-- One row an account type, phase or closing reason whose code, description or order number can't be
-- (A1, P1, C1), by code.
WITH held AS (
    SELECT code, description, order_number FROM account_type
    UNION ALL
    SELECT code, description, order_number FROM phase
    UNION ALL
    SELECT code, description, order_number FROM closing_reason
)
SELECT code AS found
FROM held
WHERE NOT code ~ '^[A-Z0-9_-]{1,20}$'
   OR length(trim(description)) = 0
   OR length(description) > 80
   OR order_number NOT BETWEEN 0 AND 9999
ORDER BY code
LIMIT 20;

-- name: customer_unnamed
-- One row a customer without a number or a name (U1), by key.
SELECT id AS found
FROM customer
WHERE length(trim(number)) = 0 OR length(trim(name)) = 0
ORDER BY id
LIMIT 20;

-- name: customer_idle_with_open_lead
-- One row a customer that is not active although a lead of it is open (U5), by number.
SELECT DISTINCT customer.number AS found
FROM customer
JOIN lead ON lead.customer_id = customer.id
WHERE lead.closed_at_utc IS NULL AND NOT customer.is_active
ORDER BY customer.number
LIMIT 20;

-- name: lead_of_another_type
-- One row an open lead in a funnel that its customer does not go through (U4), or in one of an account
-- type that has none (A2), by key.
SELECT lead.id AS found
FROM lead
JOIN customer ON customer.id = lead.customer_id
JOIN account_type ON account_type.id = lead.account_type_id
WHERE lead.closed_at_utc IS NULL
  AND (customer.account_type_id <> lead.account_type_id OR NOT account_type.uses_phases)
ORDER BY lead.id
LIMIT 20;

-- name: lead_times_out_of_order
-- One row a lead that was closed, or came to its phase, before it was opened, or whose visits end
-- before they begin (L3, L4), by key.
SELECT id AS found
FROM lead
WHERE closed_at_utc < opened_at_utc
   OR phase_entered_at_utc < opened_at_utc
   OR id IN (SELECT lead_id FROM phase_record WHERE left_at_utc < entered_at_utc)
ORDER BY id
LIMIT 20;

-- name: lead_visits_out_of_order
-- One row a lead whose visits are not numbered in a row, or of whose visits another than the newest is
-- current, or that holds a closing reason in a visit that did not end it (L2, L3, C2), by key.
SELECT lead.id AS found
FROM lead
LEFT JOIN phase_record ON phase_record.lead_id = lead.id
GROUP BY lead.id, lead.visit_number
HAVING count(phase_record.visit_number) <> lead.visit_number
    OR min(phase_record.visit_number) <> 1
    OR max(phase_record.visit_number) <> lead.visit_number
    OR count(CASE
        WHEN phase_record.state = 'current' AND phase_record.visit_number < lead.visit_number
            OR (phase_record.state = 'current') <> (phase_record.left_at_utc IS NULL)
            OR (phase_record.state = 'closed') <> (phase_record.closing_reason_id IS NOT NULL)
        THEN 1
    END) > 0
ORDER BY lead.id
LIMIT 20;

-- name: target_malformed
-- One row a target below 0, of a month that does not begin on its first day, or beside another of the
-- same owner and month, by key.
SELECT id AS found
FROM target
WHERE amount < 0
   OR extract(day FROM month) <> 1
   OR EXISTS (
       SELECT 1
       FROM target AS other
       WHERE other.owner_id = target.owner_id AND other.month = target.month AND other.id <> target.id
   )
ORDER BY id
LIMIT 20;

-- name: email_held_twice
-- One row an e-mail address of two people in use, whatever its case.
SELECT lower(email) AS found
FROM person
WHERE archived_at_utc IS NULL AND email <> ''
GROUP BY lower(email)
HAVING count(*) > 1
ORDER BY lower(email)
LIMIT 20;

-- name: workspace_missing
-- One row if there are customers, people or leads of no workspace, or of several.
SELECT count(*) AS found
FROM workspace
HAVING count(*) > 1
    OR count(*) = 0 AND (
        SELECT count(*) FROM (
            SELECT id FROM customer UNION ALL SELECT id FROM person UNION ALL SELECT id FROM lead
        ) AS held
    ) > 0;

-- name: history_malformed
-- One row a line of the change log that does not say what was before and after (L7), by key.
SELECT id AS found
FROM change_log
WHERE NOT json_valid(before_json) OR NOT json_valid(after_json)
   OR length(action) = 0 OR version < 1
ORDER BY id
LIMIT 20;

-- name: change_logged_twice
-- One row a row and a version of it that the change log tells of twice (L7).
SELECT entity || ' ' || CAST(entity_id AS VARCHAR) AS found
FROM change_log
GROUP BY entity, entity_id, version
HAVING count(*) > 1
ORDER BY entity, entity_id
LIMIT 20;

-- name: lead_versions_missing
-- One row a lead without a whole state for each of its versions (L7), by key.
SELECT lead.id AS found
FROM lead
LEFT JOIN lead_version ON lead_version.lead_id = lead.id
GROUP BY lead.id, lead.version
HAVING count(lead_version.version) <> lead.version
    OR min(lead_version.version) <> 1
    OR max(lead_version.version) <> lead.version
ORDER BY lead.id
LIMIT 20;

-- name: lead_changes_unlogged
-- One row a lead with a state of which the change log does not tell (L7), by key. An import tells of
-- all the past that it brings in one line, that of the newest state; so does an undo of what it brings back.
WITH told AS (
    SELECT
        lead_version.lead_id,
        line.action,
        lead(line.action IGNORE NULLS) OVER (
            PARTITION BY lead_version.lead_id ORDER BY lead_version.version
        ) AS next_action
    FROM lead_version
    LEFT JOIN change_log AS line
        ON line.entity = 'lead'
        AND line.entity_id = lead_version.lead_id
        AND line.version = lead_version.version
)
SELECT DISTINCT lead.id AS found
FROM lead
JOIN told ON told.lead_id = lead.id
WHERE told.action IS NULL
  AND (told.next_action IS NULL OR told.next_action NOT IN ('lead_imported', 'lead_import_undone'))
ORDER BY lead.id
LIMIT 20;

-- name: recount_by_phase
-- One row a phase in which leads stand open by their newest state in the history. Columns as the first
-- ones of pipeline_by_phase.
WITH newest AS (
    SELECT lead_version.*
    FROM lead_version
    JOIN (
        SELECT lead_id, max(version) AS version FROM lead_version GROUP BY lead_id
    ) AS latest ON latest.lead_id = lead_version.lead_id AND latest.version = lead_version.version
    WHERE lead_version.lead_id IN (SELECT id FROM lead)
)
SELECT
    phase_id,
    count(*) AS lead_count,
    coalesce(sum(expected_value), 0) AS expected_value,
    coalesce(sum(expected_value * CAST(score AS DECIMAL(3, 0))), 0) AS expected_times_score,
    coalesce(sum(recurring_value), 0) AS recurring_value,
    coalesce(sum(recurring_value * CAST(score AS DECIMAL(3, 0))), 0) AS recurring_times_score
FROM newest
WHERE closed_at_utc IS NULL
GROUP BY phase_id;

-- name: newest_moment
-- One row: when the newest state of any lead came to hold; NULL without leads.
SELECT max(valid_from_utc) AS newest FROM lead_span;

-- name: table_names
-- One row a table of the database, whatever it is for, by name.
SELECT table_name
FROM information_schema.tables
WHERE table_catalog = current_database()
  AND table_schema NOT IN ('information_schema', 'pg_catalog')
  AND table_type = 'BASE TABLE'
ORDER BY table_name;
