//! The readings of benefit periods, each in both settings.

use chrono::NaiveDate;
use juyi_domain::benefit_period::derive::{Facts, derive};
use juyi_domain::codes::{Category, District, Insurance};
use juyi_policy::Policy;

use crate::settings::set;

/// AMB-041, AMB-048; J-3.3.4-a, J-4.3-a: deducted on 26 February from who was not insured before, the year or from 1 May; a
/// nursery child of September has accident cover of the school year or of the calendar year.
#[test]
fn benefit_periods_are_read_by_their_parameters() {
    let opened = |overlay: &str, insurance: Insurance, facts: &Facts| {
        let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
        let law = policy.for_(District::Jinghai, 2021, facts.paid_on).unwrap();
        let derived = derive(facts, &law.benefit_period).unwrap();
        let spans = derived.spans.iter().filter(|span| span.insurance == insurance);
        spans.map(|span| span.period.to_string()).collect::<Vec<_>>().join(", ")
    };
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let deducted = Facts {
        policy_year: 2021,
        category: Category::UrbanResident,
        born_on: day("1950-05-01"),
        previous_year_insured: Some(false),
        paid_on: day("2021-02-26"),
        fully_subsidised: false,
        interrupted_on: None,
        through_channel: false,
        invokes_epidemic_rule: false,
        by_deduction: true,
    };
    for (value, expected) in
        [("'JANUARY_FIRST'", "2021-01-01 to 2021-12-31"), ("'LATE_RULE'", "2021-05-01 to 2021-12-31")]
    {
        let overlay = set("tianjin-2021.benefit_period.deduction_benefit_start", value, "2020-09-01");
        assert_eq!(opened(&overlay, Insurance::Basic, &deducted), expected, "{value}");
    }
    let child = Facts {
        category: Category::NurseryChild,
        born_on: day("2016-10-01"),
        paid_on: day("2020-09-20"),
        by_deduction: false,
        ..deducted
    };
    for (value, expected) in [("true", "2020-09-01 to 2021-08-31"), ("false", "2021-01-01 to 2021-12-31")] {
        let overlay = set("tianjin-2021.benefit_period.nursery_counts_as_school", value, "2020-09-01");
        assert_eq!(opened(&overlay, Insurance::Accident, &child), expected, "{value}");
    }
}
