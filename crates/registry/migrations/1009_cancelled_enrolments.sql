-- Enrolments by deduction that were taken back, since nothing was deducted. They count nowhere.
CREATE TABLE cancelled_enrolment (
    resident_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    tier TEXT NOT NULL,
    applied_on DATE NOT NULL,
    receipt TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    cancelled_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, enrolment_id)
);
