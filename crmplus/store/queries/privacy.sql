-- name: history_of_customer
-- One row a change of a customer or of what hangs on it.
SELECT id, before_json, after_json FROM change_log WHERE customer_id = $customer_id;

-- name: import_rows_of_customer
-- One row a row that an import changed of a customer or one of its leads; those it made hold nothing.
SELECT import_id, entity_id, version, before_json
FROM import_row
WHERE before_json <> ''
    AND (entity_id = $customer_id OR entity_id IN (SELECT id FROM lead WHERE customer_id = $customer_id));
