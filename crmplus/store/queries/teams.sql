-- name: teammates
-- One row a person who is in a team that $person_id is in.
SELECT DISTINCT other.person_id
FROM team_member AS own
JOIN team_member AS other ON other.team_id = own.team_id
WHERE own.person_id = $person_id;
