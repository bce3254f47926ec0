-- name: time_in_phase
-- One row a phase: how long the leads were in it that left it for good so far, the last time within
-- a period (M3). Seconds elapsed, all visits of a lead added up. The median of an even number is the
-- mean of the two in the middle, which DOUBLE holds exactly: seconds are whole numbers far below
-- 2^53. The 90th percentile is the smallest that at least nine in ten do not exceed.
SELECT
    phase_id,
    count(*) AS lead_count,
    count(*) FILTER (WHERE visit_count > 1) AS again_count,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_spent) AS median_seconds,
    percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds_spent) AS ninetieth_seconds
FROM lead_stay
WHERE left_at_utc IS NOT NULL
  AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND ($from_utc IS NULL OR left_at_utc >= $from_utc)
  AND ($before_utc IS NULL OR left_at_utc < $before_utc)
GROUP BY phase_id;

-- name: time_in_phase_by_month
-- One row a month in which a lead left one phase for good so far, by the moment the month begins at:
-- the median of the leads that did (M3), in seconds as above. $begin_utc are such moments, each
-- month ending where $end_utc, in the same order, says.
WITH month AS (
    SELECT
        unnest(CAST($begin_utc AS TIMESTAMP[])) AS begins_at_utc,
        unnest(CAST($end_utc AS TIMESTAMP[])) AS ends_at_utc
)
SELECT
    month.begins_at_utc,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_stay.seconds_spent) AS median_seconds
FROM lead_stay
JOIN month ON lead_stay.left_at_utc >= month.begins_at_utc AND lead_stay.left_at_utc < month.ends_at_utc
WHERE lead_stay.phase_id = $phase_id
  AND ($account_type_id IS NULL OR lead_stay.account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR lead_stay.owner_id = $owner_id)
  AND lead_stay.left_at_utc >= $from_utc
  AND lead_stay.left_at_utc < $before_utc
GROUP BY month.begins_at_utc;

-- name: leads_that_left
-- One row a lead that time_in_phase counts in one phase, the longest first; with $only_again those
-- that were in it more than once. amount is seconds, moment when it left last.
WITH counted AS (
    SELECT lead_id, CAST(seconds_spent AS DECIMAL(18, 0)) AS amount, left_at_utc AS moment
    FROM lead_stay
    WHERE left_at_utc IS NOT NULL
      AND phase_id = $phase_id
      AND (NOT $only_again OR visit_count > 1)
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND ($from_utc IS NULL OR left_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR left_at_utc < $before_utc)
)
SELECT lead_id, amount, moment, (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY amount DESC, lead_id
LIMIT $limit OFFSET $offset;

-- name: ages_of_open_leads
-- One row a phase in which open leads stand: when they came into it, the two in the middle (of an odd
-- number both are the one), the first; and those beyond the phase's limit. $limited_ids are the phases
-- that have one, $entered_before_utc, in the same order, the moments before which a lead came in that
-- is beyond it. Amounts in the workspace's currency, recurring ones per period; value x score in cents
-- x percent.
WITH bound AS (
    SELECT
        unnest(CAST($limited_ids AS UUID[])) AS phase_id,
        unnest(CAST($entered_before_utc AS TIMESTAMP[])) AS entered_before_utc
),
standing AS (
    SELECT lead.*, lead.phase_entered_at_utc < bound.entered_before_utc AS is_ageing
    FROM lead
    LEFT JOIN bound ON bound.phase_id = lead.phase_id
    WHERE lead.closed_at_utc IS NULL
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
)
SELECT
    phase_id,
    count(*) AS open_count,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY phase_entered_at_utc) AS earlier_middle_utc,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY phase_entered_at_utc DESC) AS later_middle_utc,
    min(phase_entered_at_utc) AS first_utc,
    count(*) FILTER (WHERE is_ageing) AS ageing_count,
    coalesce(sum(expected_value * CAST(score AS DECIMAL(3, 0))) FILTER (WHERE is_ageing), 0)
        AS expected_times_score,
    coalesce(sum(recurring_value * CAST(score AS DECIMAL(3, 0))) FILTER (WHERE is_ageing), 0)
        AS recurring_times_score,
    count(*) FILTER (WHERE is_ageing AND (score IS NULL OR expected_value IS NULL)) AS weightless_count
FROM standing
GROUP BY phase_id;

-- name: open_leads_by_age
-- One row an open lead that ages_of_open_leads counts, the one longest in its phase first: of one
-- phase where $phase_id is given, with $only_ageing those beyond their phase's limit. moment is when
-- it came into its phase; amount is that phase's limit in days, NULL without one.
WITH bound AS (
    SELECT
        unnest(CAST($limited_ids AS UUID[])) AS phase_id,
        unnest(CAST($entered_before_utc AS TIMESTAMP[])) AS entered_before_utc
),
counted AS (
    SELECT
        lead.id AS lead_id,
        CAST(phase.limit_days AS DECIMAL(18, 0)) AS amount,
        lead.phase_entered_at_utc AS moment
    FROM lead
    JOIN phase ON phase.id = lead.phase_id
    LEFT JOIN bound ON bound.phase_id = lead.phase_id
    WHERE lead.closed_at_utc IS NULL
      AND ($phase_id IS NULL OR lead.phase_id = $phase_id)
      AND (NOT $only_ageing OR lead.phase_entered_at_utc < bound.entered_before_utc)
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
)
SELECT lead_id, amount, moment, (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY moment, lead_id
LIMIT $limit OFFSET $offset;
