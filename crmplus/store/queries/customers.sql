-- name: highest_number
-- One row: the highest number in the C-00012 form, whatever its case; 0 where there is none. One
-- of more than nine digits is another system's, and not counted on from.
SELECT coalesce(max(CAST(substr(number, 3) AS BIGINT)), 0) AS highest
FROM customer
WHERE upper(number) ~ '^C-[0-9]{1,9}$';

-- name: number_holder
-- One row a customer with this number, whatever its case.
SELECT id FROM customer WHERE lower(number) = lower($number);

-- name: customer_list
-- One row a customer on one page of the list; lead_count counts open leads, phase is that of
-- the newest one. total is the number of customers on all pages. The page is chosen on keys
-- alone, and leads are counted for all customers only where they decide what is on it.
-- total is a subquery, for count(*) OVER () over few rows can bring DuckDB 1.5.5 down: its
-- issue 25713, an internal error that ends every connection of the process.
WITH open_lead AS (
    SELECT
        customer_id,
        count(*) AS lead_count,
        max(id) AS newest_lead_id,
        max(CASE WHEN phase_id = $phase_id THEN 1 ELSE 0 END) AS is_in_phase
    FROM lead
    WHERE closed_at_utc IS NULL
      AND ($phase_id IS NOT NULL OR $sort IN ('phase', 'lead_count'))
    GROUP BY customer_id
),
newest_phase AS (
    SELECT open_lead.customer_id, phase.description
    FROM open_lead
    JOIN lead ON lead.id = open_lead.newest_lead_id
    JOIN phase ON phase.id = lead.phase_id
    WHERE $sort = 'phase'
),
matching AS (
    SELECT
        customer.id,
        CASE $sort
            WHEN 'number' THEN lower(customer.number)
            WHEN 'name' THEN customer.name_key
            WHEN 'account_type' THEN lower(account_type.description)
            WHEN 'phase' THEN lower(newest_phase.description)
            WHEN 'owner' THEN lower(person.name)
            WHEN 'contact' THEN lower(customer.contact)
            WHEN 'city' THEN lower(customer.city)
            WHEN 'email' THEN customer.email_key
            WHEN 'lead_count' THEN lpad(CAST(coalesce(open_lead.lead_count, 0) AS VARCHAR), 9, '0')
        END AS sort_key
    FROM customer
    JOIN account_type ON account_type.id = customer.account_type_id
    LEFT JOIN person ON person.id = customer.owner_id
    LEFT JOIN open_lead ON open_lead.customer_id = customer.id
    LEFT JOIN newest_phase ON newest_phase.customer_id = customer.id
    WHERE ($search = '' OR contains(customer.search_text, $search))
      AND ($account_type_id IS NULL OR customer.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR customer.owner_id = $owner_id)
      AND ($is_active IS NULL OR customer.is_active = $is_active)
      AND ($phase_id IS NULL OR open_lead.is_in_phase = 1)
),
page AS (
    SELECT id, sort_key, (SELECT count(*) FROM matching) AS total
    FROM matching
    ORDER BY
        CASE WHEN coalesce(sort_key, '') = '' THEN 1 ELSE 0 END,
        CASE WHEN $descending THEN NULL ELSE sort_key END,
        CASE WHEN $descending THEN sort_key END DESC,
        id
    LIMIT $limit OFFSET $offset
),
open_lead_of_page AS (
    SELECT lead.customer_id, count(*) AS lead_count, max(lead.id) AS newest_lead_id
    FROM lead
    JOIN page ON page.id = lead.customer_id
    WHERE lead.closed_at_utc IS NULL
    GROUP BY lead.customer_id
),
phase_of_page AS (
    SELECT open_lead_of_page.customer_id, open_lead_of_page.lead_count, phase.description
    FROM open_lead_of_page
    JOIN lead ON lead.id = open_lead_of_page.newest_lead_id
    JOIN phase ON phase.id = lead.phase_id
)
SELECT
    customer.id,
    customer.number,
    customer.name,
    account_type.description AS account_type,
    coalesce(phase_of_page.description, '') AS phase,
    coalesce(phase_of_page.lead_count, 0) AS lead_count,
    coalesce(person.name, '') AS owner,
    customer.contact,
    customer.city,
    customer.email,
    customer.phone,
    customer.street,
    customer.postal_code,
    customer.country,
    customer.remark,
    customer.is_active,
    page.total
FROM page
JOIN customer ON customer.id = page.id
JOIN account_type ON account_type.id = customer.account_type_id
LEFT JOIN person ON person.id = customer.owner_id
LEFT JOIN phase_of_page ON phase_of_page.customer_id = customer.id
ORDER BY
    CASE WHEN coalesce(page.sort_key, '') = '' THEN 1 ELSE 0 END,
    CASE WHEN $descending THEN NULL ELSE page.sort_key END,
    CASE WHEN $descending THEN page.sort_key END DESC,
    page.id;

-- name: look_alikes
-- One row a customer with the same name, e-mail or phone as a new one; keys as stored.
SELECT
    number,
    name,
    city,
    name_key = $name_key AS same_name,
    email_key <> '' AND email_key = $email_key AS same_email,
    phone_key <> '' AND phone_key = $phone_key AS same_phone
FROM customer
WHERE (name_key = $name_key AND name_key <> '')
   OR (email_key = $email_key AND email_key <> '')
   OR (phone_key = $phone_key AND phone_key <> '')
ORDER BY number
LIMIT 5;
