-- Who may come in, whose customers and leads each role sees, and what happened at the door.

-- own, team or all; an administrator sees all.
ALTER TABLE workspace ADD COLUMN manager_sees VARCHAR DEFAULT 'all';
ALTER TABLE workspace ADD COLUMN rep_sees VARCHAR DEFAULT 'all';
ALTER TABLE workspace ADD COLUMN viewer_sees VARCHAR DEFAULT 'all';
ALTER TABLE workspace ALTER COLUMN manager_sees SET NOT NULL;
ALTER TABLE workspace ALTER COLUMN rep_sees SET NOT NULL;
ALTER TABLE workspace ALTER COLUMN viewer_sees SET NOT NULL;

-- What one signs in with, empty where nobody does; unique among people in use, whatever its case.
ALTER TABLE person ADD COLUMN email VARCHAR DEFAULT '';
ALTER TABLE person ALTER COLUMN email SET NOT NULL;

CREATE TABLE team (
    id UUID PRIMARY KEY,
    name VARCHAR NOT NULL,
    version INTEGER NOT NULL
);

-- Grain: one row a person in a team.
CREATE TABLE team_member (
    team_id UUID NOT NULL,
    person_id UUID NOT NULL,
    PRIMARY KEY (team_id, person_id)
);

-- What proves who somebody is. Never exported, never in the history.
CREATE TABLE credential (
    person_id UUID PRIMARY KEY,
    password_hash VARCHAR NOT NULL, -- argon2id, with its parameters and salt
    changed_at_utc TIMESTAMP NOT NULL
);

-- Grain: one row a browser somebody is signed in with. Never exported.
CREATE TABLE sign_in_session (
    id UUID PRIMARY KEY,
    token_hash VARCHAR NOT NULL UNIQUE, -- SHA-256, hexadecimal
    person_id UUID NOT NULL,
    way VARCHAR NOT NULL, -- password, oidc, proxy
    address VARCHAR NOT NULL,
    device VARCHAR NOT NULL, -- the browser as it names itself, cut short
    made_at_utc TIMESTAMP NOT NULL,
    seen_at_utc TIMESTAMP NOT NULL,
    ends_at_utc TIMESTAMP NOT NULL -- whatever happens
);

-- A link that lets somebody choose a password, once. Never exported.
CREATE TABLE invitation (
    id UUID PRIMARY KEY,
    person_id UUID NOT NULL,
    purpose VARCHAR NOT NULL, -- invite, reset
    token_hash VARCHAR NOT NULL UNIQUE, -- SHA-256, hexadecimal
    made_by UUID, -- null for the local administrator
    made_at_utc TIMESTAMP NOT NULL,
    ends_at_utc TIMESTAMP NOT NULL,
    used_at_utc TIMESTAMP,
    withdrawn_at_utc TIMESTAMP
);

-- Grain: one event at the door or around the data. Append only, as change_log.
CREATE TABLE audit_event (
    id UUID PRIMARY KEY,
    at_utc TIMESTAMP NOT NULL,
    action VARCHAR NOT NULL,
    actor_id UUID, -- null for the local administrator, and for who is not known
    actor_name VARCHAR NOT NULL,
    subject_id UUID, -- whom or what it was done to
    subject VARCHAR NOT NULL, -- its name at that time
    address VARCHAR NOT NULL,
    detail VARCHAR NOT NULL -- a JSON object
);

-- One row a change or an event, as the audit lists them. before_json is NULL for an event; subject is what it
-- was about, as it is called now, or was then for an event.
CREATE VIEW audit_line AS
SELECT
    logged.id,
    logged.at_utc,
    logged.actor_id,
    logged.actor_name,
    logged.action,
    logged.entity,
    coalesce(
        customer.number, person.name, account_type.code, phase.code, closing_reason.code, team.name, ''
    ) AS subject,
    '' AS address,
    logged.before_json,
    logged.after_json
FROM change_log AS logged
LEFT JOIN customer ON customer.id = logged.customer_id
LEFT JOIN person ON person.id = logged.entity_id
LEFT JOIN account_type ON account_type.id = logged.entity_id
LEFT JOIN phase ON phase.id = logged.entity_id
LEFT JOIN closing_reason ON closing_reason.id = logged.entity_id
LEFT JOIN team ON team.id = logged.entity_id
UNION ALL
SELECT id, at_utc, actor_id, actor_name, action, '' AS entity, subject, address, NULL AS before_json, detail
FROM audit_event;
