-- name: history_of_customer
-- One row a change of a customer or of what hangs on it.
SELECT id, before_json, after_json FROM change_log WHERE customer_id = $customer_id;

-- name: import_rows_of_customer
-- One row a row that an import changed of a customer or one of its leads; those it made hold nothing.
SELECT import_id, entity_id, version, before_json
FROM import_row
WHERE before_json <> ''
    AND (entity_id = $customer_id OR entity_id IN (
        SELECT lead_id FROM lead_version WHERE customer_id = $customer_id
    ));

-- name: searches_of_views
-- One row a saved view that has filters.
SELECT id, query FROM saved_view WHERE query <> '';

-- name: history_of_views
-- One row a change of a saved view, also of one that was removed.
SELECT id, before_json, after_json FROM change_log WHERE entity = 'saved_view';

-- name: is_searched_by_others
-- One row: whether any customer or lead that is there is found by what was typed.
SELECT
    EXISTS (SELECT 1 FROM customer WHERE contains(search_text, $search))
    OR EXISTS (SELECT 1 FROM lead WHERE contains(lower(title), $search)) AS is_searched;

-- name: gone_customers
-- One row a customer of which only the history is left, since the import that made it was undone, by what was
-- ever written down of it; newest first. Those that were erased since are left out.
SELECT
    gone.entity_id AS id,
    json_extract_string(gone.before_json, '$.number') AS number,
    json_extract_string(gone.before_json, '$.name') AS name,
    gone.at_utc AS gone_at_utc,
    gone.version
FROM change_log AS gone
WHERE gone.action = 'customer_import_undone'
    AND gone.entity_id NOT IN (SELECT id FROM customer)
    AND gone.entity_id NOT IN (SELECT entity_id FROM change_log WHERE action = 'customer_erased')
    AND gone.version = (
        SELECT max(version) FROM change_log AS newest
        WHERE newest.entity = 'customer' AND newest.entity_id = gone.entity_id
    )
    AND ($id IS NULL OR gone.entity_id = $id)
    AND gone.entity_id IN (
        SELECT customer_id
        FROM change_log
        WHERE contains(strip_accents(lower(before_json || after_json)), $search)
    )
ORDER BY gone.at_utc DESC, number
LIMIT $limit;
