-- name: search_customers
-- One row a customer that holds every word, or whose phone number matches $phone, where that is not empty: exact
-- ones first, then those that begin with what was typed, then those in which a later word does. total counts all
-- of them. $words are folded as search_text is; $longest is one of them, for one look passes over most rows, and
-- is all there is to look for unless there are $is_several.
WITH hit AS (
    SELECT
        id,
        CASE
            WHEN lower(number) = $typed OR name_key = $name_key THEN 0
            WHEN starts_with(lower(number), $typed) OR starts_with(name_key, $name_key) THEN 1
            WHEN contains(name_key, ' ' || $name_key) THEN 2
            ELSE 3
        END AS rank,
        name_key,
        is_active
    FROM customer
    WHERE (
        contains(search_text, $longest)
        AND (NOT $is_several
             OR list_bool_and(list_transform(CAST($words AS VARCHAR[]), lambda word: contains(search_text, word))))
    )
    OR ($phone <> '' AND regexp_matches(phone, $phone))
),
page AS (
    SELECT * FROM hit ORDER BY rank, CASE WHEN is_active THEN 0 ELSE 1 END, name_key, id LIMIT $limit
)
SELECT
    customer.number,
    customer.name,
    customer.contact,
    customer.email,
    customer.phone,
    customer.city,
    customer.is_active,
    (SELECT count(*) FROM hit) AS total
FROM page
JOIN customer ON customer.id = page.id
ORDER BY page.rank, CASE WHEN page.is_active THEN 0 ELSE 1 END, page.name_key, page.id;

-- name: search_leads
-- One row a lead that holds every word in its title or in what its customer is found by: open ones
-- first, then as customers are ranked, by the title or by the customer, then by opening date, newest
-- first. A single word that a title holds needs no look at the customer.
WITH found_customer AS (
    SELECT
        id,
        CASE
            WHEN lower(number) = $typed OR name_key = $name_key THEN 0
            WHEN starts_with(lower(number), $typed) OR starts_with(name_key, $name_key) THEN 1
            WHEN contains(name_key, ' ' || $name_key) THEN 2
            ELSE 3
        END AS rank
    FROM customer
    WHERE contains(search_text, $longest)
      AND (NOT $is_several
           OR list_bool_and(list_transform(CAST($words AS VARCHAR[]), lambda word: contains(search_text, word))))
),
titled AS (
    SELECT id, customer_id, opened_at_utc, closed_at_utc, title_key
    FROM lead
    WHERE title_key <> ''
      AND (contains(title_key, $longest)
           OR ($is_several
               AND list_bool_or(
                   list_transform(CAST($words AS VARCHAR[]), lambda word: contains(title_key, word)))))
),
hit AS (
    SELECT lead.id, opened_at_utc, closed_at_utc, rank
    FROM lead
    JOIN found_customer ON found_customer.id = lead.customer_id
    UNION ALL
    SELECT
        titled.id,
        opened_at_utc,
        closed_at_utc,
        CASE
            WHEN title_key = $typed THEN 0
            WHEN starts_with(title_key, $typed) THEN 1
            WHEN contains(title_key, ' ' || $typed) THEN 2
            ELSE 3
        END AS rank
    FROM titled
    LEFT JOIN customer ON $is_several AND customer.id = titled.customer_id
    WHERE (NOT $is_several
           OR list_bool_and(list_transform(
               CAST($words AS VARCHAR[]), lambda word: contains(title_key, word) OR contains(search_text, word))))
      AND titled.customer_id NOT IN (SELECT id FROM found_customer)
),
page AS (
    SELECT *
    FROM hit
    ORDER BY CASE WHEN closed_at_utc IS NULL THEN 0 ELSE 1 END, rank, opened_at_utc DESC, id DESC
    LIMIT $limit
)
SELECT
    lead.id,
    lead.customer_id,
    customer.number,
    customer.name AS customer,
    customer.contact,
    customer.email,
    customer.city,
    lead.title,
    phase.description AS phase,
    closing_reason.description AS closing_reason,
    lead.opened_at_utc,
    lead.closed_at_utc,
    (SELECT count(*) FROM hit) AS total
FROM page
JOIN lead ON lead.id = page.id
JOIN customer ON customer.id = lead.customer_id
JOIN phase ON phase.id = lead.phase_id
LEFT JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
ORDER BY
    CASE WHEN lead.closed_at_utc IS NULL THEN 0 ELSE 1 END, page.rank, lead.opened_at_utc DESC, lead.id DESC;

-- name: search_contact_persons
-- One row a contact person that holds every word, or whose phone number matches $phone, ranked
-- by name as customers are.
WITH hit AS (
    SELECT
        id,
        CASE
            WHEN starts_with(search_text, $typed || chr(10)) THEN 0
            WHEN starts_with(search_text, $typed) THEN 1
            WHEN contains(search_text, ' ' || $typed) THEN 2
            ELSE 3
        END AS rank,
        search_text
    FROM contact_person
    WHERE (
        contains(search_text, $longest)
        AND (NOT $is_several
             OR list_bool_and(list_transform(CAST($words AS VARCHAR[]), lambda word: contains(search_text, word))))
    )
    OR ($phone <> '' AND regexp_matches(phone, $phone))
),
page AS (
    SELECT * FROM hit ORDER BY rank, search_text, id LIMIT $limit
)
SELECT
    contact_person.name,
    contact_person.job_title,
    contact_person.phone,
    contact_person.email,
    customer.number,
    customer.name AS customer,
    (SELECT count(*) FROM hit) AS total
FROM page
JOIN contact_person ON contact_person.id = page.id
JOIN customer ON customer.id = contact_person.customer_id
ORDER BY page.rank, page.search_text, page.id;

-- name: search_notes
-- One row a note that holds every word: those that hold them as they were typed first, then the newest.
WITH hit AS (
    SELECT
        id,
        CASE WHEN contains(search_text, $typed) THEN 0 ELSE 1 END AS rank,
        written_at_utc
    FROM note
    WHERE contains(search_text, $longest)
      AND (NOT $is_several
           OR list_bool_and(list_transform(CAST($words AS VARCHAR[]), lambda word: contains(search_text, word))))
),
page AS (
    SELECT * FROM hit ORDER BY rank, written_at_utc DESC, id DESC LIMIT $limit
)
SELECT
    note.lead_id,
    lead.customer_id,
    customer.number,
    customer.name AS customer,
    lead.title,
    note.text,
    note.written_at_utc,
    (SELECT count(*) FROM hit) AS total
FROM page
JOIN note ON note.id = page.id
JOIN lead ON lead.id = note.lead_id
JOIN customer ON customer.id = lead.customer_id
ORDER BY page.rank, page.written_at_utc DESC, page.id DESC;
