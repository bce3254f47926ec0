-- name: closings
-- One row a closing reason and an owner, one a reason and a month of closing, one a reason and a
-- length of the cycle, over the leads closed now (M4, M5, M8, won value); `grain` says which.
-- Months are named by their first day. Amounts in the workspace's currency, recurring ones per period;
-- days are whole ones of the calendar in its time zone. Sums only, which are exact and add up.
-- The zone is asked once a day, not once a lead, which takes a tenth of the time: of each day in UTC
-- the calendar says which day it was here at its beginning, and from when on it was the next. On
-- days on which the clock was changed, quarters of an hour are tried for that, those of the day after
-- too: the next day can begin later than the one in UTC ends. Each lead finds both of its days; the
-- joins are outer ones so that the few days are looked up for the leads, never the other way round.
WITH closed AS (
    SELECT
        owner_id,
        expected_value,
        recurring_value,
        closing_reason_id,
        opened_at_utc,
        closed_at_utc,
        CAST(opened_at_utc AS DATE) AS opened_day,
        CAST(closed_at_utc AS DATE) AS closed_day
    FROM lead
    WHERE closed_at_utc IS NOT NULL
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND ($from_utc IS NULL OR closed_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR closed_at_utc < $before_utc)
),
bounds AS (
    SELECT
        CAST(CAST(least(min(opened_at_utc), min(closed_at_utc)) AS DATE) AS TIMESTAMP) AS first_utc,
        greatest(max(opened_at_utc), max(closed_at_utc)) AS last_utc
    FROM lead
    WHERE closed_at_utc IS NOT NULL
),
utc_day AS (
    SELECT CAST(starts_at AS DATE) AS utc_day
    FROM bounds
    CROSS JOIN generate_series(first_utc, last_utc, INTERVAL '24 hours') AS days(starts_at)
),
clock AS (
    SELECT
        utc_day,
        (CAST(utc_day AS TIMESTAMP) AT TIME ZONE 'UTC') AT TIME ZONE $zone AS begins,
        (CAST(utc_day + 1 AS TIMESTAMP) AT TIME ZONE 'UTC') AT TIME ZONE $zone AS ends
    FROM utc_day
),
turn AS (
    SELECT
        utc_day,
        begins,
        CAST(utc_day AS TIMESTAMP) + (CAST(CAST(begins AS DATE) + 1 AS TIMESTAMP) - begins) AS turns_at_utc
    FROM clock
    WHERE ends - begins = INTERVAL '24 hours'
    UNION ALL
    SELECT utc_day, begins, min(quarter)
    FROM clock
    CROSS JOIN generate_series(
        CAST(utc_day AS TIMESTAMP), CAST(utc_day + 2 AS TIMESTAMP), INTERVAL '15 minutes'
    ) AS quarters(quarter)
    WHERE ends - begins <> INTERVAL '24 hours'
      AND CAST((quarter AT TIME ZONE 'UTC') AT TIME ZONE $zone AS DATE) > CAST(begins AS DATE)
    GROUP BY utc_day, begins
),
calendar AS (
    SELECT
        utc_day,
        turns_at_utc,
        CAST(begins AS DATE) AS day_before,
        CAST((turns_at_utc AT TIME ZONE 'UTC') AT TIME ZONE $zone AS DATE) AS day_after
    FROM turn
),
month_calendar AS (
    SELECT
        calendar.*,
        CAST(date_trunc('month', day_before) AS DATE) AS month_before,
        CAST(date_trunc('month', day_after) AS DATE) AS month_after
    FROM calendar
),
dated AS (
    SELECT
        closed.owner_id,
        closed.expected_value,
        closed.recurring_value,
        closed.closing_reason_id,
        CASE WHEN closed.closed_at_utc < ending.turns_at_utc THEN ending.month_before ELSE ending.month_after END
            AS closed_month,
        CASE WHEN closed.closed_at_utc < ending.turns_at_utc THEN ending.day_before ELSE ending.day_after END
            - CASE
                WHEN closed.opened_at_utc < beginning.turns_at_utc THEN beginning.day_before
                ELSE beginning.day_after
            END AS cycle_days
    FROM closed
    LEFT JOIN month_calendar AS ending ON ending.utc_day = closed.closed_day
    LEFT JOIN calendar AS beginning ON beginning.utc_day = closed.opened_day
),
summed AS (
    SELECT
        CASE
            WHEN GROUPING(owner_id) = 0 THEN 'owner'
            WHEN GROUPING(closed_month) = 0 THEN 'month'
            ELSE 'cycle'
        END AS grain,
        closing_reason_id,
        owner_id,
        closed_month,
        cycle_days,
        count(*) AS lead_count,
        coalesce(sum(expected_value), 0) AS value,
        count(*) - count(expected_value) AS value_missing,
        coalesce(sum(recurring_value), 0) AS recurring_value,
        sum(cycle_days) AS days
    FROM dated
    GROUP BY GROUPING SETS (
        (closing_reason_id, owner_id),
        (closing_reason_id, closed_month),
        (closing_reason_id, cycle_days)
    )
)
SELECT summed.*, closing_reason.outcome
FROM summed
JOIN closing_reason ON closing_reason.id = summed.closing_reason_id;

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
  AND ($from_utc IS NULL OR lead.closed_at_utc >= $from_utc)
  AND ($before_utc IS NULL OR lead.closed_at_utc < $before_utc);
