-- name: lead_unlike_its_history
-- One row a lead that is not what its newest version says (L7); the first twenty by key.
WITH newest AS (
    SELECT lead_id, max(version) AS version FROM lead_version GROUP BY lead_id
)
SELECT lead.id AS found
FROM lead
LEFT JOIN newest ON newest.lead_id = lead.id
LEFT JOIN lead_version AS kept ON kept.lead_id = lead.id AND kept.version = newest.version
WHERE lead.version IS DISTINCT FROM kept.version
   OR lead.customer_id IS DISTINCT FROM kept.customer_id
   OR lead.account_type_id IS DISTINCT FROM kept.account_type_id
   OR lead.phase_id IS DISTINCT FROM kept.phase_id
   OR lead.owner_id IS DISTINCT FROM kept.owner_id
   OR lead.title IS DISTINCT FROM kept.title
   OR lead.score IS DISTINCT FROM kept.score
   OR lead.expected_value IS DISTINCT FROM kept.expected_value
   OR lead.recurring_value IS DISTINCT FROM kept.recurring_value
   OR lead.expected_close_date IS DISTINCT FROM kept.expected_close_date
   OR lead.closing_reason_id IS DISTINCT FROM kept.closing_reason_id
   OR lead.opened_at_utc IS DISTINCT FROM kept.opened_at_utc
   OR lead.phase_entered_at_utc IS DISTINCT FROM kept.phase_entered_at_utc
   OR lead.closed_at_utc IS DISTINCT FROM kept.closed_at_utc
   OR lead.visit_number IS DISTINCT FROM kept.visit_number
ORDER BY lead.id
LIMIT 20;

-- name: lead_unlike_its_record
-- One row a lead whose newest phase record is missing or says something else; the first twenty by key.
WITH newest AS (
    SELECT lead_id, max(visit_number) AS visit_number FROM phase_record GROUP BY lead_id
)
SELECT lead.id AS found
FROM lead
LEFT JOIN newest ON newest.lead_id = lead.id
LEFT JOIN phase_record AS record
  ON record.lead_id = lead.id AND record.visit_number = newest.visit_number
WHERE lead.visit_number IS DISTINCT FROM record.visit_number
   OR lead.phase_id IS DISTINCT FROM record.phase_id
   OR lead.score IS DISTINCT FROM record.score
   OR lead.expected_value IS DISTINCT FROM record.expected_value
   OR lead.recurring_value IS DISTINCT FROM record.recurring_value
   OR lead.expected_close_date IS DISTINCT FROM record.expected_close_date
   OR (lead.closed_at_utc IS NULL) IS DISTINCT FROM (record.state = 'current')
ORDER BY lead.id
LIMIT 20;

-- name: lead_half_closed
-- One row a lead that is closed without a reason or outside a closing phase, or open with a
-- reason (C2); the first twenty by key.
SELECT lead.id AS found
FROM lead
JOIN phase ON phase.id = lead.phase_id
WHERE (lead.closed_at_utc IS NULL) <> (lead.closing_reason_id IS NULL)
   OR (lead.closed_at_utc IS NOT NULL AND phase.phase_type <> 'closing')
ORDER BY lead.id
LIMIT 20;

-- name: lead_outside_its_funnel
-- One row a lead that stands in a phase of another account type; the first twenty by key.
SELECT lead.id AS found
FROM lead
JOIN phase ON phase.id = lead.phase_id
WHERE phase.account_type_id <> lead.account_type_id
ORDER BY lead.id
LIMIT 20;

-- name: lead_values_out_of_range
-- One row a lead with a score outside 1 to 100 or an amount below 0, now or before (L1); the
-- first twenty by key.
WITH recorded AS (
    SELECT id AS lead_id, score, expected_value, recurring_value FROM lead
    UNION ALL
    SELECT lead_id, score, expected_value, recurring_value FROM phase_record
    UNION ALL
    SELECT lead_id, score, expected_value, recurring_value FROM lead_version
)
SELECT lead_id AS found
FROM recorded
WHERE score NOT BETWEEN 1 AND 100 OR expected_value < 0 OR recurring_value < 0
ORDER BY lead_id
LIMIT 20;

-- name: second_default
-- One row an account type that is a default beside another (A3); the last twenty by code.
SELECT code AS found
FROM account_type
WHERE is_default AND (SELECT count(*) FROM account_type WHERE is_default) > 1
ORDER BY code DESC
LIMIT 20;

-- name: second_qualification
-- One row a qualification phase in use beside another of its funnel (P3); the last twenty by code.
SELECT second.code AS found
FROM phase AS second
JOIN phase AS first
  ON first.account_type_id = second.account_type_id AND first.code < second.code
WHERE first.phase_type = 'qualification' AND first.archived_at_utc IS NULL
  AND second.phase_type = 'qualification' AND second.archived_at_utc IS NULL
ORDER BY second.code DESC
LIMIT 20;

-- name: code_held_twice
-- One row a code or number that two rows of one table hold in different cases (A1, P1, C1, U1).
WITH held AS (
    SELECT 'account_type' AS holder, code FROM account_type
    UNION ALL
    SELECT 'phase' AS holder, code FROM phase
    UNION ALL
    SELECT 'closing_reason' AS holder, code FROM closing_reason
    UNION ALL
    SELECT 'customer' AS holder, number AS code FROM customer
)
SELECT max(code) AS found
FROM held
GROUP BY holder, lower(code)
HAVING count(*) > 1
ORDER BY max(code)
LIMIT 20;
