-- name: stage_customers
-- One row a customer of a file (see exchange/staging.py), in a table of this connection only.
CREATE OR REPLACE TEMP TABLE incoming_customer AS SELECT * FROM read_parquet($path);

-- name: stage_leads
-- One row a lead of a file, or a visit of one in a history.
CREATE OR REPLACE TEMP TABLE incoming_lead AS SELECT * FROM read_parquet($path);

-- name: plan_customers
-- One row a customer of the file, with what an import would do to ours: deed is made, changed,
-- kept or refused, refusal says why. A cell that the file leaves empty changes nothing. A number or
-- name means who has it now; where nobody has, whom the file meant by it last, unless it says
-- another name beside the number. Each kind of file remembers what it said, in key_source; a key
-- of another system means the same customer in all kinds of its files, key_sources; one that is new
-- means the only customer of that name, unless another key of that system does. An outer join
-- has equalities alone: with a condition on one side DuckDB holds every row against every other.
CREATE OR REPLACE TEMP TABLE planned_customer AS
WITH named AS (
    SELECT 'n:' || lower(number) AS key, id FROM customer
    UNION ALL
    SELECT 'k:' || name_key AS key, id FROM customer WHERE name_key <> ''
    UNION ALL
    SELECT DISTINCT key, entity_id AS id
    FROM import_key
    WHERE entity = 'customer'
      AND source IN (SELECT unnest(CAST($key_sources AS VARCHAR[])))
      AND key LIKE 'x:%'
),
remembered AS (
    SELECT import_key.key, import_key.fingerprint, customer.id, customer.name_key
    FROM import_key
    LEFT JOIN customer ON customer.id = import_key.entity_id
    WHERE import_key.entity = 'customer' AND import_key.source = $key_source
),
matched AS (
    SELECT
        named.key,
        count(*) AS match_count,
        min(CAST(named.id AS VARCHAR)) AS id,
        coalesce(bool_or(named.id = remembered.id), FALSE) AS has_remembered
    FROM named
    JOIN incoming_customer ON incoming_customer.key = named.key
    LEFT JOIN remembered ON remembered.key = named.key
    GROUP BY named.key
),
only_of_name AS (
    SELECT name_key, min(CAST(id AS VARCHAR)) AS id
    FROM customer
    WHERE name_key <> ''
    GROUP BY name_key
    HAVING count(*) = 1
),
first_of_name AS (
    SELECT name_key, min(line) AS line FROM incoming_customer WHERE key LIKE 'x:%' GROUP BY name_key
),
namesake AS (
    SELECT incoming_customer.key, CAST(only_of_name.id AS UUID) AS id
    FROM incoming_customer
    JOIN first_of_name
        ON first_of_name.name_key = incoming_customer.name_key
        AND first_of_name.line = incoming_customer.line
    JOIN only_of_name ON only_of_name.name_key = incoming_customer.name_key
    WHERE only_of_name.id NOT IN (SELECT CAST(id AS VARCHAR) FROM named WHERE key LIKE 'x:%')
),
meant AS (
    SELECT
        incoming_customer.*,
        CASE
            WHEN matched.has_remembered THEN remembered.id
            WHEN matched.id IS NOT NULL THEN CAST(matched.id AS UUID)
            WHEN namesake.id IS NOT NULL THEN namesake.id
            WHEN incoming_customer.key LIKE 'k:%'
                OR remembered.fingerprint = incoming_customer.fingerprint
                OR remembered.name_key = incoming_customer.name_key
                THEN remembered.id
        END AS existing_id,
        coalesce(matched.match_count > 1 AND NOT matched.has_remembered, FALSE) AS is_ambiguous,
        remembered.id AS remembered_id,
        remembered.key IS NOT NULL AS has_key,
        remembered.fingerprint AS known_fingerprint
    FROM incoming_customer
    LEFT JOIN matched ON matched.key = incoming_customer.key
    LEFT JOIN remembered ON remembered.key = incoming_customer.key
    LEFT JOIN namesake ON namesake.key = incoming_customer.key
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
        *,
        coalesce(existing_id = remembered_id AND known_fingerprint = fingerprint, FALSE) AS says_the_same,
        $key_source AS key_source
    FROM meant
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
    LEFT JOIN customer AS holder ON lower(holder.number) = nullif(lower(known.number), '')
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
        AND import_key.key = nullif(incoming_lead.key, '')
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
-- One row a customer that the file has only for leads that are refused: it is neither made nor
-- changed.
UPDATE planned_customer
SET deed = 'left out'
WHERE (deed = 'made' AND key NOT IN (SELECT customer_key FROM planned_lead WHERE deed = 'made'))
   OR (deed = 'changed' AND key NOT IN (SELECT customer_key FROM planned_lead WHERE deed <> 'refused'));

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
-- One row: the highest number in the C-00012 form of up to nine digits, ours or the file's; 0
-- where there is none.
SELECT coalesce(max(CAST(substr(number, 3) AS BIGINT)), 0) AS highest
FROM (SELECT number FROM customer UNION ALL SELECT number FROM incoming_customer) AS every_number
WHERE upper(number) ~ '^C-[0-9]{1,9}$';

-- name: history_rows
-- One row a row of a file of histories: those of one lead together, oldest first. moment is
-- when the row's visit or change was.
SELECT *, coalesce(entered_at_utc, closed_at_utc, opened_at_utc) AS moment
FROM planned_lead
WHERE refusal IS NULL
ORDER BY key, coalesce(entered_at_utc, closed_at_utc, opened_at_utc), line;

-- name: refused_keys
-- One row a lead of which a rule of the whole refuses a row.
SELECT DISTINCT key FROM planned_lead WHERE refusal IS NOT NULL;

-- name: latest_version_moment
-- One row: from when the newest state of a lead holds.
SELECT max(valid_from_utc) AS latest FROM lead_version WHERE lead_id = $lead_id;
