-- The office that states for a provider from a moment on, as the bureau named it. The newest counts; before the first it is the
-- office that sent the first statement.
CREATE TABLE provider_office (
    provider_code TEXT NOT NULL,
    number BIGINT NOT NULL,
    stating_district TEXT,
    stating_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    PRIMARY KEY (provider_code, number)
);
