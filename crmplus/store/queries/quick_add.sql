-- name: quick_add_customers
-- One row a customer that may be meant by what was typed, as name key or number, or the one with
-- $customer_id: those of just this name or number first, then those whose name holds it or is in it, word
-- for word. open_lead_id is the newest of its open leads.
WITH match AS (
    SELECT
        id,
        number,
        name,
        city,
        id = $customer_id OR lower(number) = $number OR (name_key = $name_key AND name_key <> '') AS is_exact
    FROM customer
    WHERE id = $customer_id
       OR ($customer_id IS NULL AND (
            lower(number) = $number
            OR ($name_key <> '' AND contains(' ' || name_key || ' ', ' ' || $name_key || ' '))
            OR (name_key <> '' AND contains(' ' || $name_key || ' ', ' ' || name_key || ' '))
       ))
    ORDER BY CASE WHEN is_exact THEN 0 ELSE 1 END, length(name), number
    LIMIT $limit
),
open_lead_of AS (
    SELECT lead.customer_id, count(*) AS open_lead_count, max(lead.id) AS open_lead_id
    FROM lead
    JOIN match ON match.id = lead.customer_id
    WHERE lead.closed_at_utc IS NULL
    GROUP BY lead.customer_id
)
SELECT
    match.id,
    match.number,
    match.name,
    match.city,
    coalesce(is_exact, FALSE) AS is_exact,
    coalesce(open_lead_count, 0) AS open_lead_count,
    open_lead_id
FROM match
LEFT JOIN open_lead_of ON open_lead_of.customer_id = match.id
ORDER BY CASE WHEN is_exact THEN 0 ELSE 1 END, length(name), number;
