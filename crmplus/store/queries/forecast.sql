-- name: forecast_open
-- One row a month of expected close, and one an owner, of open leads (M7); `grain` says which. Months
-- are named by their first day, from $this_month on; of leads with an earlier date, and of those
-- without one, it is NULL, and is_undated tells them apart. Owners, NULL for nobody, with the leads
-- expected from $first_day to $last_day. Amounts in the workspace's currency, one-off or, with
-- $is_recurring, per period; value x score in cents x percent; variance_part, of leads that come at
-- their whole value or not at all, in currency squared x percent squared; widened first, since
-- the engine's narrow decimals would overflow from some 200,000 on.
WITH open_lead AS (
    SELECT
        owner_id,
        CASE
            WHEN expected_close_date >= $this_month
                THEN CAST(date_trunc('month', expected_close_date) AS DATE)
        END AS month,
        expected_close_date IS NULL AS is_undated,
        coalesce(
            expected_close_date >= $first_day AND ($last_day IS NULL OR expected_close_date <= $last_day),
            false
        ) AS is_inside,
        expected_close_date < $today AS is_past_due,
        CASE WHEN $is_recurring THEN recurring_value ELSE expected_value END AS value,
        CAST(score AS DECIMAL(3, 0)) AS score
    FROM lead
    WHERE closed_at_utc IS NULL
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
)
SELECT
    CASE WHEN GROUPING(month) = 0 THEN 'month' ELSE 'owner' END AS grain,
    month,
    is_undated,
    owner_id,
    is_inside,
    count(*) AS lead_count,
    coalesce(sum(value), 0) AS value,
    coalesce(sum(value * score), 0) AS value_times_score,
    coalesce(sum(CAST(value AS DECIMAL(19, 2)) * value * (score * (100 - score))), 0) AS variance_part,
    count(*) - count(value) AS value_missing,
    count(*) - count(score) AS score_missing,
    count(*) FILTER (WHERE is_past_due) AS past_due_count
FROM open_lead
GROUP BY GROUPING SETS ((month, is_undated), (owner_id, is_inside));

-- name: forecast_heaviest
-- One row a month of expected close, a value and a score of open leads: those of the $most leads of
-- highest value of each month, those of equal rank at the end too. Amounts as in forecast_open.
WITH valued AS (
    SELECT
        CAST(date_trunc('month', expected_close_date) AS DATE) AS month,
        CASE WHEN $is_recurring THEN recurring_value ELSE expected_value END AS value,
        score,
        count(*) AS lead_count
    FROM lead
    WHERE closed_at_utc IS NULL
      AND expected_close_date >= $first_day
      AND ($last_day IS NULL OR expected_close_date <= $last_day)
      AND CASE WHEN $is_recurring THEN recurring_value ELSE expected_value END > 0
      AND score IS NOT NULL
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
    GROUP BY 1, 2, 3
),
placed AS (
    SELECT
        month,
        value,
        score,
        lead_count,
        sum(lead_count) OVER (
            PARTITION BY month
            ORDER BY value DESC, score DESC
            ROWS UNBOUNDED PRECEDING
        ) AS place
    FROM valued
)
SELECT month, value, score, lead_count
FROM placed
WHERE place - lead_count < $most;

