-- name: scores
-- One row an owner and a band of scores in the period (0 for 1 to 10 ... 9 for 91 to 100, NULL without
-- a score), and one a stretch of time (its number; owner and band NULL) that any of the leads with a
-- score was closed in, over the leads closed now as won or lost (M9). Score: the one a lead was closed
-- with or, with $phase_id, the one recorded last in that phase; leads never in it have no row then.
-- score_sum adds up scores; error_sum the squares of score - 100 for leads won, of score for leads
-- lost; chance_sum score x (100 - score): whole numbers, 10,000 times what Brier and variance are of.
WITH scored AS (
    SELECT owner_id, score, closed_at_utc, closing_reason_id
    FROM lead
    WHERE $phase_id IS NULL
      AND closed_at_utc IS NOT NULL
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND ($since_utc IS NULL OR closed_at_utc >= $since_utc)
      AND ($until_utc IS NULL OR closed_at_utc < $until_utc)
    UNION ALL
    SELECT owner_id, score, closed_at_utc, closing_reason_id
    FROM lead_stay
    WHERE phase_id = $phase_id
      AND closed_at_utc IS NOT NULL
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND ($since_utc IS NULL OR closed_at_utc >= $since_utc)
      AND ($until_utc IS NULL OR closed_at_utc < $until_utc)
),
decided AS MATERIALIZED (
    SELECT
        scored.owner_id,
        scored.score,
        CAST(floor((scored.score - 1) / 10.0) AS INTEGER) AS band,
        scored.closed_at_utc,
        CASE WHEN closing_reason.outcome = 'won' THEN 1 ELSE 0 END AS won
    FROM scored
    JOIN closing_reason ON closing_reason.id = scored.closing_reason_id
    WHERE closing_reason.outcome IN ('won', 'lost')
),
stretch AS (
    SELECT
        unnest(CAST($numbers AS INTEGER[])) AS number,
        unnest(CAST($starts_utc AS TIMESTAMP[])) AS start_utc,
        unnest(CAST($ends_utc AS TIMESTAMP[])) AS end_utc
)
SELECT
    CAST(NULL AS INTEGER) AS stretch,
    owner_id,
    band,
    count(*) AS lead_count,
    sum(won) AS won_count,
    sum(score) AS score_sum,
    sum((score - 100 * won) * (score - 100 * won)) AS error_sum,
    sum(score * (100 - score)) AS chance_sum
FROM decided
WHERE ($from_utc IS NULL OR closed_at_utc >= $from_utc)
  AND ($before_utc IS NULL OR closed_at_utc < $before_utc)
GROUP BY owner_id, band
UNION ALL
SELECT
    stretch.number,
    NULL,
    NULL,
    count(*),
    sum(decided.won),
    sum(decided.score),
    sum((decided.score - 100 * decided.won) * (decided.score - 100 * decided.won)),
    sum(decided.score * (100 - decided.score))
FROM decided
JOIN stretch
  ON decided.closed_at_utc >= stretch.start_utc AND decided.closed_at_utc < stretch.end_utc
WHERE decided.score IS NOT NULL
GROUP BY stretch.number;

-- name: decided_count
-- One row: how many leads closed now as won or lost were closed in the period, with a score or not.
SELECT count(*)
FROM lead
JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
WHERE lead.closed_at_utc IS NOT NULL
  AND closing_reason.outcome IN ('won', 'lost')
  AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
  AND ($from_utc IS NULL OR lead.closed_at_utc >= $from_utc)
  AND ($before_utc IS NULL OR lead.closed_at_utc < $before_utc);

-- name: leads_scored
-- One row a lead that scores counts in the period with a score from $lowest to $highest, the one
-- closed last first; amount is that score. $is_won NULL: won or lost; $of_nobody: without an owner.
WITH scored AS (
    SELECT id AS lead_id, account_type_id, owner_id, score, closed_at_utc, closing_reason_id
    FROM lead
    WHERE $phase_id IS NULL
    UNION ALL
    SELECT lead_id, account_type_id, owner_id, score, closed_at_utc, closing_reason_id
    FROM lead_stay
    WHERE phase_id = $phase_id
),
counted AS (
    SELECT scored.lead_id, scored.score, scored.closed_at_utc
    FROM scored
    JOIN closing_reason ON closing_reason.id = scored.closing_reason_id
    WHERE scored.closed_at_utc IS NOT NULL
      AND scored.score BETWEEN $lowest AND $highest
      AND closing_reason.outcome IN ('won', 'lost')
      AND ($is_won IS NULL OR (closing_reason.outcome = 'won') = $is_won)
      AND ($account_type_id IS NULL OR scored.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR scored.owner_id = $owner_id)
      AND (NOT $of_nobody OR scored.owner_id IS NULL)
      AND ($from_utc IS NULL OR scored.closed_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR scored.closed_at_utc < $before_utc)
)
SELECT
    lead_id,
    CAST(score AS DECIMAL(3, 0)) AS amount,
    closed_at_utc AS moment,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY closed_at_utc DESC, lead_id
LIMIT $limit OFFSET $offset;

-- name: leads_without_score
-- One row a lead closed now as won or lost in the period that had no score then or, with $phase_id,
-- for which none was recorded in that phase, those never in it among them; the one closed last first.
WITH counted AS (
    SELECT lead.id AS lead_id, lead.closed_at_utc
    FROM lead
    JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
    WHERE lead.closed_at_utc IS NOT NULL
      AND ($phase_id IS NOT NULL OR lead.score IS NULL)
      AND NOT EXISTS (
          SELECT 1
          FROM lead_stay
          WHERE lead_stay.lead_id = lead.id
            AND lead_stay.phase_id = $phase_id
            AND lead_stay.score IS NOT NULL
      )
      AND closing_reason.outcome IN ('won', 'lost')
      AND ($account_type_id IS NULL OR lead.account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
      AND ($from_utc IS NULL OR lead.closed_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR lead.closed_at_utc < $before_utc)
)
SELECT
    lead_id,
    CAST(NULL AS DECIMAL(3, 0)) AS amount,
    closed_at_utc AS moment,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY closed_at_utc DESC, lead_id
LIMIT $limit OFFSET $offset;
