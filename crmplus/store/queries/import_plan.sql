-- name: stage_customers
-- One row a customer of a file (see exchange/staging.py), in a table of this connection only.
CREATE OR REPLACE TEMP TABLE incoming_customer AS SELECT * FROM read_parquet($path);

-- name: stage_leads
-- One row a lead of a file, or a visit of one in a history.
CREATE OR REPLACE TEMP TABLE incoming_lead AS SELECT * FROM read_parquet($path);

-- name: plan_customers
-- One row a customer of the file, with what an import would do to ours: deed is made, changed,
-- kept or refused, refusal says why. A cell that the file leaves empty changes nothing.
CREATE OR REPLACE TEMP TABLE planned_customer AS
WITH named AS (
    SELECT 'n:' || lower(number) AS key, id FROM customer
    UNION ALL
    SELECT 'k:' || name_key AS key, id FROM customer WHERE name_key <> ''
),
matched AS (
    SELECT named.key, count(*) AS match_count, min(CAST(named.id AS VARCHAR)) AS id
    FROM named
    JOIN incoming_customer ON incoming_customer.key = named.key
    GROUP BY named.key
),
number_use AS (
    SELECT lower(number) AS number, count(*) AS use_count
    FROM incoming_customer
    WHERE number <> ''
    GROUP BY lower(number)
),
open_lead AS (
    SELECT customer_id, count(*) AS lead_count FROM lead WHERE closed_at_utc IS NULL GROUP BY customer_id
),
known AS (
    SELECT
        incoming_customer.*,
        coalesce(import_key.entity_id, CAST(matched.id AS UUID)) AS existing_id,
        import_key.entity_id IS NULL AND matched.match_count > 1 AS is_ambiguous,
        coalesce(import_key.fingerprint = incoming_customer.fingerprint, FALSE) AS says_the_same,
        import_key.entity_id IS NOT NULL AS has_key
    FROM incoming_customer
    LEFT JOIN import_key
        ON import_key.entity = 'customer'
        AND import_key.source = $source
        AND import_key.key = incoming_customer.key
    LEFT JOIN matched ON matched.key = incoming_customer.key
),
first_named AS (
    SELECT existing_id, min(line) AS line FROM known WHERE existing_id IS NOT NULL GROUP BY existing_id
),
compared AS (
    SELECT
        known.*,
        coalesce(first_named.line < known.line, FALSE) AS is_further,
        NOT known.says_the_same AND customer.id IS NOT NULL AND (
            (known.says_name AND known.name <> customer.name AND known.key NOT LIKE 'k:%')
            OR (known.number <> '' AND lower(known.number) <> lower(customer.number))
            OR (known.contact <> '' AND known.contact <> customer.contact)
            OR (known.email <> '' AND known.email <> customer.email)
            OR (known.phone <> '' AND known.phone <> customer.phone)
            OR (known.street <> '' AND known.street <> customer.street)
            OR (known.postal_code <> '' AND known.postal_code <> customer.postal_code)
            OR (known.city <> '' AND known.city <> customer.city)
            OR (known.country <> '' AND known.country <> customer.country)
            OR (known.remark <> '' AND known.remark <> customer.remark)
            OR (known.owner_id IS NOT NULL AND known.owner_id <> coalesce(CAST(customer.owner_id AS VARCHAR), ''))
            OR (known.says_active AND known.is_active <> customer.is_active)
            OR (known.says_account_type AND known.account_type_id <> CAST(customer.account_type_id AS VARCHAR))
        ) AS differs,
        CASE
            WHEN known.is_ambiguous THEN 'ambiguous'
            WHEN coalesce(number_use.use_count, 0) > 1 THEN 'number_twice'
            WHEN holder.id IS NOT NULL AND (known.existing_id IS NULL OR holder.id <> known.existing_id)
                THEN 'number_taken'
            WHEN known.says_the_same OR open_lead.lead_count IS NULL THEN NULL
            WHEN known.says_active AND NOT known.is_active THEN 'open_leads_inactive'
            WHEN known.says_account_type
                AND known.account_type_id <> CAST(customer.account_type_id AS VARCHAR)
                THEN 'open_leads_type'
        END AS broken_rule
    FROM known
    LEFT JOIN first_named ON first_named.existing_id = known.existing_id
    LEFT JOIN customer ON customer.id = known.existing_id
    LEFT JOIN open_lead ON open_lead.customer_id = known.existing_id
    LEFT JOIN number_use ON number_use.number = lower(known.number)
    LEFT JOIN customer AS holder ON known.number <> '' AND lower(holder.number) = lower(known.number)
),
judged AS (
    SELECT
        *,
        CASE WHEN is_further AND differs THEN 'customer_twice' ELSE broken_rule END AS refusal
    FROM compared
)
SELECT
    *,
    coalesce(existing_id, CAST(new_id AS UUID)) AS customer_id,
    CASE
        WHEN refusal IS NOT NULL THEN 'refused'
        WHEN existing_id IS NULL THEN 'made'
        WHEN differs THEN 'changed'
        ELSE 'kept'
    END AS deed
