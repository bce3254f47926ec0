-- Which phase a lead was last in before its closing follows another rule: no earlier closing is one. Stays
-- are derived anew in the same transaction, by store/derived.py.
DELETE FROM lead_stay;
