-- One confirmed payment per enrolment, one voucher per payment of a resident.
CREATE TABLE payment (
    resident_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    personal_fen BIGINT NOT NULL,
    subsidy_fen BIGINT NOT NULL,
    subsidy_ground TEXT,
    government_fen BIGINT,
    paid_on DATE NOT NULL,
    method TEXT NOT NULL,
    voucher_number TEXT NOT NULL,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, payment_id),
    UNIQUE (resident_id, enrolment_id),
    UNIQUE (resident_id, voucher_number)
);
