-- name: pipeline_by_phase_at
-- One row a moment of a list and a phase in which leads stood open just before it (M10). Columns as
-- those of pipeline_by_phase, of the states that held then. The midnight after a day gives that
-- day's end; one scan serves all moments. What held at none of them is said to lie outside the first
-- and the last too, which keeps it from being compared with each: that halves the time.
WITH point AS (
    SELECT unnest(CAST($moments AS TIMESTAMP[])) AS moment
)
SELECT
    point.moment,
    lead_span.phase_id,
    count(*) AS lead_count,
    coalesce(sum(expected_value), 0) AS expected_value,
    coalesce(sum(expected_value * CAST(score AS DECIMAL(3, 0))), 0) AS expected_times_score,
    coalesce(sum(recurring_value), 0) AS recurring_value,
    coalesce(sum(recurring_value * CAST(score AS DECIMAL(3, 0))), 0) AS recurring_times_score,
    count(*) - count(score) AS score_missing,
    count(*) - count(expected_value) AS expected_missing,
    count(*) - count(recurring_value) AS recurring_missing
FROM lead_span
JOIN point ON lead_span.valid_from_utc < point.moment AND lead_span.valid_to_utc >= point.moment
WHERE is_open
  AND valid_from_utc < $last_moment
  AND valid_to_utc >= $first_moment
  AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND (NOT $of_nobody OR owner_id IS NULL)
  AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
  AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
GROUP BY point.moment, lead_span.phase_id;

-- name: pipeline_parts_at
-- One row an account type and an owner, NULL for nobody, who had open leads just before a moment:
-- pipeline_parts of the states that held then.
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
FROM lead_span
WHERE is_open
  AND valid_from_utc < $moment
  AND valid_to_utc >= $moment
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND (NOT $of_nobody OR owner_id IS NULL)
  AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
  AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
GROUP BY account_type_id, owner_id;

-- name: pipeline_leads_at
-- One row a lead that stood open just before a moment, as it was then: pipeline_leads of the states
-- that held. moment is the last second before it.
WITH counted AS (
    SELECT
        lead_id,
        coalesce(expected_value * CAST(score AS DECIMAL(3, 0)) * 0.01, 0) AS amount,
        phase_id,
        owner_id,
        score,
        expected_value,
        recurring_value,
        expected_close_date,
        phase_entered_at_utc
    FROM lead_span
    WHERE is_open
      AND valid_from_utc < $moment
      AND valid_to_utc >= $moment
      AND ($phase_id IS NULL OR phase_id = $phase_id)
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND (NOT $of_nobody OR owner_id IS NULL)
      AND ($opened_from_utc IS NULL OR opened_at_utc >= $opened_from_utc)
      AND ($opened_before_utc IS NULL OR opened_at_utc < $opened_before_utc)
),
page AS (
    SELECT *, (SELECT count(*) FROM counted) AS total
    FROM counted
    ORDER BY amount DESC, lead_id
    LIMIT $limit OFFSET $offset
)
SELECT
    page.lead_id,
    page.amount,
    CAST($moment AS TIMESTAMP) - INTERVAL '1 second' AS moment,
    page.total,
    phase.description AS phase,
    coalesce(person.name, '') AS owner,
    page.score,
    page.expected_value,
    page.recurring_value,
    page.expected_close_date,
    page.phase_entered_at_utc
FROM page
JOIN phase ON phase.id = page.phase_id
LEFT JOIN person ON person.id = page.owner_id
ORDER BY page.amount DESC, page.lead_id;
