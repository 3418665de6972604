-- Version of the record, and the recorded day of death.
ALTER TABLE resident ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
ALTER TABLE resident ADD COLUMN died_on DATE;

-- The end as first asserted stays beside the end as it is known now, so that both can be told.
ALTER TABLE special_identity ADD COLUMN recognised_outside BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE special_identity ADD COLUMN asserted_end_on DATE;
ALTER TABLE special_identity ADD COLUMN ended_at TIMESTAMP;
ALTER TABLE special_identity ADD COLUMN ended_by_office TEXT;
ALTER TABLE special_identity ADD COLUMN ended_by_district TEXT;
ALTER TABLE special_identity ADD COLUMN ended_by_name TEXT;
UPDATE special_identity SET asserted_end_on = end_on;

-- Every end that became known later, in order; the last one also stands in special_identity.
CREATE TABLE identity_end (
    resident_id TEXT NOT NULL,
    identity_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    end_on DATE NOT NULL,
    ended_at TIMESTAMP NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    PRIMARY KEY (resident_id, identity_id, number),
    FOREIGN KEY (resident_id, identity_id) REFERENCES special_identity (resident_id, identity_id)
);

ALTER TABLE enrolment ADD COLUMN unit_id TEXT;
ALTER TABLE enrolment ADD COLUMN township TEXT;
-- Where it was filed; township is where it counts, which follows the person.
ALTER TABLE enrolment ADD COLUMN desk_township TEXT;
ALTER TABLE enrolment ADD COLUMN count_group TEXT NOT NULL DEFAULT 'GENERAL_RESIDENTS';
ALTER TABLE enrolment ADD COLUMN paid_on DATE;

-- Dated facts; nothing is overwritten. Of one kind the fact that begins last holds, of those the one recorded last.
CREATE TABLE resident_fact (
    resident_id TEXT NOT NULL REFERENCES resident (resident_id),
    fact_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE,
    fact TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, fact_id)
);
