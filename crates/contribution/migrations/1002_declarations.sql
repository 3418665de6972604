-- Collection systems that units asked for. The key itself is nowhere, its serial number says that it was issued.
CREATE TABLE agency_system (
    unit_id TEXT NOT NULL PRIMARY KEY,
    district TEXT NOT NULL,
    state TEXT NOT NULL,
    key_serial_number TEXT,
    granted_on DATE,
    granted_office TEXT,
    granted_office_district TEXT,
    granted_office_name TEXT,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Declarations. People up to counted_to are counted, those up to paid_to have their payment or their exception; each
-- moves in the transaction of what it stands for.
CREATE TABLE declaration (
    declaration_id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    declarer TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    state TEXT NOT NULL,
    named_fen BIGINT,
    declared_on DATE NOT NULL,
    counted_to TEXT NOT NULL,
    persons BIGINT NOT NULL,
    subsidised BIGINT NOT NULL,
    prepaid BIGINT NOT NULL,
    left_out BIGINT NOT NULL,
    personal_fen BIGINT NOT NULL,
    subsidy_fen BIGINT NOT NULL,
    payable_fen BIGINT NOT NULL,
    paid_to TEXT NOT NULL,
    confirmed BIGINT NOT NULL,
    confirmed_fen BIGINT NOT NULL,
    exceptions BIGINT NOT NULL,
    exception_fen BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    returned_fen BIGINT NOT NULL,
    method TEXT,
    paid_on DATE,
    voucher_number TEXT,
    paid_office TEXT,
    paid_office_district TEXT,
    paid_office_name TEXT,
    paid_at TIMESTAMP,
    receipt_number TEXT,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX declaration_request ON declaration (unit_id, request_id);
-- Two at once would split the people of a unit.
CREATE UNIQUE INDEX declaration_counted ON declaration (unit_id, policy_year) WHERE state = 'COUNTING';
CREATE UNIQUE INDEX declaration_receipt ON declaration (receipt_number);
CREATE INDEX declaration_by_unit ON declaration (unit_id, declaration_id);
CREATE INDEX declaration_unfinished ON declaration (declaration_id) WHERE state IN ('COUNTING', 'PAYING');

-- People of declarations. An enrolment waits for the payment of one declaration at a time, and then until money that was
-- paid for it in vain is used or returned. A line without a state is being counted, in a transaction that did not end yet.
CREATE TABLE declaration_line (
    resident_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    declaration_id TEXT NOT NULL,
    state TEXT,
    reason TEXT,
    detail TEXT,
    class TEXT NOT NULL,
    tier TEXT NOT NULL,
    personal_fen BIGINT NOT NULL,
    subsidy_fen BIGINT NOT NULL,
    payable_fen BIGINT NOT NULL,
    subsidy_ground TEXT,
    prepaid BOOLEAN NOT NULL,
    PRIMARY KEY (resident_id, enrolment_id, declaration_id)
);
CREATE UNIQUE INDEX declaration_line_waits ON declaration_line (resident_id, enrolment_id)
    WHERE state = 'DECLARED' OR (state = 'EXCEPTION' AND payable_fen > 0);
CREATE INDEX declaration_line_order ON declaration_line (declaration_id, enrolment_id);

-- Money of units that went back to them, once for a person of a declaration.
CREATE TABLE declaration_return (
    resident_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    declaration_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    returned_on DATE NOT NULL,
    voucher_number TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, enrolment_id, declaration_id)
);

-- Papers on which people pay, one per enrolment, kind and amount.
CREATE TABLE notice (
    resident_id TEXT NOT NULL,
    notice_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    class TEXT NOT NULL,
    tier TEXT NOT NULL,
    payable_fen BIGINT NOT NULL,
    issued_on DATE NOT NULL,
    rule_id TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, notice_id),
    UNIQUE (resident_id, enrolment_id, kind, payable_fen)
);
-- The number finds the paper, whoever pays on it.
CREATE UNIQUE INDEX notice_number ON notice (number);
