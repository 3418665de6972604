-- Reconciliation with the tax side, by district and day. Statements are about vouchers, so nothing here is spread by
-- person.
--
-- A day in a district: how many statements came and how many comparisons began, and the last statement compared.
CREATE TABLE reconciliation_day (
    district TEXT NOT NULL,
    booked_on DATE NOT NULL,
    statements BIGINT NOT NULL,
    runs BIGINT NOT NULL,
    compared BIGINT NOT NULL,
    PRIMARY KEY (district, booked_on)
);

-- A statement of the tax side with its outcome.
CREATE TABLE reconciliation (
    reconciliation_id TEXT NOT NULL PRIMARY KEY,
    district TEXT NOT NULL,
    booked_on DATE NOT NULL,
    statement_id TEXT NOT NULL,
    -- Which statement of the day it is, from 1.
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- True when the rows speak of every unit.
    whole BOOLEAN NOT NULL,
    row_count BIGINT NOT NULL,
    rows_received BIGINT NOT NULL,
    tax_fen BIGINT NOT NULL,
    own_fen BIGINT NOT NULL,
    explained_fen BIGINT NOT NULL,
    unexplained_fen BIGINT NOT NULL,
    units_different BIGINT NOT NULL,
    exceptions BIGINT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (district, statement_id)
);
CREATE INDEX reconciliation_of_district ON reconciliation (district, reconciliation_id);

-- Totals of both sides per unit; the empty unit stands for individuals.
CREATE TABLE reconciliation_unit (
    reconciliation_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    tax_count BIGINT NOT NULL,
    tax_fen BIGINT NOT NULL,
    own_count BIGINT NOT NULL,
    own_fen BIGINT NOT NULL,
    -- True when its rows are compared.
    detailed BOOLEAN NOT NULL,
    PRIMARY KEY (reconciliation_id, unit_id)
);

-- Rows of a statement. The subject is an enrolment, or where resident_id is empty a declaration.
CREATE TABLE tax_row (
    reconciliation_id TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    unit_id TEXT NOT NULL,
    voucher_number TEXT NOT NULL,
    subject TEXT NOT NULL,
    resident_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    method TEXT NOT NULL,
    PRIMARY KEY (reconciliation_id, row_number)
);
CREATE INDEX tax_row_key ON tax_row (reconciliation_id, voucher_number, subject, unit_id);

-- Where the sides differ under one voucher, and what became of it.
CREATE TABLE reconciliation_exception (
    exception_id TEXT NOT NULL PRIMARY KEY,
    district TEXT NOT NULL,
    booked_on DATE NOT NULL,
    unit_id TEXT NOT NULL,
    voucher_number TEXT NOT NULL,
    subject TEXT NOT NULL,
    resident_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    -- The facts: a resolved exception opens again when they change.
    tax_fen BIGINT NOT NULL,
    own_fen BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    state TEXT NOT NULL,
    resolution TEXT NOT NULL,
    reopened BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    -- Number of the comparison of the day that saw it last.
    seen_by BIGINT NOT NULL,
    -- Office that resolved it.
    office TEXT,
    office_district TEXT,
    office_name TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (district, booked_on, unit_id, voucher_number, subject, kind)
);
CREATE INDEX reconciliation_exception_of_district ON reconciliation_exception (district, exception_id);
CREATE INDEX reconciliation_exception_of_unit ON reconciliation_exception (unit_id, district, state);

-- A day's payments in the order in which a comparison passes over them, by person and by declaration, and its refunds.
DROP INDEX payment_day;
CREATE INDEX payment_day ON payment (paid_on, district, resident_id, enrolment_id, voucher_number);
CREATE INDEX payment_declared ON payment (declaration_id, voucher_number) WHERE declaration_id IS NOT NULL;
CREATE INDEX payment_reversed ON payment (refunded_on, district, resident_id, enrolment_id)
    WHERE refunded_on IS NOT NULL;
CREATE INDEX payment_of_unit ON payment (unit_id, policy_year, district) WHERE unit_id IS NOT NULL;
