-- name: targets_between
-- One row a target of the months from one to another, both included, which their first days name;
-- amounts in the workspace's currency.
SELECT id, owner_id, month, amount, version
FROM target
WHERE month >= $first_month
  AND month <= $last_month
ORDER BY owner_id, month;

-- name: target_versions
-- One row a target that there is or was: its newest version, its removal included.
SELECT entity_id AS id, max(version) AS version
FROM change_log
WHERE entity = 'target'
GROUP BY entity_id;
