-- An accepted roster. Its rows are those of the stream that was accepted. Each follows the one before it of its kind,
-- district and unit, and none is followed twice. Persons named up to applied_to have had their effect.
CREATE TABLE roster (
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    roster_id TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    previous_upload_id TEXT NOT NULL,
    previous_roster_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    as_of_on DATE NOT NULL,
    complete BOOLEAN NOT NULL,
    desk TEXT,
    fingerprint TEXT NOT NULL,
    received BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    added BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    departed BIGINT NOT NULL,
    applied BIGINT NOT NULL,
    applied_to TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (district, kind, roster_id),
    UNIQUE (district, kind, unit_id, previous_upload_id)
);
CREATE INDEX roster_by_age ON roster (district, upload_id);

-- A stream under way, or one that broke off; accepted ones have left. The last rows came at touched_at. One that is
-- given up takes no more rows and becomes no roster; it stays until its rows are removed.
CREATE TABLE roster_upload (
    upload_id TEXT NOT NULL PRIMARY KEY,
    touched_at TIMESTAMP NOT NULL,
    given_up BOOLEAN NOT NULL
);

-- A row that a stream brought, one per person.
CREATE TABLE roster_row (
    upload_id TEXT NOT NULL,
    identity_number TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    name TEXT NOT NULL,
    township TEXT,
    fingerprint BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (upload_id, identity_number)
);
CREATE INDEX roster_row_in_order ON roster_row (upload_id, row_number);

-- A row that was not accepted, with its reasons.
CREATE TABLE roster_exception (
    upload_id TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    disposition TEXT NOT NULL,
    identity_number TEXT NOT NULL,
    content TEXT NOT NULL,
    reasons TEXT NOT NULL,
    PRIMARY KEY (upload_id, row_number)
);
CREATE INDEX roster_exception_by_number ON roster_exception (upload_id, identity_number);
