-- name: changes_of_subjects
-- One row a change of a next step, note or contact person of a customer and its leads; those of one
-- together, oldest first.
SELECT entity, entity_id, version, before_json, after_json
FROM change_log
WHERE customer_id = $customer_id AND entity IN ('next_step', 'note', 'contact_person')
ORDER BY entity_id, version;
