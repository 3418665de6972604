-- A bill that the person paid, on its way from the desk to the money.
CREATE TABLE self_paid_claim (
    resident_id TEXT NOT NULL,
    claim_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    -- District of the insured place.
    district TEXT NOT NULL,
    category TEXT NOT NULL,
    desk TEXT NOT NULL,
    filed_by_institution BOOLEAN NOT NULL,
    bill_number TEXT NOT NULL,
    provider_code TEXT NOT NULL,
    -- The bill as it was filed, as JSON.
    bill TEXT NOT NULL,
    -- Codes of the papers, separated by commas.
    papers TEXT NOT NULL,
    filed_on DATE NOT NULL,
    state TEXT NOT NULL,
    -- Its settlement, once approved.
    settlement_id TEXT,
    paid_fen BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, claim_id),
    FOREIGN KEY (resident_id, settlement_id) REFERENCES settlement (resident_id, settlement_id)
);

-- One claim per bill; a returned one may be filed anew.
CREATE UNIQUE INDEX self_paid_claim_by_bill ON self_paid_claim (resident_id, provider_code, bill_number)
    WHERE state <> 'RETURNED';
-- What lies on the desks of a district.
CREATE INDEX self_paid_claim_by_district ON self_paid_claim (district, claim_id);

-- The steps of a claim: never changed, never deleted.
CREATE TABLE self_paid_claim_step (
    resident_id TEXT NOT NULL,
    claim_id TEXT NOT NULL,
    step_number BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- Reasons of a return, as a JSON list.
    reasons TEXT NOT NULL,
    voucher_number TEXT NOT NULL,
    paid_on DATE,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, claim_id, step_number),
    FOREIGN KEY (resident_id, claim_id) REFERENCES self_paid_claim (resident_id, claim_id)
);

-- The account to which claims of a person are paid; its number is the bank's.
CREATE TABLE claim_account (
    resident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id)
);
