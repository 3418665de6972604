-- Who prepaid a year, to pay it for everybody.
CREATE INDEX prepaid_year_by_year ON prepaid_year (policy_year, resident_id);
