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
    count(*) - count(expected_value) AS expected_missing,
    count(*) - count(recurring_value) AS recurring_missing
FROM lead
WHERE closed_at_utc IS NULL
  AND account_type_id = $account_type_id
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
  AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
GROUP BY phase_id;

-- name: pipeline_leads
-- One row an open lead that stands in a phase, heaviest first: those that M1 counts there.
-- total is how many there are in all; no count(*) OVER (), see customer_list.
WITH counted AS (
    SELECT
        id,
        coalesce(expected_value, 0) * CAST(coalesce(score, 0) AS DECIMAL(3, 0)) AS expected_times_score
    FROM lead
    WHERE closed_at_utc IS NULL
      AND account_type_id = $account_type_id
      AND phase_id = $phase_id
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
      AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
),
page AS (
    SELECT id, expected_times_score, (SELECT count(*) FROM counted) AS total
    FROM counted
    ORDER BY expected_times_score DESC, id
    LIMIT $limit OFFSET $offset
)
SELECT
    customer.id AS customer_id,
    customer.number,
    customer.name AS customer,
    lead.title,
    coalesce(person.name, '') AS owner,
    lead.score,
    lead.expected_value,
    page.expected_times_score,
    lead.recurring_value,
    lead.expected_close_date,
    lead.phase_entered_at_utc,
    page.id AS lead_id,
    page.total
FROM page
JOIN lead ON lead.id = page.id
JOIN customer ON customer.id = lead.customer_id
LEFT JOIN person ON person.id = lead.owner_id
ORDER BY page.expected_times_score DESC, page.id;
