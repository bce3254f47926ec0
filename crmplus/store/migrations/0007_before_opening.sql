-- No state of a lead holds before the opening that it tells of. Spans are derived anew in the same
-- transaction, by store/derived.py.
DELETE FROM lead_span;
