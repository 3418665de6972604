-- Townships, schools, villages, households: from files, and from offices.
CREATE TABLE unit (
    unit_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    district TEXT NOT NULL,
    township TEXT,
    target_unit TEXT,
    institution_kind TEXT,
    source TEXT NOT NULL,
    revision BIGINT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX unit_by_township ON unit (township, unit_id);
CREATE INDEX unit_by_district ON unit (district, unit_id);

-- A provider as it stands from a day on.
CREATE TABLE provider (
    provider_code TEXT NOT NULL,
    start_on DATE NOT NULL,
    name TEXT NOT NULL,
    district TEXT NOT NULL,
    level TEXT NOT NULL,
    designated BOOLEAN NOT NULL,
    reform_registered BOOLEAN NOT NULL,
    assistance_designated BOOLEAN NOT NULL,
    home_bed BOOLEAN NOT NULL,
    village_clinic BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (provider_code, start_on)
);
