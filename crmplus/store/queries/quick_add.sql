-- name: quick_add_customers
-- One row a customer that may be meant by what was typed, or the one with $customer_id: those whose number
-- or whole name is just that first, then those whose name is that but for a legal form, then those whose
-- name holds it or is in it, word for word. alike_count is how many rows are exact like this one, or are
-- not like this one, without the limit (no count(*) OVER (), see customer_list); open_lead_id is the newest
-- of its open leads. The name is the second line of what a customer is searched by.
WITH candidate AS (
    SELECT
        id,
        number,
        name,
        city,
        coalesce(
            id = $customer_id
            OR lower(number) = $number
            OR ($whole_name <> ''
                AND translate(split_part(search_text, chr(10), 2), $beside_a_name, '') = $whole_name),
            FALSE
        ) AS is_exact,
        name_key <> '' AND name_key = $name_key AS is_same_but_for_form
    FROM customer
    WHERE id = $customer_id
       OR ($customer_id IS NULL AND (
            lower(number) = $number
            OR ($whole_name <> ''
                AND translate(split_part(search_text, chr(10), 2), $beside_a_name, '') = $whole_name)
            OR ($name_key <> '' AND contains(' ' || name_key || ' ', ' ' || $name_key || ' '))
            OR (name_key <> '' AND contains(' ' || $name_key || ' ', ' ' || name_key || ' '))
       ))
),
ranked AS (
    SELECT
        *,
        CASE WHEN is_exact THEN 0 WHEN is_same_but_for_form THEN 1 ELSE 2 END AS place,
        CASE
            WHEN is_exact THEN (SELECT count(*) FROM candidate WHERE is_exact)
            ELSE (SELECT count(*) FROM candidate WHERE NOT is_exact)
        END AS alike_count
    FROM candidate
),
match AS (
    SELECT * FROM ranked ORDER BY place, length(name), number LIMIT $limit
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
    is_exact,
    alike_count,
    coalesce(open_lead_count, 0) AS open_lead_count,
    open_lead_id
FROM match
LEFT JOIN open_lead_of ON open_lead_of.customer_id = match.id
ORDER BY place, length(name), number;
