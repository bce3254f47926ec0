-- name: planned_worth
-- One row a closing reason, and one for open leads, of the leads that an import makes: how many
-- there are, and their expected value together.
SELECT closing_reason_id, count(*) AS lead_count, coalesce(sum(expected_value), 0) AS expected_value
FROM planned_lead
WHERE deed = 'made'
GROUP BY closing_reason_id;
