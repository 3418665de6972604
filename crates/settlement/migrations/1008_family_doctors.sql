-- District of the cover on the day of signing; absent of contracts recorded before it was kept.
ALTER TABLE family_doctor ADD COLUMN district TEXT;

-- One row per resident that moves with every contract, so that two writers never build on the same contracts.
CREATE TABLE family_doctor_head (
    resident_id TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