-- name: forecast_won
-- One row a month of closing, and one an owner, over the leads won and closed now (M7); `grain` says
-- which. Months from $won_from_utc on, named by their first day in the workspace's time zone, which is
-- asked once a quarter of an hour as in closings; owners, NULL for nobody, with what was won in the
-- period. Amounts as in forecast_open.
WITH won AS (
    SELECT
        lead.owner_id,
        CASE WHEN $is_recurring THEN lead.recurring_value ELSE lead.expected_value END AS value,
        ($from_utc IS NULL OR lead.closed_at_utc >= $from_utc)
            AND ($before_utc IS NULL OR lead.closed_at_utc < $before_utc) AS is_inside,
        CAST(floor(extract(epoch FROM lead.closed_at_utc) / 900) AS BIGINT) AS quarter
    FROM lead
    JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
    WHERE lead.closed_at_utc IS NOT NULL
      AND closing_reason.outcome = 'won'
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
      AND ($won_from_utc IS NULL OR lead.closed_at_utc >= $won_from_utc)
),
calendar AS (
    SELECT
        quarter,
        CAST(
            date_trunc(
                'month',
                ((TIMESTAMP '1970-01-01 00:00:00' + quarter * INTERVAL '15 minutes') AT TIME ZONE 'UTC')
                AT TIME ZONE $zone
            ) AS DATE
        ) AS month
    FROM (SELECT DISTINCT quarter FROM won) AS quarters
)
SELECT
    CASE WHEN GROUPING(month) = 0 THEN 'month' ELSE 'owner' END AS grain,
    calendar.month,
    won.owner_id,
    won.is_inside,
    count(*) AS lead_count,
    coalesce(sum(won.value), 0) AS value,
    count(*) - count(won.value) AS value_missing
FROM won
JOIN calendar ON calendar.quarter = won.quarter
GROUP BY GROUPING SETS ((calendar.month), (won.owner_id, won.is_inside));

-- name: forecast_won_between
-- One row: the value of the leads won and closed now, closed in a period. Amounts as in forecast_open.
SELECT
    coalesce(sum(CASE WHEN $is_recurring THEN lead.recurring_value ELSE lead.expected_value END), 0) AS value
FROM lead
JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
WHERE lead.closed_at_utc >= $from_utc
  AND lead.closed_at_utc < $before_utc
  AND closing_reason.outcome = 'won'
  AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR lead.owner_id = $owner_id);

-- name: forecast_targets
-- One row a target: of whom, of which month, how much, in the workspace's currency.
SELECT owner_id, month, amount
FROM target
WHERE ($owner_id IS NULL OR owner_id = $owner_id)
  AND ($first_day IS NULL OR month >= $first_day)
  AND ($last_day IS NULL OR month <= $last_day);

-- name: forecast_open_leads
-- One row an open lead, heaviest first: those that forecast_open counts with an expected close date
-- from $first_day to $last_day or, with $is_undated, without one; $of_nobody asks for leads without
-- owner. amount is value x score / 100, exactly.
WITH counted AS (
    SELECT
        id AS lead_id,
        coalesce(CASE WHEN $is_recurring THEN recurring_value ELSE expected_value END, 0)
            * CAST(coalesce(score, 0) AS DECIMAL(3, 0)) * 0.01 AS amount
    FROM lead
    WHERE closed_at_utc IS NULL
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND (NOT $of_nobody OR owner_id IS NULL)
      AND (expected_close_date IS NULL) = $is_undated
      AND ($first_day IS NULL OR expected_close_date >= $first_day)
      AND ($last_day IS NULL OR expected_close_date <= $last_day)
)
SELECT lead_id, amount, NULL AS moment, (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY amount DESC, lead_id
LIMIT $limit OFFSET $offset;

-- name: forecast_won_leads
-- One row a lead won and closed now, closed in a period, highest value first: those that forecast_won
-- counts; $of_nobody asks for leads without owner. moment is when it was closed.
WITH counted AS (
    SELECT
        lead.id AS lead_id,
        coalesce(CASE WHEN $is_recurring THEN lead.recurring_value ELSE lead.expected_value END, 0) AS amount,
        lead.closed_at_utc AS moment
    FROM lead
    JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
    WHERE lead.closed_at_utc IS NOT NULL
      AND closing_reason.outcome = 'won'
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
      AND (NOT $of_nobody OR lead.owner_id IS NULL)
      AND ($from_utc IS NULL OR lead.closed_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR lead.closed_at_utc < $before_utc)
)
SELECT lead_id, amount, moment, (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY amount DESC, lead_id
LIMIT $limit OFFSET $offset;
