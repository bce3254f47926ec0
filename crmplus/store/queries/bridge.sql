-- name: bridge_standing
-- One row a part, an owner or a phase by $part, or a single one for NULL: the leads that stood open
-- just before a moment (M10). Amounts in the workspace's currency, recurring ones per period;
-- value x score is divided by 100 by its reader.
SELECT
    CASE $part WHEN 'owner' THEN owner_id WHEN 'phase' THEN phase_id END AS part_id,
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
  AND valid_from_utc < $at_utc
  AND valid_to_utc >= $at_utc
  AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id)
GROUP BY 1;

-- name: bridge_steps
-- One row a piece of the time from one moment up to another, a way in which changes in it count in
-- the bridge (M10), by booking, outcome and direction. Sums of what was before and after, units as
-- those of bridge_standing. The moments $cut_1 to $cut_13 cut the time in pieces, counted from 0;
-- those that are not needed lie at its end. booking is settled where a lead was counted before and
-- matches the filters after too, open or closed; it is NULL where neither counts. direction packs
-- what became of expected, weighted, recurring and weighted recurring value as digits of base four,
-- the first the lowest: 0 the same, 1 less, 2 more than nothing, 3 more than something. Grouping by
-- one number takes half the time that its conditions do.
WITH change AS (
    SELECT
        CASE
            WHEN valid_from_utc < $cut_1 THEN 0
            WHEN valid_from_utc < $cut_2 THEN 1
            WHEN valid_from_utc < $cut_3 THEN 2
            WHEN valid_from_utc < $cut_4 THEN 3
            WHEN valid_from_utc < $cut_5 THEN 4
            WHEN valid_from_utc < $cut_6 THEN 5
            WHEN valid_from_utc < $cut_7 THEN 6
            WHEN valid_from_utc < $cut_8 THEN 7
            WHEN valid_from_utc < $cut_9 THEN 8
            WHEN valid_from_utc < $cut_10 THEN 9
            WHEN valid_from_utc < $cut_11 THEN 10
            WHEN valid_from_utc < $cut_12 THEN 11
            WHEN valid_from_utc < $cut_13 THEN 12
            ELSE 13
        END AS piece,
        is_open,
        was_open,
        closing_reason_id,
        coalesce(
            ($account_type_id IS NULL OR account_type_id = $account_type_id)
            AND ($owner_id IS NULL OR owner_id = $owner_id),
            FALSE
        ) AS matches,
        coalesce(
            ($account_type_id IS NULL OR previous_account_type_id = $account_type_id)
            AND ($owner_id IS NULL OR previous_owner_id = $owner_id),
            FALSE
        ) AS matched,
        coalesce(expected_value, 0) AS expected,
        coalesce(previous_expected_value, 0) AS expected_before,
        coalesce(recurring_value, 0) AS recurring,
        coalesce(previous_recurring_value, 0) AS recurring_before,
        CAST(coalesce(score, 0) AS DECIMAL(3, 0)) AS weight,
        CAST(coalesce(previous_score, 0) AS DECIMAL(3, 0)) AS weight_before
    FROM lead_span
    WHERE valid_from_utc >= $from_utc
      AND valid_from_utc < $before_utc
),
weighed AS (
    SELECT
        change.*,
        expected * weight AS weighted,
        expected_before * weight_before AS weighted_before,
        recurring * weight AS weighted_recurring,
        recurring_before * weight_before AS weighted_recurring_before
    FROM change
    WHERE matches OR matched
),
added AS (
    SELECT
        piece,
        is_open,
        was_open,
        closing_reason_id,
        matches,
        matched,
        CASE
            WHEN expected = expected_before THEN 0
            WHEN expected < expected_before THEN 1
            WHEN expected_before = 0 THEN 2
            ELSE 3
        END
        + CASE
            WHEN weighted = weighted_before THEN 0
            WHEN weighted < weighted_before THEN 4
            WHEN weighted_before = 0 THEN 8
            ELSE 12
        END
        + CASE
            WHEN recurring = recurring_before THEN 0
            WHEN recurring < recurring_before THEN 16
            WHEN recurring_before = 0 THEN 32
            ELSE 48
        END
        + CASE
            WHEN weighted_recurring = weighted_recurring_before THEN 0
            WHEN weighted_recurring < weighted_recurring_before THEN 64
            WHEN weighted_recurring_before = 0 THEN 128
            ELSE 192
        END AS direction,
        count(*) AS change_count,
        sum(expected) AS expected,
        sum(expected_before) AS expected_before,
        sum(weighted) AS weighted,
        sum(weighted_before) AS weighted_before,
        sum(recurring) AS recurring,
        sum(recurring_before) AS recurring_before,
        sum(weighted_recurring) AS weighted_recurring,
        sum(weighted_recurring_before) AS weighted_recurring_before
    FROM weighed
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT
    CASE
        WHEN was_open AND matched AND matches THEN 'settled'
        WHEN was_open AND matched THEN 'handed-over'
        WHEN NOT is_open OR NOT matches THEN NULL
        WHEN was_open THEN 'taken-over'
        WHEN was_open IS NULL THEN 'new'
        ELSE 'reopened'
    END AS booking,
    CASE WHEN NOT added.is_open THEN coalesce(closing_reason.outcome, 'neither') END AS outcome,
    added.*
FROM added
LEFT JOIN closing_reason ON closing_reason.id = added.closing_reason_id;

-- name: bridge_changes
-- One row a change that counts in one step of the bridge, those that add or take most first: what
-- it adds to the measure, when, and what stood before and after.
WITH change AS (
    SELECT
        lead_span.*,
        closing_reason.outcome,
        coalesce(
            ($account_type_id IS NULL OR account_type_id = $account_type_id)
            AND ($owner_id IS NULL OR owner_id = $owner_id),
            FALSE
        ) AS matches,
        coalesce(
            was_open
            AND ($account_type_id IS NULL OR previous_account_type_id = $account_type_id)
            AND ($owner_id IS NULL OR previous_owner_id = $owner_id),
            FALSE
        ) AS was_counted,
        CASE $measure
            WHEN 'expected' THEN coalesce(expected_value, 0)
            WHEN 'weighted' THEN coalesce(expected_value * CAST(score AS DECIMAL(3, 0)), 0) * 0.01
            WHEN 'recurring' THEN coalesce(recurring_value, 0)
            WHEN 'weighted-recurring' THEN coalesce(recurring_value * CAST(score AS DECIMAL(3, 0)), 0) * 0.01
            ELSE 1
        END AS worth,
        CASE $measure
            WHEN 'expected' THEN coalesce(previous_expected_value, 0)
            WHEN 'weighted'
                THEN coalesce(previous_expected_value * CAST(previous_score AS DECIMAL(3, 0)), 0) * 0.01
            WHEN 'recurring' THEN coalesce(previous_recurring_value, 0)
            WHEN 'weighted-recurring'
                THEN coalesce(previous_recurring_value * CAST(previous_score AS DECIMAL(3, 0)), 0) * 0.01
            ELSE 1
        END AS worth_before
    FROM lead_span
    LEFT JOIN closing_reason ON closing_reason.id = lead_span.closing_reason_id
    WHERE valid_from_utc >= $from_utc
      AND valid_from_utc < $before_utc
),
counted AS (
    SELECT
        change.*,
        CASE
            WHEN $kind IN ('raised', 'first-value', 'raised-further', 'lowered') THEN worth - worth_before
            WHEN $kind IN ('won', 'lost', 'neither') THEN -worth
            WHEN $kind = 'handed-over' THEN -worth_before
            ELSE worth
        END AS amount
    FROM change
    WHERE CASE $kind
        WHEN 'new' THEN was_open IS NULL AND is_open AND matches
        WHEN 'reopened' THEN NOT was_open AND is_open AND matches
        WHEN 'taken-over' THEN was_open AND NOT was_counted AND is_open AND matches
        WHEN 'new-business'
            THEN matches AND worth > 0
                AND (was_open IS NULL AND is_open OR was_counted AND worth_before = 0)
        WHEN 'first-value' THEN was_counted AND matches AND worth > 0 AND worth_before = 0
        WHEN 'raised-further' THEN was_counted AND matches AND worth > worth_before AND worth_before > 0
        WHEN 'raised' THEN was_counted AND matches AND worth > worth_before
        WHEN 'lowered' THEN was_counted AND matches AND worth < worth_before
        WHEN 'handed-over' THEN was_counted AND NOT matches
        ELSE was_counted AND matches AND NOT is_open AND coalesce(outcome, 'neither') = $kind
    END
)
SELECT
    lead_id,
    amount,
    valid_from_utc AS moment,
    previous_score AS score_before,
    score AS score_after,
    previous_expected_value AS expected_before,
    expected_value AS expected_after,
    previous_recurring_value AS recurring_before,
    recurring_value AS recurring_after,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY abs(amount) DESC, valid_from_utc, lead_id, version
LIMIT $limit OFFSET $offset;

-- name: bridge_leads
-- One row a lead that stood open just before a moment, of the highest worth first, with the state
-- that held then and since when.
WITH counted AS (
    SELECT
        lead_span.*,
        CASE $measure
            WHEN 'expected' THEN coalesce(expected_value, 0)
            WHEN 'weighted' THEN coalesce(expected_value * CAST(score AS DECIMAL(3, 0)), 0) * 0.01
            WHEN 'recurring' THEN coalesce(recurring_value, 0)
            WHEN 'weighted-recurring' THEN coalesce(recurring_value * CAST(score AS DECIMAL(3, 0)), 0) * 0.01
            ELSE 1
        END AS amount
    FROM lead_span
    WHERE is_open
      AND valid_from_utc < $at_utc
      AND valid_to_utc >= $at_utc
      AND ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
)
SELECT
    lead_id,
    amount,
    valid_from_utc AS moment,
    score AS score_after,
    expected_value AS expected_after,
    recurring_value AS recurring_after,
    (SELECT count(*) FROM counted) AS total
FROM counted
ORDER BY amount DESC, lead_id
LIMIT $limit OFFSET $offset;
