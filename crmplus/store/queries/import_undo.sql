-- name: undo_counts
-- One row: how many rows that an import made would go, and how many that it changed would be
-- as before. A row stays that has another version by now; so does a customer with leads that stay.
WITH own AS (
    SELECT * FROM import_row WHERE import_id = $import_id
),
lead_gone AS (
    SELECT own.entity_id, lead.customer_id, own.before_json
    FROM own
    JOIN lead ON lead.id = own.entity_id AND lead.version = own.version
    WHERE own.entity = 'lead'
),
customer_gone AS (
    SELECT own.entity_id, own.before_json
    FROM own
    JOIN customer ON customer.id = own.entity_id AND customer.version = own.version
    WHERE own.entity = 'customer'
      AND (
          own.before_json <> ''
          OR NOT EXISTS (
              SELECT 1
              FROM lead
              WHERE lead.customer_id = own.entity_id
                AND lead.id NOT IN (SELECT entity_id FROM lead_gone WHERE before_json = '')
          )
      )
)
SELECT
    (SELECT count(*) FROM lead_gone WHERE before_json = '')
    + (SELECT count(*) FROM customer_gone WHERE before_json = '') AS removed,
    (SELECT count(*) FROM lead_gone WHERE before_json <> '')
    + (SELECT count(*) FROM customer_gone WHERE before_json <> '') AS restored;

-- name: undo_kept
-- One row a row of an import that an undo leaves as it is, and why.
WITH own AS (
    SELECT * FROM import_row WHERE import_id = $import_id
)
SELECT 'lead' AS entity, lead.title AS name, customer.number, 'changed' AS reason
FROM own
JOIN lead ON lead.id = own.entity_id
JOIN customer ON customer.id = lead.customer_id
WHERE own.entity = 'lead' AND lead.version <> own.version
UNION ALL
SELECT 'customer', customer.name, customer.number, 'changed'
FROM own
JOIN customer ON customer.id = own.entity_id
WHERE own.entity = 'customer' AND customer.version <> own.version
UNION ALL
SELECT 'customer', customer.name, customer.number, 'has_leads'
FROM own
JOIN customer ON customer.id = own.entity_id AND customer.version = own.version
WHERE own.entity = 'customer'
  AND own.before_json = ''
  AND EXISTS (
      SELECT 1
      FROM lead
      LEFT JOIN own AS mine
          ON mine.entity = 'lead' AND mine.entity_id = lead.id AND mine.version = lead.version
          AND mine.before_json = ''
      WHERE lead.customer_id = own.entity_id AND mine.entity_id IS NULL
  )
ORDER BY 3, 1, 2;

-- name: undo_changed
-- One row a row that an import changed and nobody since.
SELECT import_row.entity, import_row.entity_id, import_row.before_json
FROM import_row
LEFT JOIN lead ON import_row.entity = 'lead' AND lead.id = import_row.entity_id
LEFT JOIN customer ON import_row.entity = 'customer' AND customer.id = import_row.entity_id
WHERE import_row.import_id = $import_id
  AND import_row.before_json <> ''
  AND import_row.version = coalesce(lead.version, customer.version);

-- name: stage_undo
-- One row a row that an import made and an undo takes away.
CREATE OR REPLACE TEMP TABLE undone_row AS
WITH own AS (
    SELECT * FROM import_row WHERE import_id = $import_id AND before_json = ''
),
lead_gone AS (
    SELECT lead.id FROM own JOIN lead ON lead.id = own.entity_id AND lead.version = own.version
)
SELECT 'lead' AS entity, id AS entity_id FROM lead_gone
UNION ALL
SELECT 'customer', customer.id
FROM own
JOIN customer ON customer.id = own.entity_id AND customer.version = own.version
WHERE NOT EXISTS (
    SELECT 1 FROM lead WHERE lead.customer_id = customer.id AND lead.id NOT IN (SELECT id FROM lead_gone)
);

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
JOIN lead ON undone_row.entity = 'lead' AND lead.id = undone_row.entity_id;

-- name: log_undone_customers
-- One row a customer that an undo takes away.
INSERT INTO change_log
SELECT
    uuidv7(), $at_utc, $actor_id, $actor_name, 'customer_import_undone', 'customer', customer.id, customer.id,
    customer.version + 1,
    CAST(json_object('number', customer.number, 'name', customer.name) AS VARCHAR),
    '{}'
FROM undone_row
JOIN customer ON undone_row.entity = 'customer' AND customer.id = undone_row.entity_id;

-- name: remove_phase_records
-- One row a visit of a lead that an undo takes away.
DELETE FROM phase_record WHERE lead_id IN (SELECT entity_id FROM undone_row WHERE entity = 'lead');

-- name: remove_leads
-- One row a lead that an undo takes away.
DELETE FROM lead WHERE id IN (SELECT entity_id FROM undone_row WHERE entity = 'lead');

-- name: remove_customers
-- One row a customer that an undo takes away.
DELETE FROM customer WHERE id IN (SELECT entity_id FROM undone_row WHERE entity = 'customer');

-- name: forget_import_keys
-- One row a key of a row that an undo takes away.
DELETE FROM import_key WHERE entity_id IN (SELECT entity_id FROM undone_row);

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
-- One row: whether a customer, lead or phase names a setting or person now.
SELECT
    EXISTS (
        SELECT 1 FROM lead
        WHERE owner_id = $id OR phase_id = $id OR closing_reason_id = $id OR account_type_id = $id
    )
    OR EXISTS (SELECT 1 FROM customer WHERE owner_id = $id OR account_type_id = $id)
    OR EXISTS (SELECT 1 FROM phase_record WHERE phase_id = $id OR closing_reason_id = $id)
    OR EXISTS (SELECT 1 FROM phase WHERE account_type_id = $id AND archived_at_utc IS NULL) AS is_used;
