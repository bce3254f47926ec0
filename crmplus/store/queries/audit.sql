-- name: audit_lines
-- One row an event or a change, newest first; times in UTC; before_json is NULL for an event.
SELECT *
FROM audit_line
WHERE ($actor_id IS NULL OR actor_id = $actor_id)
    AND (NOT $only_door OR before_json IS NULL)
    AND ($from_utc IS NULL OR at_utc >= $from_utc)
    AND ($before_utc IS NULL OR at_utc < $before_utc)
    AND (
        $search = ''
        OR contains(strip_accents(lower(actor_name || ' ' || subject || ' ' || address || ' ' || action)), $search)
        OR contains(strip_accents(lower(after_json)), $search)
        OR contains(strip_accents(lower(coalesce(before_json, ''))), $search)
    )
ORDER BY at_utc DESC, id DESC
LIMIT $limit OFFSET $offset;

-- name: audit_count
-- One row: how many events and changes audit_lines finds on all pages.
SELECT count(*) AS line_count
FROM audit_line
WHERE ($actor_id IS NULL OR actor_id = $actor_id)
    AND (NOT $only_door OR before_json IS NULL)
    AND ($from_utc IS NULL OR at_utc >= $from_utc)
    AND ($before_utc IS NULL OR at_utc < $before_utc)
    AND (
        $search = ''
        OR contains(strip_accents(lower(actor_name || ' ' || subject || ' ' || address || ' ' || action)), $search)
        OR contains(strip_accents(lower(after_json)), $search)
        OR contains(strip_accents(lower(coalesce(before_json, ''))), $search)
    );
