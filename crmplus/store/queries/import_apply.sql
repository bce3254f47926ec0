-- name: make_shape_records
-- One row a visit of each shape of lead (see exchange/shapes.py).
CREATE OR REPLACE TEMP TABLE shape_record (
    shape INTEGER,
    visit_number INTEGER,
    phase_id UUID,
    state VARCHAR,
    entered_moment INTEGER,
    left_moment INTEGER,
    has_values BOOLEAN,
    has_note BOOLEAN,
    closing_reason_id UUID
);

-- name: make_shape_versions
-- One row a version of each shape of lead, from the moment that it holds.
CREATE OR REPLACE TEMP TABLE shape_version (
    shape INTEGER,
    version INTEGER,
    phase_id UUID,
    closing_reason_id UUID,
    valid_from_moment INTEGER,
    entered_moment INTEGER,
    visit_number INTEGER,
    is_last BOOLEAN
);

-- name: date_leads
-- One row a lead that the plan makes, with the moments that its file leaves open filled: opened
-- when it entered its phase, or was closed, or now; closed now.
CREATE OR REPLACE TEMP TABLE dated_lead AS
SELECT
    lead_id,
    coalesce(opened_at_utc, entered_at_utc, closed_at_utc, $at_utc) AS opened,
    coalesce(entered_at_utc, opened_at_utc, closed_at_utc, $at_utc) AS entered,
    coalesce(closed_at_utc, $at_utc) AS closed
FROM planned_lead
WHERE deed = 'made';

-- name: insert_customers
-- One row a customer that the plan makes; those without a number get the next free ones. Only
-- numbers of more than nine digits can be in their way: of each, one candidate more is counted.
INSERT INTO customer
WITH made AS (
    SELECT
        *,
        CASE WHEN number = '' THEN row_number() OVER (PARTITION BY number = '' ORDER BY line) END AS place
    FROM planned_customer
    WHERE deed = 'made'
),
long_number AS (
    SELECT upper(number) AS number
    FROM (SELECT number FROM customer UNION ALL SELECT number FROM incoming_customer) AS every_number
    WHERE upper(number) ~ '^C-[0-9]{10,}$'
),
candidate AS (
    SELECT $highest + row_number() OVER (ORDER BY one) AS next_number
    FROM (
        SELECT 1 AS one FROM made WHERE number = ''
        UNION ALL
        SELECT 1 FROM long_number
    ) AS needed
),
written AS (
    SELECT
        next_number,
        CASE
            WHEN next_number < 100000 THEN 'C-' || lpad(CAST(next_number AS VARCHAR), 5, '0')
            ELSE 'C-' || CAST(next_number AS VARCHAR)
        END AS number
    FROM candidate
),
free_number AS (
    SELECT number, row_number() OVER (ORDER BY next_number) AS place
    FROM written
    WHERE number NOT IN (SELECT number FROM long_number)
),
named AS (
    SELECT made.*, coalesce(free_number.number, made.number) AS own_number
    FROM made
    LEFT JOIN free_number ON free_number.place = made.place
)
SELECT
    customer_id,
    own_number,
    name,
    CAST(account_type_id AS UUID),
    contact,
    email,
    phone,
    street,
    postal_code,
    city,
    country,
    remark,
    CAST(owner_id AS UUID),
    is_active,
    1,
    CASE WHEN number = '' THEN lower(own_number) ELSE '' END || searched,
    name_key,
    email_key,
    phone_key
FROM named
ORDER BY line;

-- name: log_customers
-- One row a customer that the plan made.
INSERT INTO change_log
SELECT
    uuidv7(),
    $at_utc,
    $actor_id,
    $actor_name,
    'customer_imported',
    'customer',
    customer.id,
    customer.id,
    1,
    '{}',
    CAST(json_object(
        'number', customer.number,
        'name', customer.name,
        'account_type_id', CAST(customer.account_type_id AS VARCHAR),
        'contact', customer.contact,
        'email', customer.email,
        'phone', customer.phone,
        'street', customer.street,
        'postal_code', customer.postal_code,
        'city', customer.city,
        'country', customer.country,
        'remark', customer.remark,
        'owner_id', CAST(customer.owner_id AS VARCHAR),
        'is_active', customer.is_active
    ) AS VARCHAR)
