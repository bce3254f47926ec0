-- name: reached_funnel
-- One row a place that leads of the cohort reached last, the outcome they have and its reason
-- ('furthest'), and one row a place that leads of it were in ('visited'), with how many (M2).
-- Phases have places from 1 on and a bit each, so that one look at the stays of a lead says how far it
-- got and where it was; phases of no place count as the first. outcome is NULL while leads are open.
WITH place AS (
    SELECT
        unnest(CAST($phase_ids AS UUID[])) AS phase_id,
        unnest(CAST($places AS INTEGER[])) AS place,
        unnest(CAST($bits AS BIGINT[])) AS bit
),
been AS (
    SELECT
        lead_stay.lead_id,
        lead_stay.closing_reason_id,
        coalesce(max(place.place), 1) AS furthest,
        coalesce(bit_or(place.bit), 0) AS visited
    FROM lead_stay
    LEFT JOIN place ON place.phase_id = lead_stay.phase_id
    WHERE lead_stay.account_type_id = $account_type_id
      AND ($owner_id IS NULL OR lead_stay.owner_id = $owner_id)
      AND ($from_utc IS NULL OR lead_stay.opened_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR lead_stay.opened_at_utc < $before_utc)
    GROUP BY lead_stay.lead_id, lead_stay.closing_reason_id
),
alike AS (
    SELECT closing_reason_id, furthest, visited, count(*) AS lead_count
    FROM been
    GROUP BY closing_reason_id, furthest, visited
)
SELECT
    'furthest' AS grain,
    alike.furthest AS place,
    closing_reason.outcome,
    alike.closing_reason_id,
    sum(alike.lead_count) AS lead_count
FROM alike
LEFT JOIN closing_reason ON closing_reason.id = alike.closing_reason_id
GROUP BY alike.furthest, closing_reason.outcome, alike.closing_reason_id
UNION ALL
SELECT 'visited', place.place, NULL, NULL, sum(alike.lead_count)
FROM alike
JOIN place ON (alike.visited & place.bit) <> 0
GROUP BY place.place;

-- name: reached_funnel_leads
-- One row a lead of a cohort that M2 counts where it is asked for, the one opened last first. A lead
-- reached the place it was furthest in, and $won_place once it is won; standing is how it stands now.
-- total is how many there are in all; no count(*) OVER (), see customer_list.
WITH place AS (
    SELECT
        unnest(CAST($phase_ids AS UUID[])) AS phase_id,
        unnest(CAST($places AS INTEGER[])) AS place
),
been AS (
    SELECT
        lead_stay.lead_id,
        lead_stay.closing_reason_id,
        lead_stay.opened_at_utc,
        coalesce(max(place.place), 1) AS furthest,
        max(CASE WHEN lead_stay.phase_id = $skipped_phase_id THEN 1 ELSE 0 END) AS was_in_skipped
    FROM lead_stay
    LEFT JOIN place ON place.phase_id = lead_stay.phase_id
    WHERE lead_stay.account_type_id = $account_type_id
      AND ($owner_id IS NULL OR lead_stay.owner_id = $owner_id)
      AND ($from_utc IS NULL OR lead_stay.opened_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR lead_stay.opened_at_utc < $before_utc)
    GROUP BY lead_stay.lead_id, lead_stay.closing_reason_id, lead_stay.opened_at_utc
),
got AS (
    SELECT
        been.lead_id,
        been.opened_at_utc,
        been.closing_reason_id,
        been.was_in_skipped,
        coalesce(closing_reason.outcome, 'open') AS standing,
        CASE WHEN closing_reason.outcome = 'won' THEN $won_place ELSE been.furthest END AS reached
    FROM been
    LEFT JOIN closing_reason ON closing_reason.id = been.closing_reason_id
),
counted AS (
    SELECT lead_id, opened_at_utc
    FROM got
    WHERE reached BETWEEN $least_place AND $most_place
      AND ($standing IS NULL OR standing = $standing)
      AND ($other_standing IS NULL OR standing <> $other_standing)
      AND ($closing_reason_id IS NULL OR closing_reason_id = $closing_reason_id)
      AND ($skipped_phase_id IS NULL OR was_in_skipped = 0)
)
SELECT
    lead_id,
    NULL AS amount,
    opened_at_utc AS moment,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY opened_at_utc DESC, lead_id
LIMIT $limit OFFSET $offset;

-- name: opened_by_stretch
-- One row a stretch of time in which leads were opened: how many, and how many of them are won now. A
-- stretch has a number, and lasts from one quarter of an hour since 1970 up to, and without, another;
-- leads are counted by quarter before they meet the stretches.
WITH stretch AS (
    SELECT
        unnest(CAST($numbers AS INTEGER[])) AS number,
        unnest(CAST($from_quarters AS BIGINT[])) AS from_quarter,
        unnest(CAST($before_quarters AS BIGINT[])) AS before_quarter
),
quarter AS (
    SELECT
        CAST(floor(extract(epoch FROM lead.opened_at_utc) / 900) AS BIGINT) AS number,
        count(*) AS lead_count,
        count(CASE WHEN closing_reason.outcome = 'won' THEN 1 END) AS won_count
    FROM lead
    LEFT JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
    WHERE lead.account_type_id = $account_type_id
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
      AND lead.opened_at_utc >= $first_utc
      AND lead.opened_at_utc < $last_utc
    GROUP BY CAST(floor(extract(epoch FROM lead.opened_at_utc) / 900) AS BIGINT)
)
SELECT
    stretch.number,
    sum(quarter.lead_count) AS lead_count,
    sum(quarter.won_count) AS won_count
FROM stretch
JOIN quarter ON quarter.number >= stretch.from_quarter AND quarter.number < stretch.before_quarter
GROUP BY stretch.number;

-- name: open_now_by_phase
-- One row a phase in which open leads of an account type stand now: how many, whenever they were
-- opened, and how many of them belong to the cohort.
SELECT
    phase_id,
    count(*) AS lead_count,
    count(
        CASE
            WHEN ($from_utc IS NULL OR opened_at_utc >= $from_utc)
                AND ($before_utc IS NULL OR opened_at_utc < $before_utc)
            THEN 1
        END
    ) AS cohort_count
FROM lead
WHERE closed_at_utc IS NULL
  AND account_type_id = $account_type_id
  AND ($owner_id IS NULL OR owner_id = $owner_id)
GROUP BY phase_id;

-- name: open_now_leads
-- One row an open lead of an account type that stands in a phase now, in any where none is named, the
-- one opened last first. total is how many there are in all.
WITH counted AS (
    SELECT id, opened_at_utc
    FROM lead
    WHERE closed_at_utc IS NULL
      AND account_type_id = $account_type_id
      AND ($phase_id IS NULL OR phase_id = $phase_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND ($from_utc IS NULL OR opened_at_utc >= $from_utc)
      AND ($before_utc IS NULL OR opened_at_utc < $before_utc)
)
SELECT
    id AS lead_id,
    NULL AS amount,
    opened_at_utc AS moment,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY opened_at_utc DESC, id
LIMIT $limit OFFSET $offset;
