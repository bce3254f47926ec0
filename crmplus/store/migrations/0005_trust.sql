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
