-- The register of aid: one row per event of settlement, with the difference it posted. Sums give the aid of a bill.
CREATE TABLE aid (
    resident_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    settlement_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    service_on DATE NOT NULL,
    medical_fen BIGINT NOT NULL,
    veterans_fen BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, event_id)
);
CREATE INDEX aid_by_settlement ON aid (resident_id, settlement_id);
