-- name: picked_leads
-- One row a lead of $lead_ids that exists, open or closed, with the customer it is of; amounts in the
-- workspace's currency, the recurring one per period; times in UTC.
SELECT
    lead.id,
    lead.customer_id,
    lead.account_type_id,
    lead.phase_id,
    lead.owner_id,
    lead.title,
    lead.score,
    lead.expected_value,
    lead.recurring_value,
    lead.expected_close_date,
    lead.closing_reason_id,
    lead.opened_at_utc,
    lead.phase_entered_at_utc,
    lead.closed_at_utc,
    lead.visit_number,
    lead.version,
    customer.number,
    customer.name AS customer
FROM lead
JOIN customer ON customer.id = lead.customer_id
WHERE lead.id IN (SELECT unnest(CAST($lead_ids AS UUID[])));

-- name: picked_records
-- One row a lead of $lead_ids that exists: the record of the visit it is in, or ended in; amounts and times
-- as those of picked_leads.
SELECT
    phase_record.lead_id,
    phase_record.visit_number,
    phase_record.phase_id,
    phase_record.state,
    phase_record.entered_at_utc,
    phase_record.left_at_utc,
    phase_record.score,
    phase_record.expected_value,
    phase_record.recurring_value,
    phase_record.expected_close_date,
    phase_record.note,
    phase_record.closing_reason_id
FROM phase_record
JOIN lead ON lead.id = phase_record.lead_id AND lead.visit_number = phase_record.visit_number
WHERE lead.id IN (SELECT unnest(CAST($lead_ids AS UUID[])));

-- name: picked_steps
-- One row a next step of $step_ids that exists, open or done.
SELECT id
FROM next_step
WHERE id IN (SELECT unnest(CAST($step_ids AS UUID[])));
