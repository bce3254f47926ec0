-- What figures over time are measured from, and what they are held against.

-- Open leads that stood longer than this many days in a phase are shown as ageing; NULL: no limit.
ALTER TABLE phase ADD COLUMN limit_days INTEGER;

-- What an owner is to win in a month, which its first day names.
CREATE TABLE target (
    id UUID PRIMARY KEY,
    owner_id UUID NOT NULL,
    month DATE NOT NULL,
    amount DECIMAL(15, 2) NOT NULL,
    version INTEGER NOT NULL
);

-- Derived from lead_version by store/derived.py alone, so that a figure of any past moment is one
-- scan: a stretch of time in which nothing of a lead changed, the state that held, and the state
-- that it took over from (NULL in a lead's first). It holds from valid_from_utc up to, and without,
-- valid_to_utc, which lies in the year 9999 while it still holds. No key: rows of a lead are
-- taken away and written anew when it changes.
CREATE TABLE lead_span (
    lead_id UUID NOT NULL,
    version INTEGER NOT NULL,
    valid_from_utc TIMESTAMP NOT NULL,
    valid_to_utc TIMESTAMP NOT NULL,
    account_type_id UUID NOT NULL,
    phase_id UUID NOT NULL,
    owner_id UUID,
    score SMALLINT,
    expected_value DECIMAL(15, 2),
    recurring_value DECIMAL(15, 2),
    expected_close_date DATE,
    closing_reason_id UUID,
    opened_at_utc TIMESTAMP NOT NULL,
    phase_entered_at_utc TIMESTAMP NOT NULL,
    is_open BOOLEAN NOT NULL,
    was_open BOOLEAN,
    previous_account_type_id UUID,
    previous_owner_id UUID,
    previous_phase_id UUID,
    previous_score SMALLINT,
    previous_expected_value DECIMAL(15, 2),
    previous_recurring_value DECIMAL(15, 2)
);

-- Derived from phase_record and lead by store/derived.py alone: all visits of a lead to a phase, put
-- together; phases that it was never in, only past, have none. seconds_spent adds up the visits that
-- ended; left_at_utc is when the last one did, NULL while the lead is in the phase. Score and values
-- are those of its last visit. What stands of the lead is as it is now.
CREATE TABLE lead_stay (
    lead_id UUID NOT NULL,
    phase_id UUID NOT NULL,
    visit_count INTEGER NOT NULL,
    seconds_spent BIGINT NOT NULL,
    left_at_utc TIMESTAMP,
    score SMALLINT,
    expected_value DECIMAL(15, 2),
    recurring_value DECIMAL(15, 2),
    is_last_before_closing BOOLEAN NOT NULL,
    account_type_id UUID NOT NULL,
    owner_id UUID,
    opened_at_utc TIMESTAMP NOT NULL,
    closed_at_utc TIMESTAMP,
    closing_reason_id UUID
);