FROM judged;

-- name: plan_leads
-- One row a lead of the file, with what an import would do to ours; "changed" are those about
-- which the file says something else than when it was imported last. A customer's first lead,
-- without a key, comes with a customer that is made and with no other. customer_is_active and
-- customer_type_id are those that the import leaves the customer with. A history ends somewhere
-- else than most of its rows, so whether it may be open is not asked here.
CREATE OR REPLACE TEMP TABLE planned_lead AS
WITH known AS (
    SELECT
        incoming_lead.*,
        import_key.entity_id AS existing_id,
        coalesce(import_key.fingerprint = incoming_lead.fingerprint, FALSE) AS says_the_same,
        import_key.fingerprint AS known_fingerprint,
        planned_customer.customer_id,
        planned_customer.refusal AS customer_refusal,
        planned_customer.deed AS customer_deed,
        CASE
            WHEN planned_customer.deed = 'made'
                OR (planned_customer.deed = 'changed' AND planned_customer.says_active)
                THEN planned_customer.is_active
            ELSE customer.is_active
        END AS customer_is_active,
        CASE
            WHEN planned_customer.deed = 'made'
                OR (planned_customer.deed = 'changed' AND planned_customer.says_account_type)
                THEN planned_customer.account_type_id
            ELSE CAST(customer.account_type_id AS VARCHAR)
        END AS customer_type_id
    FROM incoming_lead
    JOIN planned_customer ON planned_customer.key = incoming_lead.customer_key
    LEFT JOIN customer ON customer.id = planned_customer.existing_id
    LEFT JOIN import_key
        ON import_key.entity = 'lead'
        AND import_key.source = $source
        AND import_key.key = incoming_lead.key
        AND incoming_lead.key <> ''
),
judged AS (
    SELECT
        *,
        CASE
            WHEN customer_refusal IS NOT NULL THEN customer_refusal
            WHEN $has_histories OR existing_id IS NOT NULL OR closing_reason_id IS NOT NULL THEN NULL
            WHEN NOT customer_is_active THEN 'inactive_customer'
            WHEN customer_type_id <> account_type_id THEN 'other_funnel'
        END AS refusal
    FROM known
)
SELECT
    *,
    coalesce(existing_id, CAST(new_id AS UUID)) AS lead_id,
    CASE
        WHEN key = '' AND customer_deed <> 'made' THEN 'kept'
        WHEN refusal IS NOT NULL THEN 'refused'
        WHEN existing_id IS NULL THEN 'made'
        WHEN says_the_same THEN 'kept'
        ELSE 'changed'
    END AS deed
FROM judged;

-- name: refuse_leads
-- One row a row of a lead that can't become what the file says.
UPDATE planned_lead SET deed = 'refused' WHERE key IN (SELECT unnest(CAST($keys AS VARCHAR[])));

