-- Deductions for which the registry is asked to enrol, from before it is asked until the payment is stored. What is left
-- here, or is to be undone, is taken back at the registry, so that no enrolment stays unpaid.
CREATE TABLE deduction_begun (
    resident_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    deducted_on DATE NOT NULL,
    -- Known once the registry has enrolled.
    enrolment_id TEXT,
    undoing BOOLEAN NOT NULL,
    begun_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, request_id)
);
CREATE INDEX deduction_begun_undoing ON deduction_begun (resident_id, request_id) WHERE undoing;
CREATE INDEX deduction_begun_at ON deduction_begun (begun_at);
