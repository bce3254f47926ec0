-- name: highest_number
-- One row: the highest number in the C-00012 form, whatever its case; 0 where there is none.
SELECT coalesce(max(CAST(substr(number, 3) AS BIGINT)), 0) AS highest
FROM customer
WHERE upper(number) ~ '^C-[0-9]{1,12}$';

-- name: number_holder
-- One row a customer with this number, whatever its case.
SELECT id FROM customer WHERE lower(number) = lower($number);

-- name: customer_list
-- One row a customer on one page of the list; lead_count counts open leads, phase_id is that
-- of the newest one. total is the number of customers on all pages.
WITH open_lead AS (
    SELECT
        customer_id,
        count(*) AS lead_count,
        max(id) AS newest_lead_id,
        max(CASE WHEN phase_id = $phase_id THEN 1 ELSE 0 END) AS is_in_phase
    FROM lead
    WHERE closed_at_utc IS NULL
    GROUP BY customer_id
),
matching AS (
    SELECT
        customer.*,
        coalesce(open_lead.lead_count, 0) AS lead_count,
        open_lead.newest_lead_id,
        account_type.description AS account_type,
        coalesce(person.name, '') AS owner
    FROM customer
    JOIN account_type ON account_type.id = customer.account_type_id
    LEFT JOIN person ON person.id = customer.owner_id
    LEFT JOIN open_lead ON open_lead.customer_id = customer.id
    WHERE ($search = '' OR contains(customer.search_text, $search))
      AND ($account_type_id IS NULL OR customer.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR customer.owner_id = $owner_id)
      AND ($is_active IS NULL OR customer.is_active = $is_active)
      AND ($phase_id IS NULL OR open_lead.is_in_phase = 1)
),
keyed AS (
    SELECT
        matching.*,
        coalesce(phase.description, '') AS phase,
        count(*) OVER () AS total,
        CASE $sort
            WHEN 'number' THEN lower(matching.number)
            WHEN 'name' THEN matching.name_key
            WHEN 'account_type' THEN lower(matching.account_type)
            WHEN 'phase' THEN lower(phase.description)
            WHEN 'owner' THEN lower(matching.owner)
            WHEN 'contact' THEN lower(matching.contact)
            WHEN 'city' THEN lower(matching.city)
            WHEN 'email' THEN matching.email_key
            WHEN 'lead_count' THEN lpad(CAST(matching.lead_count AS VARCHAR), 9, '0')
        END AS sort_key
    FROM matching
    LEFT JOIN lead ON lead.id = matching.newest_lead_id
    LEFT JOIN phase ON phase.id = lead.phase_id
)
SELECT id, number, name, account_type, phase, lead_count, owner, contact, city, email, is_active, total
FROM keyed
ORDER BY
    CASE WHEN coalesce(sort_key, '') = '' THEN 1 ELSE 0 END,
    CASE WHEN $descending THEN NULL ELSE sort_key END,
    CASE WHEN $descending THEN sort_key END DESC,
    id
LIMIT $limit OFFSET $offset;

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
