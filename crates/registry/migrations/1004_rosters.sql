-- An accepted roster. Its rows are those of the stream that was accepted.
CREATE TABLE roster (
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    roster_id TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    previous_upload_id TEXT,
    previous_roster_id TEXT,
    policy_year BIGINT NOT NULL,
    as_of_on DATE NOT NULL,
    complete BOOLEAN NOT NULL,
    unit_id TEXT,
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
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (district, kind, roster_id)
);

-- A stream under way, or one that broke off; accepted ones have left.
CREATE TABLE roster_upload (
    upload_id TEXT NOT NULL PRIMARY KEY,
    created_at TIMESTAMP NOT NULL
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
