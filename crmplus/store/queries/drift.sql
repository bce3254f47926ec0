-- name: drift
-- One row a phase and an outcome, won or lost, over the leads closed now that were ever in the phase
-- (M9, drift): what was recorded in their last visit to it, as sums of scores, of their squares and of
-- expected values in the workspace's currency, each with how many leads it rests on.
SELECT
    lead_stay.phase_id,
    closing_reason.outcome,
    count(lead_stay.score) AS score_count,
    coalesce(sum(lead_stay.score), 0) AS score_sum,
    coalesce(sum(lead_stay.score * lead_stay.score), 0) AS square_sum,
    count(lead_stay.expected_value) AS value_count,
    coalesce(sum(lead_stay.expected_value), 0) AS value_sum
FROM lead_stay
JOIN closing_reason ON closing_reason.id = lead_stay.closing_reason_id
WHERE lead_stay.closed_at_utc IS NOT NULL
  AND closing_reason.outcome IN ('won', 'lost')
  AND lead_stay.account_type_id = $account_type_id
  AND ($owner_id IS NULL OR lead_stay.owner_id = $owner_id)
  AND ($from_utc IS NULL OR lead_stay.closed_at_utc >= $from_utc)
  AND ($before_utc IS NULL OR lead_stay.closed_at_utc < $before_utc)
GROUP BY lead_stay.phase_id, closing_reason.outcome;

-- name: leads_valued_in_phase
-- One row a lead that has an expected value in drift, in one phase and with one outcome, the one closed
-- last first; amount is that value. Those with a score are leads_scored of calibration.sql.
WITH counted AS (
    SELECT lead_stay.lead_id AS lead_id, lead_stay.expected_value AS amount, lead_stay.closed_at_utc AS moment
    FROM lead_stay
    JOIN closing_reason ON closing_reason.id = lead_stay.closing_reason_id
    WHERE lead_stay.closed_at_utc IS NOT NULL
      AND lead_stay.phase_id = $phase_id
      AND lead_stay.expected_value IS NOT NULL
      AND closing_reason.outcome IN ('won', 'lost')
      AND (closing_reason.outcome = 'won') = $is_won
      AND lead_stay.account_type_id = $account_type_id
      AND ($owner_id IS NULL OR lead_stay.owner_id = $owner_id)
      AND ($from_utc IS NULL OR lead_stay.closed_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR lead_stay.closed_at_utc < $before_utc)
)
SELECT lead_id, amount, moment, (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY moment DESC, lead_id
LIMIT $limit OFFSET $offset;
