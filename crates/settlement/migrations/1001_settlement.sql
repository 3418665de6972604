-- One row per resident and year that moves with every posting, so that two writers never build on the same state.
CREATE TABLE person_year (
    resident_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (resident_id, policy_year)
);

-- A bill with the facts that settle it. Its shares stand in the entries; its receipt explains their sum.
CREATE TABLE settlement (
    resident_id TEXT NOT NULL,
    settlement_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    filed_order BIGINT NOT NULL,
    care_kind TEXT NOT NULL,
    bill_number TEXT NOT NULL,
    provider_code TEXT NOT NULL,
    -- Day on which the person was tested; of the later part of a stay before the first day billed.
    began_on DATE NOT NULL,
    admitted_on DATE NOT NULL,
    discharged_on DATE NOT NULL,
    -- The bill as it was filed, as JSON.
    bill TEXT NOT NULL,
    district TEXT NOT NULL,
    class TEXT NOT NULL,
    tier TEXT NOT NULL,
    -- Codes of the special identities on the day the stay began, separated by commas.
    identities TEXT NOT NULL,
    -- What registers said about the bill, as JSON.
    standing TEXT NOT NULL,
    state TEXT NOT NULL,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, settlement_id),
    UNIQUE (resident_id, policy_year, filed_order)
);

-- A reversed bill may be filed again under its number.
CREATE UNIQUE INDEX settlement_by_bill ON settlement (resident_id, provider_code, bill_number)
    WHERE state = 'SETTLED';

-- The ledger: never changed, never deleted.
CREATE TABLE entry (
    resident_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    settlement_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    total_fen BIGINT NOT NULL,
    eligible_fen BIGINT NOT NULL,
    basic_fund_fen BIGINT NOT NULL,
    critical_illness_fen BIGINT NOT NULL,
    maternity_fen BIGINT NOT NULL,
    medical_assistance_fen BIGINT NOT NULL,
    veterans_assistance_fen BIGINT NOT NULL,
    person_fen BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    cause_settlement_id TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, entry_id),
    FOREIGN KEY (resident_id, settlement_id) REFERENCES settlement (resident_id, settlement_id)
);
CREATE INDEX entry_by_settlement ON entry (resident_id, settlement_id);
