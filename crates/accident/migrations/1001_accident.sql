-- Reported accidents, one per resident and day, each with the route it was given.
CREATE TABLE accident (
    resident_id TEXT NOT NULL,
    claim_id TEXT NOT NULL,
    accident_on DATE NOT NULL,
    reported_on DATE NOT NULL,
    report_due_on DATE NOT NULL,
    late BOOLEAN NOT NULL,
    policy_year BIGINT NOT NULL,
    insured_group TEXT NOT NULL,
    district TEXT NOT NULL,
    insurer TEXT NOT NULL,
    -- The route as it was answered: a message juyi.accident.v1.Route.
    route BYTEA NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, claim_id),
    UNIQUE (resident_id, accident_on)
);
