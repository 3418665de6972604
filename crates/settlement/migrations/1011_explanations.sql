-- A receipt is stored once, with the entry that it explains. A settlement has one of its own only where it was explained
-- anew without a difference to post.
ALTER TABLE settlement ADD COLUMN explanation TEXT;
UPDATE settlement SET explanation = receipt WHERE receipt <> COALESCE((SELECT e.receipt FROM entry e
    WHERE e.resident_id = settlement.resident_id AND e.settlement_id = settlement.settlement_id AND e.kind <> 'REVERSAL'
    ORDER BY e.entry_id DESC LIMIT 1), '');
ALTER TABLE settlement DROP COLUMN receipt;
