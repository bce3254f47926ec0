-- The tables of the main job, in reading order. Amounts are in the workspace's currency,
-- times in UTC. References are checked by the services: DuckDB refuses to update rows that a
-- foreign key points at.

CREATE TABLE workspace (
    id UUID PRIMARY KEY,
    company_name VARCHAR NOT NULL,
    currency VARCHAR NOT NULL,
    recurring_period VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    first_weekday INTEGER NOT NULL,
    time_zone VARCHAR NOT NULL,
    is_demo BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);

CREATE TABLE person (
    id UUID PRIMARY KEY,
    name VARCHAR NOT NULL,
    initials VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    archived_at_utc TIMESTAMP,
    version INTEGER NOT NULL
);

CREATE TABLE account_type (
    id UUID PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,
    description VARCHAR NOT NULL,
    order_number INTEGER NOT NULL,
    uses_phases BOOLEAN NOT NULL,
    is_default BOOLEAN NOT NULL,
    archived_at_utc TIMESTAMP,
    version INTEGER NOT NULL
);

CREATE TABLE phase (
    id UUID PRIMARY KEY,
    account_type_id UUID NOT NULL,
    code VARCHAR NOT NULL UNIQUE,
    description VARCHAR NOT NULL,
    phase_type VARCHAR NOT NULL,
    order_number INTEGER NOT NULL,
    archived_at_utc TIMESTAMP,
    version INTEGER NOT NULL
);

CREATE TABLE closing_reason (
    id UUID PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,
    description VARCHAR NOT NULL,
    order_number INTEGER NOT NULL,
    outcome VARCHAR NOT NULL,
    archived_at_utc TIMESTAMP,
    version INTEGER NOT NULL
);

-- The last four columns are derived from the others, to search and match by.
CREATE TABLE customer (
    id UUID PRIMARY KEY,
    number VARCHAR NOT NULL UNIQUE,
    name VARCHAR NOT NULL,
    account_type_id UUID NOT NULL,
    contact VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    phone VARCHAR NOT NULL,
    street VARCHAR NOT NULL,
    postal_code VARCHAR NOT NULL,
    city VARCHAR NOT NULL,
    country VARCHAR NOT NULL,
    remark VARCHAR NOT NULL,
    owner_id UUID,
    is_active BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    search_text VARCHAR NOT NULL,
    name_key VARCHAR NOT NULL,
    email_key VARCHAR NOT NULL,
    phone_key VARCHAR NOT NULL
);

-- A lead as it stands now. score is a chance in percent.
CREATE TABLE lead (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL,
    account_type_id UUID NOT NULL,
    phase_id UUID NOT NULL,
    owner_id UUID,
    title VARCHAR NOT NULL,
    score SMALLINT,
    expected_value DECIMAL(15, 2),
    recurring_value DECIMAL(15, 2),
    expected_close_date DATE,
    closing_reason_id UUID,
    opened_at_utc TIMESTAMP NOT NULL,
    phase_entered_at_utc TIMESTAMP NOT NULL,
    closed_at_utc TIMESTAMP,
    visit_number INTEGER NOT NULL,
    version INTEGER NOT NULL
);

-- What was recorded of a lead in one visit to one phase. Only the current one is updated.
CREATE TABLE phase_record (
    lead_id UUID NOT NULL,
    visit_number INTEGER NOT NULL,
    phase_id UUID NOT NULL,
    state VARCHAR NOT NULL,
    entered_at_utc TIMESTAMP NOT NULL,
    left_at_utc TIMESTAMP,
    score SMALLINT,
    expected_value DECIMAL(15, 2),
    recurring_value DECIMAL(15, 2),
    expected_close_date DATE,
    note VARCHAR NOT NULL,
    closing_reason_id UUID,
    PRIMARY KEY (lead_id, visit_number)
);

-- Every change of anything: appended, never updated or deleted. before_json and after_json
-- hold the fields that differ; customer_id is set where the change belongs on a customer card.
CREATE TABLE change_log (
    id UUID PRIMARY KEY,
    at_utc TIMESTAMP NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    entity VARCHAR NOT NULL,
    entity_id UUID NOT NULL,
    customer_id UUID,
    version INTEGER NOT NULL,
    before_json VARCHAR NOT NULL,
    after_json VARCHAR NOT NULL
);

-- The whole state of a lead after each change: appended, never updated or deleted.
-- valid_from_utc is when the state came to hold; the newest version up to a time is the lead
-- as of that time.
CREATE TABLE lead_version (
    lead_id UUID NOT NULL,
    version INTEGER NOT NULL,
    valid_from_utc TIMESTAMP NOT NULL,
    customer_id UUID NOT NULL,
    account_type_id UUID NOT NULL,
    phase_id UUID NOT NULL,
    owner_id UUID,
    title VARCHAR NOT NULL,
    score SMALLINT,
    expected_value DECIMAL(15, 2),
    recurring_value DECIMAL(15, 2),
    expected_close_date DATE,
    closing_reason_id UUID,
    opened_at_utc TIMESTAMP NOT NULL,
    phase_entered_at_utc TIMESTAMP NOT NULL,
    closed_at_utc TIMESTAMP,
    visit_number INTEGER NOT NULL,
    PRIMARY KEY (lead_id, version)
);
