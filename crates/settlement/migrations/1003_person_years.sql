-- What a person brings into a year: statements that are added and never changed. The latest counts.
CREATE TABLE opening (
    resident_id TEXT NOT NULL,
    opening_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    -- Balances with their origin years and sources, as JSON.
    balances TEXT NOT NULL,
    unused_years BIGINT,
    unused_source TEXT NOT NULL,
    -- Facts besides the ledger that a closing was made of, as JSON, and why; of imports empty.
    facts TEXT NOT NULL,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, opening_id)
);

-- Contracts with family doctors. The day of the bonus follows from the day of signing.
CREATE TABLE family_doctor (
    resident_id TEXT NOT NULL,
    contract_id TEXT NOT NULL,
    institution_code TEXT NOT NULL,
    signed_on DATE NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, contract_id)
);

CREATE TABLE family_doctor_end (
    resident_id TEXT NOT NULL,
    contract_id TEXT NOT NULL,
    ended_on DATE NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, contract_id)
);
