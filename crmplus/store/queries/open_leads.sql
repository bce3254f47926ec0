-- name: open_lead_columns
-- One row a phase in which open leads stand that pass the filters: how many, and what they are worth in
-- the workspace's currency; value x score is divided by 100 by its reader. $entered_before_utc goes
-- with $limited_ids: what came into such a phase before is ageing.
WITH bound AS (
    SELECT
        unnest(CAST($limited_ids AS UUID[])) AS phase_id,
        unnest(CAST($entered_before_utc AS TIMESTAMP[])) AS entered_before_utc
)
SELECT
    open_lead.phase_id,
    count(*) AS lead_count,
    coalesce(sum(expected_value), 0) AS expected_value,
    sum(weighted_hundredfold) AS expected_times_score
FROM open_lead
LEFT JOIN bound ON bound.phase_id = open_lead.phase_id
WHERE ($account_type_id IS NULL OR account_type_id = $account_type_id)
  AND ($phase_id IS NULL OR open_lead.phase_id = $phase_id)
  AND ($owner_id IS NULL OR owner_id = $owner_id)
  AND coalesce(list_bool_and(list_transform(
        CAST($words AS VARCHAR[]), lambda word: contains(search_text, word) OR contains(title_key, word))), TRUE)
  AND ($least_value IS NULL OR expected_value >= $least_value)
  AND ($least_score IS NULL OR score >= $least_score)
  AND (NOT $is_ageing OR phase_entered_at_utc < bound.entered_before_utc)
  AND ($due_until IS NULL OR due_date <= $due_until)
  AND (NOT $is_without_step OR step_id IS NULL)
GROUP BY open_lead.phase_id;

-- name: open_lead_rows
-- One row an open lead that passes the filters of open_lead_columns, in the order asked for; those
-- without what it is ordered by come last. A page of them: $limit behind the first $offset, of all
-- together or, with $by_phase, of each phase.
WITH bound AS (
    SELECT
        unnest(CAST($limited_ids AS UUID[])) AS phase_id,
        unnest(CAST($entered_before_utc AS TIMESTAMP[])) AS entered_before_utc
),
passing AS (
    SELECT
        open_lead.id,
        open_lead.phase_id,
        CASE $sort
            WHEN 'customer' THEN name_key
            WHEN 'title' THEN title_key
            WHEN 'owner' THEN lower(person.name)
        END AS sort_text,
        CASE $sort
            WHEN 'score' THEN CAST(score AS DOUBLE PRECISION)
            WHEN 'expected_value' THEN CAST(expected_value AS DOUBLE PRECISION)
            WHEN 'weighted_value' THEN CAST(weighted_hundredfold AS DOUBLE PRECISION)
            WHEN 'recurring_value' THEN CAST(recurring_value AS DOUBLE PRECISION)
            WHEN 'expected_close_date' THEN extract(EPOCH FROM expected_close_date)
            WHEN 'due' THEN extract(EPOCH FROM due_date + coalesce(due_time, TIME '23:59:59'))
            WHEN 'age' THEN -extract(EPOCH FROM phase_entered_at_utc)
        END AS sort_number
    FROM open_lead
    LEFT JOIN person ON person.id = open_lead.owner_id
    LEFT JOIN bound ON bound.phase_id = open_lead.phase_id
    WHERE ($account_type_id IS NULL OR account_type_id = $account_type_id)
      AND ($phase_id IS NULL OR open_lead.phase_id = $phase_id)
      AND ($owner_id IS NULL OR owner_id = $owner_id)
      AND coalesce(list_bool_and(list_transform(
          CAST($words AS VARCHAR[]), lambda word: contains(search_text, word) OR contains(title_key, word))), TRUE)
      AND ($least_value IS NULL OR expected_value >= $least_value)
      AND ($least_score IS NULL OR score >= $least_score)
      AND (NOT $is_ageing OR phase_entered_at_utc < bound.entered_before_utc)
      AND ($due_until IS NULL OR due_date <= $due_until)
      AND (NOT $is_without_step OR step_id IS NULL)
),
placed AS (
    SELECT
        id,
        row_number() OVER (
            PARTITION BY CASE WHEN $by_phase THEN phase_id END
            ORDER BY
                CASE WHEN sort_number IS NULL AND coalesce(sort_text, '') = '' THEN 1 ELSE 0 END,
                CASE WHEN $descending THEN -sort_number ELSE sort_number END,
                CASE WHEN NOT $descending THEN sort_text END,
                CASE WHEN $descending THEN sort_text END DESC,
                id
        ) AS place
    FROM passing
)
SELECT
    open_lead.id,
    open_lead.version,
    open_lead.customer_id,
    open_lead.number,
    open_lead.customer,
    open_lead.account_type_id,
    open_lead.phase_id,
    open_lead.owner_id,
    open_lead.title,
    open_lead.score,
    open_lead.expected_value,
    open_lead.recurring_value,
    open_lead.expected_close_date,
    open_lead.opened_at_utc,
    open_lead.phase_entered_at_utc,
    open_lead.step_id,
    open_lead.step_version,
    open_lead.step,
    open_lead.due_date,
    open_lead.due_time
FROM placed
JOIN open_lead ON open_lead.id = placed.id
WHERE placed.place > $offset AND placed.place <= $offset + $limit
ORDER BY placed.place, open_lead.id;