-- name: leave_out_customers
-- One row a customer that the file has only for leads that are refused: it is not made either.
UPDATE planned_customer
SET deed = 'left out'
WHERE deed = 'made'
  AND NOT EXISTS (
      SELECT 1
      FROM planned_lead
      WHERE planned_lead.customer_key = planned_customer.key AND planned_lead.deed = 'made'
  );

-- name: planned_counts
-- One row: what an import would do.
SELECT
    (SELECT count(*) FROM planned_customer WHERE deed = 'made') AS customers_made,
    (SELECT count(*) FROM planned_customer WHERE deed = 'changed') AS customers_changed,
    (SELECT count(*) FROM planned_customer WHERE deed = 'kept') AS customers_kept,
    (SELECT count(*) FROM planned_lead WHERE deed = 'made') AS leads_made,
    (SELECT count(*) FROM planned_lead WHERE deed = 'kept' AND key <> '') AS leads_kept,
    (SELECT count(*) FROM planned_lead WHERE deed = 'made' AND key = '') AS first_leads;

-- name: planned_changes
-- One row: how many rows of a file would change rows of ours, or have to be held against them.
SELECT
    (SELECT count(*) FROM planned_customer WHERE deed = 'changed')
    + (SELECT count(*) FROM planned_lead WHERE deed = 'changed') AS changes;

-- name: refused_customers
-- One row a customer that a rule of the whole refuses, in the order of the file.
SELECT line, name, number, refusal FROM planned_customer WHERE refusal IS NOT NULL ORDER BY line;

-- name: refused_leads
-- One row a lead that a rule of the whole refuses, in the order of the file.
SELECT planned_lead.line, planned_customer.name, planned_customer.number, planned_lead.refusal
FROM planned_lead
JOIN planned_customer ON planned_customer.key = planned_lead.customer_key
WHERE planned_lead.deed = 'refused' AND planned_lead.key <> ''
ORDER BY planned_lead.line;

-- name: changed_customers
-- One row a customer of ours about which the file says something else.
SELECT * FROM planned_customer WHERE deed = 'changed' ORDER BY line;

-- name: changed_leads
-- One row a lead of ours about which the file says something else than it did.
SELECT * FROM planned_lead WHERE deed = 'changed' ORDER BY line;

-- name: namesakes
-- One row: how many new customers have the name of one that is there, or of one on an earlier
-- line, and the first line.
WITH first_new AS (
    SELECT name_key, min(line) AS line FROM planned_customer WHERE deed = 'made' GROUP BY name_key
)
SELECT count(*) AS customer_count, min(planned_customer.line) AS first_line
FROM planned_customer
JOIN first_new ON first_new.name_key = planned_customer.name_key
WHERE planned_customer.deed = 'made'
  AND planned_customer.name_key <> ''
  AND (
      planned_customer.line > first_new.line
      OR planned_customer.name_key IN (SELECT name_key FROM customer)
  );

-- name: highest_incoming_number
-- One row: the highest number in the C-00012 form, ours or the file's; 0 where there is none.
SELECT coalesce(max(CAST(substr(number, 3) AS BIGINT)), 0) AS highest
FROM (SELECT number FROM customer UNION ALL SELECT number FROM incoming_customer) AS every_number
WHERE upper(number) ~ '^C-[0-9]{1,12}$';

-- name: history_rows
-- One row a row of a file of histories: those of one lead together, oldest first. moment is
-- when the row's visit or change was.
SELECT *, coalesce(entered_at_utc, closed_at_utc, opened_at_utc) AS moment
FROM planned_lead
WHERE refusal IS NULL
ORDER BY key, coalesce(entered_at_utc, closed_at_utc, opened_at_utc), line;

-- name: latest_version_moment
-- One row: from when the newest state of a lead holds.
SELECT max(valid_from_utc) AS latest FROM lead_version WHERE lead_id = $lead_id;
