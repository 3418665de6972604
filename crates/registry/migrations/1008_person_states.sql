-- How many payments and refunds of the enrolment are known: of what is told in any order the highest stays.
ALTER TABLE enrolment ADD COLUMN paid_version BIGINT NOT NULL DEFAULT 0;
-- Filed by deduction from the old-age living subsidy.
ALTER TABLE enrolment ADD COLUMN by_deduction BOOLEAN NOT NULL DEFAULT FALSE;
-- Everybody whom a unit enrolled for a year, page by page.
CREATE INDEX enrolment_by_unit ON enrolment (unit_id, policy_year, enrolment_id);
