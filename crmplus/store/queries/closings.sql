-- name: closings
-- One row an outcome and an owner, one an outcome and a month of closing, one an outcome and a
-- length of the cycle, over the leads closed now (M4, M5, won value); `grain` says which. Months
-- are named by their first day. Amounts in the workspace's currency, recurring ones per period;
-- days are whole ones of the calendar in its time zone. Sums only, which are exact and add up.
-- The zone is asked once a quarter of an hour, not once a lead, which takes a fifth of the time:
-- clocks go forward and back on whole quarters.
WITH closed AS (
    SELECT
        lead.owner_id,
        lead.expected_value,
        lead.recurring_value,
        closing_reason.outcome,
        CAST(floor(extract(epoch FROM lead.closed_at_utc) / 900) AS BIGINT) AS closed_quarter,
        CAST(floor(extract(epoch FROM lead.opened_at_utc) / 900) AS BIGINT) AS opened_quarter
    FROM lead
    JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
    WHERE lead.closed_at_utc IS NOT NULL
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
      AND ($closed_from_utc IS NULL OR lead.closed_at_utc >= $closed_from_utc)
      AND ($closed_before_utc IS NULL OR lead.closed_at_utc < $closed_before_utc)
),
quarter AS (
    SELECT closed_quarter AS number FROM closed
    UNION
    SELECT opened_quarter FROM closed
),
calendar AS (
    SELECT
        number,
        CAST(
            ((TIMESTAMP '1970-01-01 00:00:00' + number * INTERVAL '15 minutes') AT TIME ZONE 'UTC')
            AT TIME ZONE $zone AS DATE
        ) AS day
    FROM quarter
),
dated AS (
    SELECT
        closed.owner_id,
        closed.expected_value,
        closed.recurring_value,
        closed.outcome,
        CAST(date_trunc('month', ending.day) AS DATE) AS closed_month,
        ending.day - beginning.day AS cycle_days
    FROM closed
    JOIN calendar AS ending ON ending.number = closed.closed_quarter
    JOIN calendar AS beginning ON beginning.number = closed.opened_quarter
)
SELECT
    CASE
        WHEN GROUPING(owner_id) = 0 THEN 'owner'
        WHEN GROUPING(closed_month) = 0 THEN 'month'
        ELSE 'cycle'
    END AS grain,
    outcome,
    owner_id,
    closed_month,
    cycle_days,
    count(*) AS lead_count,
    coalesce(sum(expected_value), 0) AS value,
    count(*) - count(expected_value) AS value_missing,
    coalesce(sum(recurring_value), 0) AS recurring_value,
    sum(cycle_days) AS days
FROM dated
GROUP BY GROUPING SETS ((outcome, owner_id), (outcome, closed_month), (outcome, cycle_days));

-- name: won_value_middle
-- One row: the two middle values of the leads won, in the workspace's currency, NULL where none
-- has a value. Of an odd number both are the one in the middle; their mean is the median, and
-- exact, which percentile_cont is not.
SELECT
    percentile_disc(0.5) WITHIN GROUP (ORDER BY lead.expected_value) AS lower_middle,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY lead.expected_value DESC) AS upper_middle
FROM lead
JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
WHERE lead.closed_at_utc IS NOT NULL
  AND closing_reason.outcome = 'won'
  AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
  AND ($closed_from_utc IS NULL OR lead.closed_at_utc >= $closed_from_utc)
  AND ($closed_before_utc IS NULL OR lead.closed_at_utc < $closed_before_utc);
