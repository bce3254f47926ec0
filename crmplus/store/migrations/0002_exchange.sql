-- What imports leave behind: how a file was read, which rows it made or changed, and by which
-- keys other systems know our rows.

-- What the user decided about a file, kept by name; content_json is an import mapping.
CREATE TABLE import_mapping (
    id UUID PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,
    content_json VARCHAR NOT NULL,
    version INTEGER NOT NULL
);

-- One import of one file. Counts are those that the check promised and the import kept.
CREATE TABLE import_run (
    id UUID PRIMARY KEY,
    at_utc TIMESTAMP NOT NULL,
    actor_name VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    row_count INTEGER NOT NULL,
    refused_count INTEGER NOT NULL,
    customers_made INTEGER NOT NULL,
    customers_changed INTEGER NOT NULL,
    leads_made INTEGER NOT NULL,
    leads_changed INTEGER NOT NULL,
    settings_made INTEGER NOT NULL,
    undone_at_utc TIMESTAMP,
    version INTEGER NOT NULL
);

-- One row that an import made (before_json empty) or changed, and the version it gave it.
CREATE TABLE import_row (
    import_id UUID NOT NULL,
    entity VARCHAR NOT NULL,
    entity_id UUID NOT NULL,
    version INTEGER NOT NULL,
    before_json VARCHAR NOT NULL
);

-- By which key a file knows a row of ours, and a fingerprint of what the file last said of it:
-- while it says the same, importing it again changes nothing.
CREATE TABLE import_key (
    entity VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    entity_id UUID NOT NULL,
    import_id UUID NOT NULL,
    fingerprint VARCHAR NOT NULL,
    PRIMARY KEY (entity, source, key)
);
