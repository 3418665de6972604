-- Recomputations, and what is settled with providers.

-- An entry is caused by a settlement that was filed or reversed, or, where that is empty, by a recomputation.
ALTER TABLE entry ADD COLUMN recomputation_id TEXT;

-- What a provider is due is counted by the instant of posting, so that a later adjustment belongs to the period in which it
-- was posted.
CREATE INDEX entry_by_time ON entry (created_at);

-- What covered a settlement until a recomputation replaced it.
CREATE TABLE replaced_cover (
    resident_id TEXT NOT NULL,
    recomputation_id TEXT NOT NULL,
    settlement_id TEXT NOT NULL,
    class TEXT NOT NULL,
    tier TEXT NOT NULL,
    -- Codes of the special identities, separated by commas.
    identities TEXT NOT NULL,
    -- What registers said about the bill, as JSON.
    standing TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, recomputation_id, settlement_id)
);

-- Reconciliation with providers, by provider, district of enrolment and period of posting days. Nothing here belongs to one
-- person.
CREATE TABLE provider_reconciliation (
    reconciliation_id TEXT NOT NULL PRIMARY KEY,
    provider_code TEXT NOT NULL,
    district TEXT NOT NULL,
    -- Half-open.
    begins_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    -- The provider's id of the statement.
    statement_id TEXT NOT NULL,
    state TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    rows_received BIGINT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (provider_code, statement_id)
);
CREATE INDEX provider_reconciliation_of_district ON provider_reconciliation (district, reconciliation_id);

-- Totals of both sides per kind of care, as JSON.
CREATE TABLE provider_total (
    reconciliation_id TEXT NOT NULL,
    care_kind TEXT NOT NULL,
    theirs TEXT NOT NULL,
    ours TEXT NOT NULL,
    PRIMARY KEY (reconciliation_id, care_kind)
);

-- Rows of a statement.
CREATE TABLE provider_row (
    reconciliation_id TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    settlement_id TEXT NOT NULL,
    care_kind TEXT NOT NULL,
    -- What each payer bears, as JSON.
    shares TEXT NOT NULL,
    PRIMARY KEY (reconciliation_id, row_number)
);

-- Where the sides differ on a settlement, and what became of it.
CREATE TABLE provider_exception (
    reconciliation_id TEXT NOT NULL,
    exception_id TEXT NOT NULL,
    settlement_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    theirs TEXT NOT NULL,
    ours TEXT NOT NULL,
    -- Empty while nobody has explained it.
    reason TEXT NOT NULL,
    office TEXT,
    office_district TEXT,
    office_name TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (reconciliation_id, exception_id),
    UNIQUE (exception_id)
);
