-- How the count of a township and group changed on a day, kept with every enrolment and every move. Without a township
-- the text is empty, because a key holds no null.
CREATE TABLE progress_day (
    district TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    township TEXT NOT NULL,
    count_group TEXT NOT NULL,
    counted_on DATE NOT NULL,
    persons BIGINT NOT NULL,
    PRIMARY KEY (district, policy_year, township, count_group, counted_on)
);

-- An enrolment that went over to another township: up to moved_on it counts in the old one. The recount needs it.
CREATE TABLE enrolment_move (
    resident_id TEXT NOT NULL REFERENCES resident (resident_id),
    enrolment_id TEXT NOT NULL,
    move_number BIGINT NOT NULL,
    district TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    count_group TEXT NOT NULL,
    applied_on DATE NOT NULL,
    from_township TEXT NOT NULL,
    to_township TEXT NOT NULL,
    moved_on DATE NOT NULL,
    PRIMARY KEY (resident_id, enrolment_id, move_number)
);
CREATE INDEX enrolment_move_by_district ON enrolment_move (district, policy_year);

-- A recount reads this index alone and no receipt.
CREATE INDEX enrolment_by_township ON enrolment (district, policy_year, township, count_group, applied_on);

-- Enrolments from before the figures were kept: their group by the rule of their year, and their figures.
UPDATE enrolment SET count_group = CASE
    WHEN policy_year = 2017 AND category IN ('SCHOOL_STUDENT', 'NURSERY_CHILD') THEN 'NOT_COUNTED'
    WHEN policy_year = 2017 AND desk = 'CITY_SOCIAL_INSURANCE_CENTRE' THEN 'NOT_COUNTED'
    WHEN policy_year = 2017 THEN 'GENERAL_RESIDENTS'
    WHEN category = 'SPECIAL_PERSON' THEN 'SPECIAL_GROUPS'
    WHEN class = 'STUDENT_CHILD' THEN 'STUDENTS_CHILDREN'
    ELSE 'GENERAL_RESIDENTS' END;
INSERT INTO progress_day (district, policy_year, township, count_group, counted_on, persons)
    SELECT district, policy_year, COALESCE(township, ''), count_group, applied_on, COUNT(*)
    FROM enrolment GROUP BY district, policy_year, COALESCE(township, ''), count_group, applied_on;

-- The last recount of a district and year. Recounts lock its row, so that no difference is mended twice.
CREATE TABLE recount (
    district TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    enrolments BIGINT NOT NULL,
    differences BIGINT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (district, policy_year)
);

-- The parts into which a township split its target; the set has one version.
CREATE TABLE sub_target_set (
    township TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (township, policy_year)
);
CREATE TABLE sub_target (
    township TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    unit_id TEXT NOT NULL,
    persons BIGINT NOT NULL,
    PRIMARY KEY (township, policy_year, unit_id)
);

-- A circular with the progress it circulated, as it was.
CREATE TABLE circular (
    circular_id TEXT NOT NULL PRIMARY KEY,
    district TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    title TEXT NOT NULL,
    unit_ids TEXT NOT NULL,
    progress TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX circular_by_district ON circular (district, policy_year, circular_id);

-- What a year's appraisal measures, and by which document.
CREATE TABLE appraisal_criterion (
    district TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    measure TEXT NOT NULL,
    weight_percent BIGINT NOT NULL,
    source TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (district, policy_year, measure)
);
CREATE TABLE appraisal (
    unit_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    district TEXT NOT NULL,
    score_basis_points BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (unit_id, policy_year)
);
CREATE INDEX appraisal_by_district ON appraisal (district, policy_year);

CREATE TABLE work_item (
    work_item_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    district TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    subject TEXT NOT NULL,
    unit_id TEXT,
    finding_id TEXT,
    publicity_channel TEXT,
    assignee TEXT,
    due_on DATE,
    outcome TEXT,
    amount_fen BIGINT,
    rule_ids TEXT NOT NULL,
    revision BIGINT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX work_item_by_district ON work_item (district, work_item_id);

-- Who answers for an area, a village or a household: a post, never a name.
CREATE TABLE responsibility (
    unit_id TEXT NOT NULL,
    policy_year BIGINT NOT NULL,
    post TEXT NOT NULL,
    office TEXT NOT NULL,
    office_district TEXT,
    office_name TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (unit_id, policy_year)
);
