-- A claim whose settlement was reversed claims its bill no longer: the bill is unsettled, and may be claimed anew. The flag
-- stands on the claim and not on the settlement alone, so that a reversal and a payment at the same time meet on one row.
ALTER TABLE self_paid_claim ADD COLUMN settlement_reversed BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE self_paid_claim SET settlement_reversed = TRUE WHERE EXISTS (
    SELECT 1 FROM settlement WHERE settlement.resident_id = self_paid_claim.resident_id
    AND settlement.settlement_id = self_paid_claim.settlement_id AND settlement.state = 'REVERSED'
);

DROP INDEX self_paid_claim_by_bill;
-- One claim per bill; one that was returned, or whose settlement was reversed, leaves the bill to another.
CREATE UNIQUE INDEX self_paid_claim_by_bill ON self_paid_claim (resident_id, provider_code, bill_number)
    WHERE state <> 'RETURNED' AND NOT settlement_reversed;