FROM planned_customer
JOIN customer ON customer.id = planned_customer.customer_id
WHERE planned_customer.deed = 'made'
ORDER BY planned_customer.line;

-- name: keep_new_customer_keys
-- One row a customer of the file that had none yet.
INSERT INTO import_key
SELECT 'customer', key_source, key, customer_id, $import_id, fingerprint
FROM planned_customer
WHERE deed NOT IN ('refused', 'left out') AND NOT has_key
ORDER BY line;

-- name: keep_customer_fingerprints
-- One row a customer that the file named before: what it says now, and of whom.
UPDATE import_key
SET fingerprint = planned_customer.fingerprint, entity_id = planned_customer.customer_id
FROM planned_customer
WHERE import_key.entity = 'customer'
  AND import_key.source = planned_customer.key_source
  AND import_key.key = planned_customer.key
  AND planned_customer.deed NOT IN ('refused', 'left out')
  AND planned_customer.has_key
  AND NOT planned_customer.says_the_same;

-- name: keep_made_customers
-- One row a customer that the import made, at its first version.
INSERT INTO import_row
SELECT $import_id, 'customer', customer_id, 1, '' FROM planned_customer WHERE deed = 'made';

-- name: insert_leads
-- One row a lead that the plan makes, as it stands at the end of its shape.
INSERT INTO lead
SELECT
    planned_lead.lead_id,
    planned_lead.customer_id,
    CAST(planned_lead.account_type_id AS UUID),
    shape_version.phase_id,
    CAST(planned_lead.owner_id AS UUID),
    planned_lead.title,
    planned_lead.score,
    planned_lead.expected_value,
    planned_lead.recurring_value,
    planned_lead.expected_close_date,
    shape_version.closing_reason_id,
    dated.opened,
    CASE shape_version.entered_moment
        WHEN 0 THEN dated.opened WHEN 1 THEN dated.entered ELSE dated.closed
    END,
    CASE WHEN shape_version.closing_reason_id IS NOT NULL THEN dated.closed END,
    shape_version.visit_number,
    shape_version.version,
    planned_lead.title_key
FROM planned_lead
JOIN shape_version ON shape_version.shape = planned_lead.shape AND shape_version.is_last
JOIN dated_lead AS dated ON dated.lead_id = planned_lead.lead_id
ORDER BY planned_lead.line;

-- name: insert_phase_records
-- One row a visit of each lead that the plan makes.
INSERT INTO phase_record
SELECT
    planned_lead.lead_id,
    shape_record.visit_number,
    shape_record.phase_id,
    shape_record.state,
    CASE shape_record.entered_moment
        WHEN 0 THEN dated.opened WHEN 1 THEN dated.entered ELSE dated.closed
    END,
    CASE shape_record.left_moment
        WHEN 0 THEN dated.opened WHEN 1 THEN dated.entered WHEN 2 THEN dated.closed
    END,
    CASE WHEN shape_record.has_values THEN planned_lead.score END,
    CASE WHEN shape_record.has_values THEN planned_lead.expected_value END,
    CASE WHEN shape_record.has_values THEN planned_lead.recurring_value END,
    CASE WHEN shape_record.has_values THEN planned_lead.expected_close_date END,
    CASE WHEN shape_record.has_note THEN coalesce(planned_lead.note, '') ELSE '' END,
    shape_record.closing_reason_id
FROM planned_lead
JOIN shape_record ON shape_record.shape = planned_lead.shape
JOIN dated_lead AS dated ON dated.lead_id = planned_lead.lead_id
ORDER BY planned_lead.line, shape_record.visit_number;

