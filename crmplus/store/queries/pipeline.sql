-- name: pipeline_by_phase
-- One row a phase of a funnel in which open leads stand (M1). Amounts in the workspace's
-- currency, recurring ones per period; value x score is summed in whole cents x percent, which
-- stays exact, and divided by 100 by the reader. *_missing count leads with nothing recorded.
SELECT
    phase_id,
    count(*) AS lead_count,
    coalesce(sum(expected_value), 0) AS expected_value,
    coalesce(sum(expected_value * CAST(score AS DECIMAL(3, 0))), 0) AS expected_times_score,
    coalesce(sum(recurring_value), 0) AS recurring_value,
    coalesce(sum(recurring_value * CAST(score AS DECIMAL(3, 0))), 0) AS recurring_times_score,
    count(*) - count(score) AS score_missing,
    count(*) - count(expected_value) AS expected_missing
FROM lead
WHERE closed_at_utc IS NULL
  AND account_type_id = $account_type_id
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
  AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
GROUP BY phase_id;

-- name: pipeline_leads
-- One row an open lead that stands in a phase, heaviest first: those that M1 counts there.
-- total is how many there are in all.
WITH counted AS (
    SELECT
        lead.*,
        coalesce(expected_value, 0) * CAST(coalesce(score, 0) AS DECIMAL(3, 0)) AS expected_times_score,
        count(*) OVER () AS total
    FROM lead
    WHERE closed_at_utc IS NULL
      AND account_type_id = $account_type_id
      AND phase_id = $phase_id
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
      AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
    ORDER BY expected_times_score DESC, id
    LIMIT $limit OFFSET $offset
)
SELECT
    customer.id AS customer_id,
    customer.number,
    customer.name AS customer,
    counted.title,
    coalesce(person.name, '') AS owner,
    counted.score,
    counted.expected_value,
    counted.expected_times_score,
    counted.recurring_value,
    counted.expected_close_date,
    counted.phase_entered_at_utc,
    counted.id AS lead_id,
    counted.total
FROM counted
JOIN customer ON customer.id = counted.customer_id
LEFT JOIN person ON person.id = counted.owner_id
ORDER BY counted.expected_times_score DESC, counted.id;
