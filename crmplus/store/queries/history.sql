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

-- name: lead_version
-- One row: the state of a lead after its change with this version.
SELECT * FROM lead_version WHERE lead_id = $lead_id AND version = $version;
