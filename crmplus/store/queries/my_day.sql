-- name: my_day_counts
-- One row: how many open next steps of open leads, of an owner or of all, are overdue, due today,
-- due after it until $until and due later; how many open leads there are, and whether the workspace
-- ever had one.
WITH step AS (
    SELECT next_step.due_date
    FROM next_step
    JOIN lead ON lead.id = next_step.lead_id
    WHERE next_step.done_at_utc IS NULL
      AND lead.closed_at_utc IS NULL
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
)
SELECT
    count(*) FILTER (WHERE due_date < $today) AS overdue_count,
    count(*) FILTER (WHERE due_date = $today) AS today_count,
    count(*) FILTER (WHERE due_date > $today AND due_date <= $until) AS coming_count,
    count(*) FILTER (WHERE due_date > $until) AS later_count,
    (
        SELECT count(*)
        FROM lead
        WHERE closed_at_utc IS NULL AND ($owner_id IS NULL OR owner_id = $owner_id)
    ) AS lead_count,
    EXISTS (SELECT 1 FROM lead) AS ever_had_leads
FROM step;

-- name: my_day_steps
-- One row an open next step of an open lead, due until $until, the one due first at the front and on
-- one day those with a time: the first $limit of those overdue, due today and due later each. Amounts in
-- the workspace's currency.
WITH placed AS (
    SELECT
        next_step.id,
        row_number() OVER (
            PARTITION BY CASE WHEN due_date < $today THEN 1 WHEN due_date = $today THEN 2 ELSE 3 END
            ORDER BY due_date, CASE WHEN due_time IS NULL THEN 1 ELSE 0 END, due_time, next_step.id
        ) AS place
    FROM next_step
    JOIN lead ON lead.id = next_step.lead_id
    WHERE next_step.done_at_utc IS NULL
      AND next_step.due_date <= $until
      AND lead.closed_at_utc IS NULL
      AND ($owner_id IS NULL OR lead.owner_id = $owner_id)
)
SELECT
    next_step.id,
    next_step.version,
    next_step.lead_id,
    next_step.description,
    next_step.due_date,
    next_step.due_time,
    lead.customer_id,
    customer.number,
    customer.name AS customer,
    customer.phone,
    lead.title,
    lead.phase_id,
    lead.owner_id,
    lead.expected_value
FROM placed
JOIN next_step ON next_step.id = placed.id
JOIN lead ON lead.id = next_step.lead_id
JOIN customer ON customer.id = lead.customer_id
WHERE placed.place <= $limit
ORDER BY
    next_step.due_date,
    CASE WHEN next_step.due_time IS NULL THEN 1 ELSE 0 END,
    next_step.due_time,
    next_step.id;
