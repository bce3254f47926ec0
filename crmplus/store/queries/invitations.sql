-- name: withdraw_invitations
-- One row: how many links of $person_id, neither used nor withdrawn before, were withdrawn at $at.
UPDATE invitation
SET withdrawn_at_utc = $at
WHERE person_id = $person_id AND used_at_utc IS NULL AND withdrawn_at_utc IS NULL AND ends_at_utc > $at;

-- name: use_invitation
-- One row: 1 where the link $id was used at $at, 0 where somebody used it before.
UPDATE invitation SET used_at_utc = $at WHERE id = $id AND used_at_utc IS NULL;

-- name: people_at_the_door
-- One row a person: whether they have a password and an e-mail address, the link they were given that is open
-- at $at if any, and when they were last heard of, in UTC.
WITH open_link AS (
    SELECT person_id, purpose, ends_at_utc
    FROM invitation
    WHERE used_at_utc IS NULL AND withdrawn_at_utc IS NULL AND ends_at_utc > $at
),
last_link AS (
    SELECT person_id, max(purpose) AS purpose, max(ends_at_utc) AS ends_at_utc
    FROM open_link
    GROUP BY person_id
),
heard AS (
    SELECT person_id, seen_at_utc AS at_utc FROM sign_in_session
    UNION ALL
    SELECT actor_id, at_utc FROM audit_event WHERE action IN ('signed_in', 'signed_out')
),
last_heard AS (
    SELECT person_id, max(at_utc) AS seen_at_utc FROM heard GROUP BY person_id
)
SELECT
    person.id AS person_id,
    credential.person_id IS NOT NULL AS has_password,
    person.email <> '' AS has_address,
    last_link.purpose,
    last_link.ends_at_utc AS link_ends_at_utc,
    last_heard.seen_at_utc
FROM person
LEFT JOIN credential ON credential.person_id = person.id
LEFT JOIN last_link ON last_link.person_id = person.id
LEFT JOIN last_heard ON last_heard.person_id = person.id;

-- name: people_with_a_password
-- One row a person who has a password.
SELECT person_id FROM credential;

-- name: acted_at_the_door
-- One row: whether this person has a password, or ever did what the audit tells of.
SELECT
    EXISTS (SELECT 1 FROM credential WHERE person_id = $person_id)
    OR EXISTS (SELECT 1 FROM audit_event WHERE actor_id = $person_id) AS has_acted;

-- name: delete_invitations
-- One row: how many links of $person_id were deleted.
DELETE FROM invitation WHERE person_id = $person_id;

-- name: delete_credential
-- One row: how many passwords of $person_id were deleted.
DELETE FROM credential WHERE person_id = $person_id;
