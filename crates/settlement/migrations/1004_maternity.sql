-- Births as townships registered them, one per pregnancy.
CREATE TABLE birth_registration (
    resident_id TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    conceived_on DATE NOT NULL,
    registered_on DATE NOT NULL,
    -- Townships are unit ids; those of the woman are absent where they lie outside the city.
    desk_township TEXT NOT NULL,
    residence_township TEXT,
    household_township TEXT,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, registration_id),
    UNIQUE (resident_id, conceived_on)
);

-- The maternity benefit of a registered birth.
CREATE TABLE benefit_registration (
    resident_id TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    registered_on DATE NOT NULL,
    desk TEXT NOT NULL,
    -- Of an institution.
    provider_code TEXT,
    -- Of a township service.
    desk_township TEXT,
    -- Why it was not registered online; empty at an institution.
    reason TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, registration_id),
    FOREIGN KEY (resident_id, registration_id) REFERENCES birth_registration (resident_id, registration_id)
);
