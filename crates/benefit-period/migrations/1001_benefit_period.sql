-- What one payment opened, with the terms of its enrolment and the date arithmetic.
CREATE TABLE derivation (
    resident_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    class TEXT NOT NULL,
    tier TEXT NOT NULL,
    receipt TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, payment_id)
);

-- Days covered by one insurance, from start_on, before end_on.
CREATE TABLE coverage_span (
    resident_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    insurance TEXT NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE NOT NULL,
    benefit_year BIGINT NOT NULL,
    PRIMARY KEY (resident_id, span_id),
    UNIQUE (resident_id, payment_id, insurance, start_on),
    FOREIGN KEY (resident_id, payment_id) REFERENCES derivation (resident_id, payment_id)
);
