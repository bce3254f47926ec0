-- name: audit_lines
-- One row an event or a change, newest first; times in UTC; before_json is NULL for an event.
WITH line AS (
    SELECT
        logged.id,
        logged.at_utc,
        logged.actor_id,
        logged.actor_name,
        logged.action,
        logged.entity,
        coalesce(
            customer.number, person.name, account_type.code, phase.code, closing_reason.code, team.name, ''
        ) AS subject,
        '' AS address,
        logged.before_json,
        logged.after_json
    FROM change_log AS logged
    LEFT JOIN customer ON customer.id = logged.customer_id
    LEFT JOIN person ON person.id = logged.entity_id
    LEFT JOIN account_type ON account_type.id = logged.entity_id
    LEFT JOIN phase ON phase.id = logged.entity_id
    LEFT JOIN closing_reason ON closing_reason.id = logged.entity_id
    LEFT JOIN team ON team.id = logged.entity_id
    WHERE NOT $only_door
    UNION ALL
    SELECT id, at_utc, actor_id, actor_name, action, '' AS entity, subject, address, NULL, detail
    FROM audit_event
)
SELECT *
FROM line
WHERE ($actor_id IS NULL OR actor_id = $actor_id)
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
WITH line AS (
    SELECT
        logged.at_utc,
        logged.actor_id,
        logged.actor_name,
        logged.action,
        coalesce(
            customer.number, person.name, account_type.code, phase.code, closing_reason.code, team.name, ''
        ) AS subject,
        '' AS address,
        logged.before_json,
        logged.after_json
    FROM change_log AS logged
    LEFT JOIN customer ON customer.id = logged.customer_id
    LEFT JOIN person ON person.id = logged.entity_id
    LEFT JOIN account_type ON account_type.id = logged.entity_id
    LEFT JOIN phase ON phase.id = logged.entity_id
    LEFT JOIN closing_reason ON closing_reason.id = logged.entity_id
    LEFT JOIN team ON team.id = logged.entity_id
    WHERE NOT $only_door
    UNION ALL
    SELECT at_utc, actor_id, actor_name, action, subject, address, NULL, detail
    FROM audit_event
)
SELECT count(*) AS line_count
FROM line
WHERE ($actor_id IS NULL OR actor_id = $actor_id)
    AND ($from_utc IS NULL OR at_utc >= $from_utc)
    AND ($before_utc IS NULL OR at_utc < $before_utc)
    AND (
        $search = ''
        OR contains(strip_accents(lower(actor_name || ' ' || subject || ' ' || address || ' ' || action)), $search)
        OR contains(strip_accents(lower(after_json)), $search)
        OR contains(strip_accents(lower(coalesce(before_json, ''))), $search)
    );
