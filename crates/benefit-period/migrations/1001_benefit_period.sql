-- Who has facts here. Whoever raises `changes` has the person alone until the transaction ends.
CREATE TABLE person (
    resident_id TEXT PRIMARY KEY,
    changes BIGINT NOT NULL
);

-- The persons of the batch at work. Rows leave in the transaction that brought them.
CREATE TABLE batch_person (
    batch_id TEXT NOT NULL,
    resident_id TEXT NOT NULL,
    PRIMARY KEY (batch_id, resident_id)
);

-- A person as the registry told last. Days of leaving school, enrolments, employees' insurance and routes are JSON: they are
-- only ever read together.
CREATE TABLE person_state (
    resident_id TEXT PRIMARY KEY,
    revision BIGINT NOT NULL,
    born_on DATE NOT NULL,
    died_on DATE,
    left_school_on TEXT NOT NULL,
    interrupted_on DATE,
    enrolments TEXT NOT NULL,
    employees TEXT NOT NULL,
    routes TEXT NOT NULL,
    noted_at TIMESTAMP NOT NULL
);

-- Confirmed payments.
CREATE TABLE payment_fact (
    resident_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    paid_on DATE NOT NULL,
    method TEXT NOT NULL,
    fully_subsidised BOOLEAN NOT NULL,
    invokes_epidemic_rule BOOLEAN NOT NULL,
    noted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, payment_id)
);

-- Refunds by payment, which may still be to come.
CREATE TABLE refund_fact (
    resident_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    refund_id TEXT NOT NULL,
    refunded_on DATE NOT NULL,
    noted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, payment_id)
);

-- What one payment comes to: the receipt of the date arithmetic, or the reasons why it opens nothing; neither after a refund.
CREATE TABLE derivation (
    resident_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    receipt TEXT,
    reasons TEXT,
    derived_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, payment_id)
);

-- Days covered by one insurance, from start_on, before end_on. A span that a recomputation took away is marked and stays.
CREATE TABLE coverage_span (
    resident_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    enrolment_id TEXT NOT NULL,
    insurance TEXT NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE NOT NULL,
    benefit_year BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    withdrawn_by TEXT,
    withdrawn_at TIMESTAMP,
    PRIMARY KEY (resident_id, span_id),
    FOREIGN KEY (resident_id, payment_id) REFERENCES payment_fact (resident_id, payment_id)
);
CREATE UNIQUE INDEX coverage_span_current ON coverage_span (resident_id, insurance, start_on) WHERE withdrawn_at IS NULL;

-- What facts changed, with the facts.
CREATE TABLE recomputation (
    resident_id TEXT NOT NULL,
    recomputation_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    causes TEXT NOT NULL,
    difference TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, recomputation_id)
);
