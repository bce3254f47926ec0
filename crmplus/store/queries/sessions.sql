-- name: session_of_token
-- One row a session of this token, of which there is one or none, of somebody in use; times in UTC.
SELECT sign_in_session.*
FROM sign_in_session
JOIN person ON person.id = sign_in_session.person_id
WHERE sign_in_session.token_hash = $token_hash AND person.archived_at_utc IS NULL;

-- name: see_session
-- One row: 1 where the session was there to be seen at $at.
UPDATE sign_in_session SET seen_at_utc = $at WHERE id = $id AND seen_at_utc < $at;

-- name: end_sessions
-- One row: how many sessions of $person_id were ended, all but $but.
DELETE FROM sign_in_session WHERE person_id = $person_id AND ($but IS NULL OR id <> $but);

-- name: forget_ended_sessions
-- One row: how many sessions that ended before $at, or were last seen before $idle_since, were deleted.
DELETE FROM sign_in_session WHERE ends_at_utc <= $at OR seen_at_utc <= $idle_since;

-- name: password_hash_of
-- One row a person in use with this e-mail address, whatever its case: the address as they write it, and the
-- hash of their password, NULL without one.
SELECT person.id AS person_id, person.email, credential.password_hash
FROM person
LEFT JOIN credential ON credential.person_id = person.id
WHERE person.email <> '' AND lower(person.email) = lower($email) AND person.archived_at_utc IS NULL;

-- name: write_password
-- One row: 1 where the hash of a password took the place of another.
UPDATE credential SET password_hash = $password_hash, changed_at_utc = $at WHERE person_id = $person_id;

-- name: has_password
-- One row: whether anybody in use has a password.
SELECT count(*) > 0 AS has_password
FROM credential
JOIN person ON person.id = credential.person_id
WHERE person.archived_at_utc IS NULL;
