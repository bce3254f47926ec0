-- name: teammates
-- One row a person who is in a team that $person_id is in.
SELECT DISTINCT other.person_id
FROM team_member AS own
JOIN team_member AS other ON other.team_id = own.team_id
WHERE own.person_id = $person_id;

-- name: team_members
-- One row a member of the team $team_id, in the order of their keys.
SELECT person_id FROM team_member WHERE team_id = $team_id ORDER BY person_id;

-- name: delete_members
-- One row: how many of $person_ids left the team $team_id by this.
DELETE FROM team_member
WHERE team_id = $team_id
    AND person_id IN (SELECT unnest(CAST($person_ids AS UUID[])));

-- name: seen_counts
-- One row: how many customers and open leads the reader sees.
SELECT
    (SELECT count(*) FROM customer) AS customer_count,
    (SELECT count(*) FROM lead WHERE closed_at_utc IS NULL) AS open_lead_count;

-- name: open_steps_of
-- One row: how many next steps are still to be done of the open leads of $owner_id.
SELECT count(*) AS step_count
FROM next_step
JOIN lead ON lead.id = next_step.lead_id
WHERE lead.owner_id = $owner_id AND lead.closed_at_utc IS NULL AND next_step.done_at_utc IS NULL;
