-- What somebody sees whose sight takes in the owners of the variable seen_owners. {catalog} is the database
-- itself: a view reads the whole table of its own name.

CREATE TEMPORARY VIEW lead AS
SELECT * FROM {catalog}.main.lead
WHERE owner_id IN (SELECT unnest(getvariable('seen_owners')));

CREATE TEMPORARY VIEW customer AS
SELECT * FROM {catalog}.main.customer
WHERE owner_id IN (SELECT unnest(getvariable('seen_owners')))
    OR id IN (SELECT customer_id FROM lead);

CREATE TEMPORARY VIEW phase_record AS
SELECT * FROM {catalog}.main.phase_record
WHERE lead_id IN (SELECT id FROM lead);

CREATE TEMPORARY VIEW lead_version AS
SELECT * FROM {catalog}.main.lead_version
WHERE lead_id IN (SELECT id FROM lead);

CREATE TEMPORARY VIEW lead_span AS
SELECT * FROM {catalog}.main.lead_span
WHERE lead_id IN (SELECT id FROM lead);

CREATE TEMPORARY VIEW lead_stay AS
SELECT * FROM {catalog}.main.lead_stay
WHERE lead_id IN (SELECT id FROM lead);

CREATE TEMPORARY VIEW next_step AS
SELECT * FROM {catalog}.main.next_step
WHERE lead_id IN (SELECT id FROM lead);

CREATE TEMPORARY VIEW note AS
SELECT * FROM {catalog}.main.note
WHERE lead_id IN (SELECT id FROM lead);

CREATE TEMPORARY VIEW contact_person AS
SELECT * FROM {catalog}.main.contact_person
WHERE customer_id IN (SELECT id FROM customer);

CREATE TEMPORARY VIEW target AS
SELECT * FROM {catalog}.main.target
WHERE owner_id IN (SELECT unnest(getvariable('seen_owners')));

-- Of a customer's history: its own, and that of the leads that are seen. Next steps and notes say in their
-- first and last state which lead they belong to, and nothing of it in between.
CREATE TEMPORARY VIEW change_log AS
WITH of_unseen_lead AS (
    SELECT entity_id
    FROM {catalog}.main.change_log AS logged
    WHERE entity IN ('next_step', 'note')
        AND customer_id IS NOT NULL
        AND coalesce(
            json_extract_string(after_json, '$.lead_id'), json_extract_string(before_json, '$.lead_id')
        ) NOT IN (SELECT CAST(id AS VARCHAR) FROM lead)
)
SELECT * FROM {catalog}.main.change_log
WHERE customer_id IS NULL
    OR (
        customer_id IN (SELECT id FROM customer)
        AND (entity <> 'lead' OR entity_id IN (SELECT id FROM lead))
        AND entity_id NOT IN (SELECT entity_id FROM of_unseen_lead)
    );

CREATE TEMPORARY VIEW import_row AS SELECT * FROM {catalog}.main.import_row WHERE false;

CREATE TEMPORARY VIEW import_key AS SELECT * FROM {catalog}.main.import_key WHERE false;

CREATE TEMPORARY VIEW import_run AS SELECT * FROM {catalog}.main.import_run WHERE false;

CREATE TEMPORARY VIEW audit_event AS SELECT * FROM {catalog}.main.audit_event WHERE false;
