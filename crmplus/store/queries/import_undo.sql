-- name: plan_undo
-- One row a customer or lead that an import made or changed, with what an undo does to it: deed
-- is removed, restored or kept, and reason says why it is kept. What somebody changed since stays,
-- and so does what a rule would not have as it was before.
CREATE OR REPLACE TEMP TABLE undone_row AS
WITH own AS (
    SELECT
        entity,
        entity_id,
        version,
        before_json,
        CAST(CASE WHEN before_json = '' THEN '{}' ELSE before_json END AS JSON) AS before
    FROM import_row
    WHERE import_id = $import_id AND entity IN ('customer', 'lead')
),
judged_lead AS (
    SELECT
        own.entity_id,
        own.before_json,
        CASE
            WHEN lead.version <> own.version THEN 'changed'
            WHEN own.before_json = '' AND lead.id IN (
                SELECT lead_id FROM next_step UNION ALL SELECT lead_id FROM note
            ) THEN 'changed'
            WHEN earlier.lead_id IS NULL OR earlier.closed_at_utc IS NOT NULL THEN NULL
            WHEN phase.archived_at_utc IS NOT NULL THEN 'archived_phase'
            WHEN lead.closed_at_utc IS NOT NULL
                AND (NOT customer.is_active OR customer.account_type_id <> lead.account_type_id)
                THEN 'closed_customer'
        END AS reason,
        own.before_json <> '' AND earlier.closed_at_utc IS NULL AS is_open_again,
        lead.title AS name,
        customer.number
    FROM own
    JOIN lead ON lead.id = own.entity_id
    JOIN customer ON customer.id = lead.customer_id
    LEFT JOIN lead_version AS earlier
        ON earlier.lead_id = lead.id
        AND earlier.version = CAST(json_extract_string(own.before, '$.version') AS INTEGER)
    LEFT JOIN phase ON phase.id = earlier.phase_id
    WHERE own.entity = 'lead'
),
staying_lead AS (
    SELECT DISTINCT customer_id
    FROM lead
    WHERE id NOT IN (SELECT entity_id FROM judged_lead WHERE reason IS NULL AND before_json = '')
),
open_lead AS (
    SELECT DISTINCT lead.customer_id
    FROM lead
    LEFT JOIN judged_lead ON judged_lead.entity_id = lead.id AND judged_lead.reason IS NULL
    WHERE coalesce(judged_lead.is_open_again, lead.closed_at_utc IS NULL)
),
judged_customer AS (
    SELECT
        own.entity_id,
        own.before_json,
        CASE
            WHEN customer.version <> own.version THEN 'changed'
            WHEN own.before_json = '' AND customer.id IN (SELECT customer_id FROM contact_person) THEN 'changed'
            WHEN own.before_json = '' AND staying_lead.customer_id IS NOT NULL THEN 'has_leads'
            WHEN own.before_json = '' THEN NULL
            WHEN holder.id IS NOT NULL THEN 'number_taken'
            WHEN open_lead.customer_id IS NOT NULL AND (
                json_extract_string(own.before, '$.is_active') = 'false'
                OR json_extract_string(own.before, '$.account_type_id') <> CAST(customer.account_type_id AS VARCHAR)
            ) THEN 'has_open_leads'
        END AS reason,
        customer.name,
        customer.number
    FROM own
    JOIN customer ON customer.id = own.entity_id
    LEFT JOIN staying_lead ON staying_lead.customer_id = customer.id
    LEFT JOIN open_lead ON open_lead.customer_id = customer.id
    LEFT JOIN customer AS holder
        ON holder.id <> customer.id AND lower(holder.number) = lower(json_extract_string(own.before, '$.number'))
    WHERE own.entity = 'customer'
),
judged AS (
    SELECT 'lead' AS entity, entity_id, before_json, reason, name, number FROM judged_lead
    UNION ALL
    SELECT 'customer', entity_id, before_json, reason, name, number FROM judged_customer
)
SELECT
    *,
    CASE
        WHEN reason IS NOT NULL THEN 'kept'
        WHEN before_json = '' THEN 'removed'
        ELSE 'restored'
    END AS deed
FROM judged;

-- name: undo_counts
-- One row: how many rows an undo removes, and how many it has as they were before.
SELECT
    count(*) FILTER (WHERE deed = 'removed') AS removed,
    count(*) FILTER (WHERE deed = 'restored') AS restored
FROM undone_row;

-- name: undo_kept
-- One row a row of an import that an undo leaves as it is, and why; those for one reason together.
SELECT entity, name, number, reason FROM undone_row WHERE deed = 'kept' ORDER BY reason, number, entity, name;

-- name: undoable_imports
-- One row an import that is not undone, or of which a customer or lead stands again as the import
-- left it, because what came after it was undone too. A customer that stays for its leads does
-- not count. Rules that have a row stay are looked at by plan_undo only.
SELECT id FROM import_run WHERE undone_at_utc IS NULL
UNION
SELECT import_row.import_id
FROM import_row
JOIN lead ON lead.id = import_row.entity_id AND lead.version = import_row.version
JOIN import_run ON import_run.id = import_row.import_id
WHERE import_row.entity = 'lead' AND import_run.undone_at_utc IS NOT NULL
UNION
SELECT import_row.import_id
FROM import_row
JOIN customer ON customer.id = import_row.entity_id AND customer.version = import_row.version
JOIN import_run ON import_run.id = import_row.import_id
WHERE import_row.entity = 'customer'
  AND import_run.undone_at_utc IS NOT NULL
  AND (import_row.before_json <> '' OR customer.id NOT IN (SELECT customer_id FROM lead));