-- name: insert_lead_versions
-- One row a state of each lead that the plan makes, from when it held.
INSERT INTO lead_version
SELECT
    planned_lead.lead_id,
    shape_version.version,
    CASE shape_version.valid_from_moment
        WHEN 0 THEN dated.opened WHEN 1 THEN dated.entered ELSE dated.closed
    END,
    planned_lead.customer_id,
    CAST(planned_lead.account_type_id AS UUID),
    shape_version.phase_id,
    CAST(planned_lead.owner_id AS UUID),
    planned_lead.title,
    planned_lead.score,
    planned_lead.expected_value,
    planned_lead.recurring_value,
    planned_lead.expected_close_date,
    shape_version.closing_reason_id,
    dated.opened,
    CASE shape_version.entered_moment
        WHEN 0 THEN dated.opened WHEN 1 THEN dated.entered ELSE dated.closed
    END,
    CASE WHEN shape_version.closing_reason_id IS NOT NULL THEN dated.closed END,
    shape_version.visit_number
FROM planned_lead
JOIN shape_version ON shape_version.shape = planned_lead.shape
JOIN dated_lead AS dated ON dated.lead_id = planned_lead.lead_id
ORDER BY planned_lead.line, shape_version.version;

-- name: touch_made_leads
-- One row a lead that the plan made.
CREATE OR REPLACE TEMP TABLE touched_lead AS
SELECT lead_id FROM planned_lead WHERE deed = 'made';

-- name: log_leads
-- One row a lead that the plan made.
INSERT INTO change_log
SELECT
    uuidv7(),
    $at_utc,
    $actor_id,
    $actor_name,
    'lead_imported',
    'lead',
    lead.id,
    lead.customer_id,
    lead.version,
    '{}',
    CAST(json_object(
        'phase_id', CAST(lead.phase_id AS VARCHAR),
        'owner_id', CAST(lead.owner_id AS VARCHAR),
        'title', lead.title,
        'score', lead.score,
        'expected_value', CAST(lead.expected_value AS VARCHAR),
        'recurring_value', CAST(lead.recurring_value AS VARCHAR),
        'expected_close_date', CAST(lead.expected_close_date AS VARCHAR),
        'closing_reason_id', CAST(lead.closing_reason_id AS VARCHAR),
        'opened_at_utc', strftime(lead.opened_at_utc, '%Y-%m-%dT%H:%M:%S+00:00'),
        'closed_at_utc', strftime(lead.closed_at_utc, '%Y-%m-%dT%H:%M:%S+00:00'),
        'note', coalesce(planned_lead.note, '')
    ) AS VARCHAR)
FROM planned_lead
JOIN lead ON lead.id = planned_lead.lead_id
WHERE planned_lead.deed = 'made'
ORDER BY planned_lead.line;

-- name: keep_new_lead_keys
-- One row a lead that the import made.
INSERT INTO import_key
SELECT 'lead', $source, key, lead_id, $import_id, fingerprint
FROM planned_lead
WHERE deed = 'made' AND key <> ''
ORDER BY line;

-- name: keep_made_leads
-- One row a lead that the import made, and the version it gave it.
INSERT INTO import_row
SELECT $import_id, 'lead', planned_lead.lead_id, shape_version.version, ''
FROM planned_lead
JOIN shape_version ON shape_version.shape = planned_lead.shape AND shape_version.is_last
WHERE planned_lead.deed = 'made';

-- name: keep_lead_fingerprints
-- One row a lead that the file named before: what it says now, be it that nothing had to change.
UPDATE import_key
SET fingerprint = planned_lead.fingerprint
FROM planned_lead
WHERE import_key.entity = 'lead'
  AND import_key.source = $source
  AND import_key.key = planned_lead.key
  AND planned_lead.deed = 'changed';

-- name: keep_history_fingerprint
-- One row: what the rows of a lead say together, from now on.
UPDATE import_key
SET fingerprint = $fingerprint
WHERE entity = 'lead' AND source = $source AND key = $key;
