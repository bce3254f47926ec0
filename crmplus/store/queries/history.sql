-- name: changes_since
-- One row a change of one row after a version, oldest first.
SELECT id, at_utc, actor_id, actor_name, action, entity, entity_id, version, before_json, after_json
FROM change_log
WHERE entity_id = $entity_id AND version > $version
ORDER BY version, id;

-- name: changes_of_customer
-- One row a change of a customer or one of its leads, newest first.
SELECT id, at_utc, actor_id, actor_name, action, entity, entity_id, version, before_json, after_json
FROM change_log
WHERE customer_id = $customer_id
ORDER BY at_utc DESC, id DESC
LIMIT $limit OFFSET $offset;

-- name: change_count_of_customer
-- One row: how many changes the card of a customer has.
SELECT count(*) AS change_count FROM change_log WHERE customer_id = $customer_id;

-- name: was_ever_used
-- One row: whether a change of another kind of row ever named this key, or this person ever
-- changed anything. Phases go with their account type, so their naming it is no use of it.
SELECT count(*) > 0 AS was_used
FROM change_log
WHERE CAST(actor_id AS VARCHAR) = $id
   OR (
       entity <> $entity
       AND entity <> 'phase'
       AND (contains(before_json, $id) OR contains(after_json, $id))
   );

-- name: states_before
-- One row a version of a lead up to $version, oldest first, that counts once the later ones are taken back:
-- what held when the first of those began (else the lead's first state) holds from then on again, and
-- what came after it from when it did.
WITH later AS (
    SELECT min(valid_from_utc) AS from_utc
    FROM lead_version
    WHERE lead_id = $lead_id AND version > $version
),
oldest AS (
    SELECT coalesce(max(lead_version.version), 1) AS version
    FROM lead_version
    JOIN later ON lead_version.valid_from_utc <= later.from_utc
    WHERE lead_version.lead_id = $lead_id AND lead_version.version <= $version
)
SELECT
    lead_version.*,
    CASE
        WHEN lead_version.version = oldest.version THEN later.from_utc ELSE lead_version.valid_from_utc
    END AS holds_from_utc
FROM lead_version
CROSS JOIN later
JOIN oldest ON lead_version.version >= oldest.version
WHERE lead_version.lead_id = $lead_id AND lead_version.version <= $version
ORDER BY lead_version.version;