-- name: undo_changed
-- One row a row that an undo has as it was before.
SELECT entity, entity_id, before_json FROM undone_row WHERE deed = 'restored' ORDER BY entity_id;

-- name: log_undone_leads
-- One row a lead that an undo takes away.
INSERT INTO change_log
SELECT
    uuidv7(), $at_utc, $actor_id, $actor_name, 'lead_import_undone', 'lead', lead.id, lead.customer_id,
    lead.version + 1,
    CAST(json_object(
        'phase_id', CAST(lead.phase_id AS VARCHAR),
        'title', lead.title,
        'closing_reason_id', CAST(lead.closing_reason_id AS VARCHAR)
    ) AS VARCHAR),
    '{}'
FROM undone_row
JOIN lead ON lead.id = undone_row.entity_id
WHERE undone_row.entity = 'lead' AND undone_row.deed = 'removed';

-- name: log_undone_customers
-- One row a customer that an undo takes away.
INSERT INTO change_log
SELECT
    uuidv7(), $at_utc, $actor_id, $actor_name, 'customer_import_undone', 'customer', customer.id, customer.id,
    customer.version + 1,
    CAST(json_object('number', customer.number, 'name', customer.name) AS VARCHAR),
    '{}'
FROM undone_row
JOIN customer ON customer.id = undone_row.entity_id
WHERE undone_row.entity = 'customer' AND undone_row.deed = 'removed';

-- name: remove_phase_records
-- One row a visit of a lead that an undo takes away.
DELETE FROM phase_record WHERE lead_id IN (
    SELECT entity_id FROM undone_row WHERE entity = 'lead' AND deed = 'removed'
);

-- name: remove_leads
-- One row a lead that an undo takes away.
DELETE FROM lead WHERE id IN (
    SELECT entity_id FROM undone_row WHERE entity = 'lead' AND deed = 'removed'
);

-- name: touch_removed_leads
-- One row a lead that an undo took away.
CREATE OR REPLACE TEMP TABLE touched_lead AS
SELECT entity_id AS lead_id FROM undone_row WHERE entity = 'lead' AND deed = 'removed';

-- name: remove_customers
-- One row a customer that an undo takes away.
DELETE FROM customer WHERE id IN (
    SELECT entity_id FROM undone_row WHERE entity = 'customer' AND deed = 'removed'
);

-- name: forget_import_keys
-- One row a key of a row that an undo takes away.
DELETE FROM import_key WHERE entity_id IN (SELECT entity_id FROM undone_row WHERE deed = 'removed');

-- name: forget_fingerprint
-- One row a key of a row that is as it was before: the next file speaks for itself.
UPDATE import_key SET fingerprint = '' WHERE entity_id = $entity_id;

-- name: unchanged_again
-- One row a row of an earlier import that is again as that import left it.
UPDATE import_row SET version = $version WHERE entity_id = $entity_id AND version = $was;

-- name: remove_later_records
-- One row a visit that came after another of the same lead.
DELETE FROM phase_record WHERE lead_id = $lead_id AND visit_number > $visit_number;

-- name: undo_settings
-- One row a setting or person that an import made, phases first.
SELECT entity, entity_id, version
FROM import_row
WHERE import_id = $import_id AND entity NOT IN ('customer', 'lead')
ORDER BY CASE entity WHEN 'phase' THEN 0 ELSE 1 END, entity_id;

-- name: uses_now
-- One row: whether anything that stays names a setting or person: a row of now, a way in, or, of a person,
-- something they did. What the history says of rows that were taken away is no use.
SELECT
    EXISTS (
        SELECT 1 FROM lead
        WHERE owner_id = $id OR phase_id = $id OR closing_reason_id = $id OR account_type_id = $id
    )
    OR EXISTS (SELECT 1 FROM customer WHERE owner_id = $id OR account_type_id = $id)
    OR EXISTS (SELECT 1 FROM target WHERE owner_id = $id)
    OR EXISTS (SELECT 1 FROM saved_view WHERE owner_id = $id)
    OR EXISTS (SELECT 1 FROM note WHERE author_id = $id)
    OR EXISTS (SELECT 1 FROM team_member WHERE person_id = $id)
    OR EXISTS (SELECT 1 FROM credential WHERE person_id = $id)
    OR EXISTS (SELECT 1 FROM sign_in_session WHERE person_id = $id)
    OR EXISTS (SELECT 1 FROM invitation WHERE person_id = $id OR made_by = $id)
    OR EXISTS (SELECT 1 FROM audit_event WHERE actor_id = $id OR subject_id = $id)
    OR EXISTS (SELECT 1 FROM change_log WHERE actor_id = $id)
    OR EXISTS (SELECT 1 FROM phase_record WHERE phase_id = $id OR closing_reason_id = $id)
    OR EXISTS (SELECT 1 FROM phase WHERE account_type_id = $id) AS is_used;
