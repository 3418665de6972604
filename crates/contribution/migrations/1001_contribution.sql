-- Confirmed payments. A refund marks its payment and deletes nothing; of one enrolment one payment counts at a time.
CREATE TABLE payment (
    resident_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    unit_id TEXT,
    declaration_id TEXT,
    amount_fen BIGINT NOT NULL,
    personal_fen BIGINT NOT NULL,
    subsidy_fen BIGINT NOT NULL,
    subsidy_ground TEXT,
    government_fen BIGINT,
    paid_on DATE NOT NULL,
    method TEXT NOT NULL,
    voucher_number TEXT NOT NULL,
    bank TEXT,
    paper TEXT,
    paper_number TEXT,
    login TEXT,
    qr_source TEXT,
    invokes_epidemic_rule BOOLEAN NOT NULL,
    refund_id TEXT,
    refunded_on DATE,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, payment_id)
);
CREATE UNIQUE INDEX payment_counts ON payment (resident_id, enrolment_id) WHERE refund_id IS NULL;
CREATE INDEX payment_day ON payment (paid_on, district);

-- Vouchers of the tax side, each used for one purpose for ever, also after a refund. It is the one table that is not
-- spread by person: it tells that another person's payment used the number.
CREATE TABLE voucher (
    voucher_number TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    resident_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
