-- Refunds. A payment has one that is not rejected; what became of it stands in its steps, which are only added.
CREATE TABLE refund (
    resident_id TEXT NOT NULL,
    refund_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    ground TEXT NOT NULL,
    admitted_on DATE,
    loaned_on DATE,
    died_on DATE,
    applied_on DATE NOT NULL,
    benefit_start DATE NOT NULL,
    refund_fen BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    state TEXT NOT NULL,
    is_closed BOOLEAN NOT NULL,
    replacing_payment_id TEXT,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, refund_id)
);
CREATE UNIQUE INDEX refund_of_payment ON refund (resident_id, payment_id) WHERE state <> 'REJECTED';
CREATE INDEX refund_open ON refund (district, refund_id) WHERE is_closed = FALSE;

CREATE TABLE refund_step (
    resident_id TEXT NOT NULL,
    refund_id TEXT NOT NULL,
    state TEXT NOT NULL,
    taken_on DATE NOT NULL,
    reason TEXT NOT NULL,
    voucher_number TEXT,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, refund_id, state)
);
CREATE UNIQUE INDEX refund_step_voucher ON refund_step (resident_id, voucher_number);

-- Premiums prepaid by academic years. No policy year of a person is prepaid twice.
CREATE TABLE prepayment (
    resident_id TEXT NOT NULL,
    prepayment_id TEXT NOT NULL,
    -- None for a term that began before the years whose law is loaded.
    enrolment_id TEXT,
    district TEXT NOT NULL,
    first_year BIGINT NOT NULL,
    last_year BIGINT NOT NULL,
    academic_years BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    paid_on DATE NOT NULL,
    voucher_number TEXT NOT NULL,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, prepayment_id)
);
CREATE TABLE prepaid_year (
    resident_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    prepayment_id TEXT NOT NULL,
    PRIMARY KEY (resident_id, policy_year)
);
