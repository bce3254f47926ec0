-- name: owners_open
-- One row an owner of open leads, one without owner for leads of nobody: what they have open now
-- (M1), and how much of it is ageing (M3). $limited_ids are the phases with a limit and $entered_before_utc
-- the moments before which a lead entered that is beyond it, in the same order. Amounts in the
-- workspace's currency, recurring ones per period; value x score in cents x percent.
WITH bound AS (
    SELECT
        unnest(CAST($limited_ids AS UUID[])) AS phase_id,
        unnest(CAST($entered_before_utc AS TIMESTAMP[])) AS entered_before_utc
)
SELECT
    lead.owner_id,
    count(*) AS open_count,
    coalesce(sum(lead.expected_value), 0) AS expected_value,
    coalesce(sum(lead.expected_value * CAST(lead.score AS DECIMAL(3, 0))), 0) AS expected_times_score,
    coalesce(sum(lead.recurring_value * CAST(lead.score AS DECIMAL(3, 0))), 0) AS recurring_times_score,
    count(*) FILTER (WHERE lead.phase_entered_at_utc < bound.entered_before_utc) AS ageing_count
FROM lead
LEFT JOIN bound ON bound.phase_id = lead.phase_id
WHERE lead.closed_at_utc IS NULL
  AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
GROUP BY lead.owner_id;

-- name: owners_targets
-- One row an owner with targets: their sum, in the workspace's currency, from one month to another,
-- which their first days name.
SELECT owner_id, sum(amount) AS amount
FROM target
WHERE ($owner_id IS NULL OR owner_id = $owner_id)
  AND ($first_month IS NULL OR month >= $first_month)
  AND ($last_month IS NULL OR month <= $last_month)
GROUP BY owner_id;

-- name: owner_leads
-- One row an open lead of an owner, heaviest first: those that owners_open counts, or, with
-- $only_ageing, those of them that are ageing; $of_nobody asks for leads without owner. amount is
-- expected value x score, in cents x percent; moment is when it entered its phase.
WITH bound AS (
    SELECT
        unnest(CAST($limited_ids AS UUID[])) AS phase_id,
        unnest(CAST($entered_before_utc AS TIMESTAMP[])) AS entered_before_utc
),
counted AS (
    SELECT
        lead.id AS lead_id,
        coalesce(lead.expected_value, 0) * CAST(coalesce(lead.score, 0) AS DECIMAL(3, 0)) AS amount,
        lead.phase_entered_at_utc AS moment
    FROM lead
    LEFT JOIN bound ON bound.phase_id = lead.phase_id
    WHERE lead.closed_at_utc IS NULL
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
      AND (NOT $of_nobody OR lead.owner_id IS NULL)
      AND (NOT $only_ageing OR lead.phase_entered_at_utc < bound.entered_before_utc)
)
SELECT lead_id, amount, moment, (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY amount DESC, lead_id
LIMIT $limit OFFSET $offset;
