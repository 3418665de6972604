-- Living persons by year, number and name as they are enrolled: most rows of a list are explained by this table alone,
-- in the order of the numbers, without the registry's tables being read. A row that it does not explain is looked up
-- there, where a missing entry costs time; but who is enrolled and not on a list (ENROLLED_NOT_ON_LIST) is found by it
-- alone, so that a missing entry hides a finding. Like identity_number, it is not spread by person.
CREATE TABLE enrolled (
    policy_year BIGINT NOT NULL,
    identity_number TEXT NOT NULL,
    name TEXT NOT NULL,
    district TEXT NOT NULL,
    category TEXT NOT NULL,
    PRIMARY KEY (policy_year, identity_number, name, district, category)
);

INSERT INTO enrolled (policy_year, identity_number, name, district, category)
SELECT e.policy_year, p.identity_number, p.name, e.district, e.category
FROM enrolment e JOIN resident p ON p.resident_id = e.resident_id WHERE p.died_on IS NULL;

-- A comparison of the registry with a roster. It is here from its beginning, so that the same
-- request finds its id again.
CREATE TABLE comparison (
    comparison_id TEXT NOT NULL PRIMARY KEY,
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    roster_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    finished BOOLEAN NOT NULL,
    listed BIGINT NOT NULL,
    matched BIGINT NOT NULL,
    not_enrolled BIGINT NOT NULL,
    -- Counts by kind: KIND=count, separated by commas, in the order of the glossary.
    findings TEXT NOT NULL,
    opened BIGINT NOT NULL,
    cleared BIGINT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (district, kind, roster_id, request_id)
);

-- What comparisons found. About a number on a list, which need not be a resident's, so not spread by person.
CREATE TABLE finding (
    finding_id TEXT NOT NULL PRIMARY KEY,
    district TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    roster_kind TEXT NOT NULL,
    kind TEXT NOT NULL,
    identity_number TEXT NOT NULL,
    -- Unit whose list showed it; empty for a list of the whole district.
    unit_id TEXT NOT NULL,
    roster_id TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    resident_id TEXT,
    township TEXT,
    detail TEXT NOT NULL,
    remedy TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    -- What it rests on: a resolved finding opens again when this changes.
    facts TEXT NOT NULL,
    resolution TEXT NOT NULL,
    reopened BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    -- Comparisons that last saw, opened and cleared it; ids are in the order of time. Empty for no comparison.
    seen_by TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    cleared_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (district, policy_year, roster_kind, kind, identity_number)
);
CREATE INDEX finding_by_district ON finding (district, finding_id);
CREATE INDEX finding_by_township ON finding (township, finding_id);
CREATE INDEX finding_by_resident ON finding (resident_id, kind);
