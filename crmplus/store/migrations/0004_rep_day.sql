-- What a rep works with between the phases: next steps, notes, contact persons, saved views.

-- Derived from the title, to search by; those of titles there are follow in the same transaction.
ALTER TABLE lead ADD COLUMN title_key VARCHAR DEFAULT '';

-- What is to be done next about a lead. The day and the time of day are those of the workspace's zone;
-- without a time it is due any time that day. done_at_utc is NULL while it is open.
CREATE TABLE next_step (
    id UUID PRIMARY KEY,
    lead_id UUID NOT NULL,
    description VARCHAR NOT NULL,
    due_date DATE NOT NULL,
    due_time TIME,
    done_at_utc TIMESTAMP,
    version INTEGER NOT NULL
);

-- What was learned about a lead. author_id is NULL for the local administrator; search_text is
-- derived, to search by.
CREATE TABLE note (
    id UUID PRIMARY KEY,
    lead_id UUID NOT NULL,
    author_id UUID,
    written_at_utc TIMESTAMP NOT NULL,
    text VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    search_text VARCHAR NOT NULL
);

-- Whom one talks to at a customer; search_text is derived, to search by.
CREATE TABLE contact_person (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    job_title VARCHAR NOT NULL,
    phone VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    search_text VARCHAR NOT NULL
);

-- A name for a page and its filters; query is the part of its address behind the question mark.
-- owner_id is NULL for the local administrator.
CREATE TABLE saved_view (
    id UUID PRIMARY KEY,
    name VARCHAR NOT NULL,
    page VARCHAR NOT NULL,
    query VARCHAR NOT NULL,
    owner_id UUID,
    is_shared BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);

-- One row an open lead as board and list show it: what it is worth, how it stands, and the next of
-- its next steps, which is the one due first. weighted_hundredfold is value x score, to be divided by 100
-- where it is read.
CREATE VIEW open_lead AS
WITH numbered_step AS (
    SELECT
        next_step.*,
        row_number() OVER (
            PARTITION BY lead_id
            ORDER BY due_date, CASE WHEN due_time IS NULL THEN 1 ELSE 0 END, due_time, id
        ) AS place
    FROM next_step
    WHERE done_at_utc IS NULL
)
SELECT
    lead.id,
    lead.version,
    lead.customer_id,
    customer.number,
    customer.name AS customer,
    customer.name_key,
    customer.search_text,
    lead.account_type_id,
    lead.phase_id,
    lead.owner_id,
    lead.title,
    lead.title_key,
    lead.score,
    lead.expected_value,
    lead.recurring_value,
    coalesce(lead.expected_value * CAST(lead.score AS DECIMAL(3, 0)), 0) AS weighted_hundredfold,
    lead.expected_close_date,
    lead.opened_at_utc,
    lead.phase_entered_at_utc,
    numbered_step.id AS step_id,
    numbered_step.version AS step_version,
    numbered_step.description AS step,
    numbered_step.due_date,
    numbered_step.due_time
FROM lead
JOIN customer ON customer.id = lead.customer_id
LEFT JOIN numbered_step ON numbered_step.lead_id = lead.id AND numbered_step.place = 1
WHERE lead.closed_at_utc IS NULL;
