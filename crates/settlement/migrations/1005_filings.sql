-- One row per resident that moves with every filing, so that two writers never build on the same filings.
CREATE TABLE filing_head (
    resident_id TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);

-- Filings of care elsewhere and of special diseases. They count from first_on to last_on, included, while in force.
CREATE TABLE filing (
    resident_id TEXT NOT NULL,
    filing_id TEXT NOT NULL,
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE,
    -- What was filed, as JSON.
    details TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, filing_id)
);

-- What became of a filing: only added to.
CREATE TABLE filing_step (
    resident_id TEXT NOT NULL,
    filing_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    state TEXT NOT NULL,
    last_on DATE,
    reason TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, filing_id, ordinal),
    FOREIGN KEY (resident_id, filing_id) REFERENCES filing (resident_id, filing_id)
);

-- Institutions that work with one that receives transfers.
CREATE TABLE partnership (
    receiving_code TEXT NOT NULL,
    partnership_id TEXT NOT NULL,
    partner_code TEXT NOT NULL,
    arrangement TEXT NOT NULL,
    document_number TEXT NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (receiving_code, partnership_id),
    UNIQUE (receiving_code, partner_code, first_on)
);
CREATE INDEX partnership_by_partner ON partnership (partner_code);

-- Holidays of a school in a calendar year.
CREATE TABLE school_calendar (
    unit_id TEXT NOT NULL,
    calendar_year BIGINT NOT NULL,
    -- The holidays, as JSON.
    holidays TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (unit_id, calendar_year)
);
