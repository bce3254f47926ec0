-- name: leads_by_id
-- One row a lead of a list of keys, with what a list of leads shows of it, as it stands now. The
-- first and the last key keep the search to the parts of the table where they can be.
SELECT
    lead.id AS lead_id,
    customer.id AS customer_id,
    customer.number,
    customer.name AS customer,
    lead.title,
    phase.description AS phase,
    coalesce(person.name, '') AS owner,
    lead.score,
    lead.expected_value,
    lead.recurring_value,
    lead.expected_close_date,
    lead.opened_at_utc,
    lead.phase_entered_at_utc,
    lead.closed_at_utc,
    coalesce(closing_reason.description, '') AS closing_reason
FROM lead
JOIN customer ON customer.id = lead.customer_id
JOIN phase ON phase.id = lead.phase_id
LEFT JOIN person ON person.id = lead.owner_id
LEFT JOIN closing_reason ON closing_reason.id = lead.closing_reason_id
WHERE lead.id BETWEEN $first_id AND $last_id
  AND lead.id IN (SELECT unnest(CAST($ids AS UUID[])));
