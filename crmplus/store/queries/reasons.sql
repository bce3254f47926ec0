-- name: last_phases
-- One row a closing reason and the phase in which leads closed with it stood last before that (M8),
-- and one a reason with all leads closed with it, phase_id NULL: those who are in no phase of it were
-- closed straight away.
SELECT closing_reason_id, phase_id, count(*) AS lead_count
FROM lead_stay
WHERE is_last_before_closing
  AND closed_at_utc IS NOT NULL
  AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND ($from_utc IS NULL OR closed_at_utc >= $from_utc)
  AND ($before_utc IS NULL OR closed_at_utc < $before_utc)
GROUP BY closing_reason_id, phase_id
UNION ALL
SELECT closing_reason_id, NULL, count(*)
FROM lead
WHERE closed_at_utc IS NOT NULL
  AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND ($from_utc IS NULL OR closed_at_utc >= $from_utc)
  AND ($before_utc IS NULL OR closed_at_utc < $before_utc)
GROUP BY closing_reason_id;

-- name: closed_leads
-- One row a lead that is closed now, highest expected value first: those behind M4, M5, M8 and won
-- value. amount is its expected value in the workspace's currency, moment when it was closed, total
-- how many there are in all. $outcome is won, lost, neither, or decided for won and lost.
WITH counted AS (
    SELECT lead.id, lead.expected_value, lead.closed_at_utc
    FROM lead
    JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
    WHERE lead.closed_at_utc IS NOT NULL
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
      AND ($from_utc IS NULL OR lead.closed_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR lead.closed_at_utc < $before_utc)
      AND (
          $outcome IS NULL
          OR closing_reason.outcome = $outcome
          OR ($outcome = 'decided' AND closing_reason.outcome <> 'neither')
      )
      AND ($reason_id IS NULL OR lead.closing_reason_id = $reason_id)
      AND ($of_owner_id IS NULL OR lead.owner_id = $of_owner_id)
      AND (NOT $is_of_nobody OR lead.owner_id IS NULL)
      AND (NOT $has_value OR lead.expected_value IS NOT NULL)
      AND (
          $phase_id IS NULL
          OR lead.id IN (
              SELECT lead_id FROM lead_stay WHERE is_last_before_closing AND phase_id = $phase_id
          )
      )
      AND (
          NOT $is_straight_away
          OR lead.id NOT IN (SELECT lead_id FROM lead_stay WHERE is_last_before_closing)
      )
)
SELECT
    id AS lead_id,
    expected_value AS amount,
    closed_at_utc AS moment,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY expected_value DESC NULLS LAST, id
LIMIT $limit OFFSET $offset;

-- name: open_lead_count
-- One row: how many leads are open now (M6).
SELECT count(*) AS lead_count
FROM lead
WHERE closed_at_utc IS NULL
  AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id);

-- name: open_leads
-- One row a lead that is open now, highest expected value first: those that M6 counts. amount is its
-- expected value in the workspace's currency, moment when it was opened, total how many there are.
WITH counted AS (
    SELECT id, expected_value, opened_at_utc
    FROM lead
    WHERE closed_at_utc IS NULL
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
)
SELECT
    id AS lead_id,
    expected_value AS amount,
    opened_at_utc AS moment,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY expected_value DESC NULLS LAST, id
LIMIT $limit OFFSET $offset;
