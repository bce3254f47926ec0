-- name: leads_of_customer
-- One row a lead of a customer: open ones first, then by opening date, newest first.
SELECT id
FROM lead
WHERE customer_id = $customer_id
ORDER BY CASE WHEN closed_at_utc IS NULL THEN 0 ELSE 1 END, opened_at_utc DESC, id DESC;

-- name: open_leads_by_phase
-- One row a phase in which open leads stand.
SELECT phase_id, count(*) AS lead_count
FROM lead
WHERE closed_at_utc IS NULL
GROUP BY phase_id;

-- name: standing_in_phase
-- One row an owner, or nobody, whose leads stand in a phase: how many do, open or closed.
SELECT owner_id, count(*) AS lead_count
FROM lead
WHERE phase_id = $phase_id
GROUP BY owner_id;

-- name: open_leads_in_phase
-- One row an open lead that stands in a phase.
SELECT id FROM lead WHERE phase_id = $phase_id AND closed_at_utc IS NULL ORDER BY id;

-- name: visits_to_phase
-- One row: how many phase records there are of a phase.
SELECT count(*) AS visit_count FROM phase_record WHERE phase_id = $phase_id;

-- name: open_leads_of_account_type
-- One row an owner, or nobody, whose leads are open in the funnel of an account type: how many are.
SELECT owner_id, count(*) AS lead_count
FROM lead
WHERE account_type_id = $account_type_id AND closed_at_utc IS NULL
GROUP BY owner_id;

-- name: customers_with_open_leads
-- One row a customer with an open lead in the funnel of an account type; the first few.
SELECT DISTINCT customer.number
FROM lead
JOIN customer ON customer.id = lead.customer_id
WHERE lead.account_type_id = $account_type_id AND lead.closed_at_utc IS NULL
ORDER BY customer.number
LIMIT 5;

-- name: closed_with_reason
-- One row: how many leads are closed with a reason.
SELECT count(*) AS lead_count FROM lead WHERE closing_reason_id = $closing_reason_id;
