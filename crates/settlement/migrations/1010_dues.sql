-- What providers are due is found by provider, and statements are compared in steps.

-- The provider that is due what an entry posts, with the district of enrolment; absent where the person paid at the counter.
-- Of a settlement they never change.
ALTER TABLE entry ADD COLUMN payee_district TEXT;
ALTER TABLE entry ADD COLUMN payee_code TEXT;
UPDATE entry SET
    payee_district = (SELECT s.district FROM settlement s
        WHERE s.resident_id = entry.resident_id AND s.settlement_id = entry.settlement_id AND s.office = 'PROVIDER'),
    payee_code = (SELECT s.provider_code FROM settlement s
        WHERE s.resident_id = entry.resident_id AND s.settlement_id = entry.settlement_id AND s.office = 'PROVIDER');

-- The period bounds what is read of the index; the provider is read from the index, so that only its own entries are looked up.
DROP INDEX entry_by_time;
CREATE INDEX entry_by_payee ON entry (payee_district, created_at, payee_code) WHERE payee_district IS NOT NULL;

-- What the rows of a statement that have come add up to per kind of care, as JSON.
ALTER TABLE provider_reconciliation ADD COLUMN sums TEXT NOT NULL DEFAULT '{}';
-- How far a comparison has come, as JSON; empty before it begins and after it ends.
ALTER TABLE provider_reconciliation ADD COLUMN progress TEXT NOT NULL DEFAULT '';
-- Nobody summed the rows of statements that are half here: they come again, and what was answered about them is forgotten.
DELETE FROM request WHERE resident_id IN
    (SELECT 'reconciliation/' || reconciliation_id FROM provider_reconciliation WHERE state = 'RECEIVING');
DELETE FROM provider_row WHERE reconciliation_id IN
    (SELECT reconciliation_id FROM provider_reconciliation WHERE state = 'RECEIVING');
UPDATE provider_reconciliation SET state = 'TOTALS', row_count = 0, rows_received = 0 WHERE state = 'RECEIVING';
CREATE INDEX provider_reconciliation_compared ON provider_reconciliation (reconciliation_id) WHERE state = 'COMPARING';
CREATE INDEX provider_reconciliation_of_period ON provider_reconciliation (provider_code, district, begins_on, ends_on);
CREATE INDEX provider_row_of_settlement ON provider_row (reconciliation_id, settlement_id);

-- What was posted in the period of a statement, net of each settlement: our side of the comparison.
CREATE TABLE provider_posted (
    reconciliation_id TEXT NOT NULL,
    settlement_id TEXT NOT NULL,
    basic_fund_fen BIGINT NOT NULL,
    critical_illness_fen BIGINT NOT NULL,
    maternity_fen BIGINT NOT NULL,
    medical_assistance_fen BIGINT NOT NULL,
    veterans_assistance_fen BIGINT NOT NULL,
    person_fen BIGINT NOT NULL,
    PRIMARY KEY (reconciliation_id, settlement_id)
);
