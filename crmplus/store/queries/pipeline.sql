-- name: pipeline_by_phase
-- One row a phase in which open leads stand (M1). Amounts in the workspace's currency, recurring
-- ones per period; value x score is summed in whole cents x percent, which stays exact, and
-- divided by 100 by the reader. *_missing count leads with nothing recorded.
SELECT
    phase_id,
    count(*) AS lead_count,
    coalesce(sum(expected_value), 0) AS expected_value,
    coalesce(sum(expected_value * CAST(score AS DECIMAL(3, 0))), 0) AS expected_times_score,
    coalesce(sum(recurring_value), 0) AS recurring_value,
    coalesce(sum(recurring_value * CAST(score AS DECIMAL(3, 0))), 0) AS recurring_times_score,
    count(*) - count(score) AS score_missing,
    count(*) - count(expected_value) AS expected_missing,
    count(*) - count(recurring_value) AS recurring_missing
FROM lead
WHERE closed_at_utc IS NULL
  AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND (NOT $of_nobody OR owner_id IS NULL)
  AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
  AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
GROUP BY phase_id;

-- name: pipeline_parts
-- One row an account type and an owner, NULL for nobody, who have open leads. Columns as those of
-- pipeline_by_phase. Of all account types: the reader keeps the one that is chosen.
SELECT
    account_type_id,
    owner_id,
    count(*) AS lead_count,
    coalesce(sum(expected_value), 0) AS expected_value,
    coalesce(sum(expected_value * CAST(score AS DECIMAL(3, 0))), 0) AS expected_times_score,
    coalesce(sum(recurring_value), 0) AS recurring_value,
    coalesce(sum(recurring_value * CAST(score AS DECIMAL(3, 0))), 0) AS recurring_times_score,
    count(*) - count(score) AS score_missing,
    count(*) - count(expected_value) AS expected_missing,
    count(*) - count(recurring_value) AS recurring_missing
FROM lead
WHERE closed_at_utc IS NULL
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND (NOT $of_nobody OR owner_id IS NULL)
  AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
  AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
GROUP BY account_type_id, owner_id;

-- name: pipeline_leads
-- One row an open lead that M1 counts, in one phase or in all, heaviest first; amount is its
-- weighted value in the workspace's currency. total is how many there are in all; no
-- count(*) OVER (), see customer_list.
WITH counted AS (
    SELECT
        id AS lead_id,
        coalesce(expected_value * CAST(score AS DECIMAL(3, 0)) * 0.01, 0) AS amount
    FROM lead
    WHERE closed_at_utc IS NULL
      AND ($phase_id IS NULL OR phase_id = $phase_id)
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND (NOT $of_nobody OR owner_id IS NULL)
      AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
      AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
)
SELECT
    lead_id,
    amount,
    CAST(NULL AS TIMESTAMP) AS moment,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY amount DESC, lead_id
LIMIT $limit OFFSET $offset;
