CREATE TABLE resident (
    resident_id TEXT NOT NULL PRIMARY KEY,
    identity_number TEXT NOT NULL,
    name TEXT NOT NULL,
    born_on DATE NOT NULL,
    household_district TEXT,
    residence_district TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Who holds a number: the one table that is not spread by person, because it finds the person.
CREATE TABLE identity_number (
    identity_number TEXT NOT NULL PRIMARY KEY,
    resident_id TEXT NOT NULL
);

-- When an identity is true (from start_on, before end_on), and when it became known (created_at).
CREATE TABLE special_identity (
    resident_id TEXT NOT NULL REFERENCES resident (resident_id),
    identity_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, identity_id)
);

CREATE TABLE enrolment (
    resident_id TEXT NOT NULL REFERENCES resident (resident_id),
    enrolment_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    category TEXT NOT NULL,
    class TEXT NOT NULL,
    tier TEXT NOT NULL,
    desk TEXT NOT NULL,
    enrolment_window TEXT NOT NULL,
    applied_on DATE NOT NULL,
    previous_year_insured BOOLEAN,
    interrupted_on DATE,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, enrolment_id),
    UNIQUE (resident_id, policy_year)
);
