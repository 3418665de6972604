//! The calendar year that follows a payment in the window.

use super::derive::Facts;
use super::params::BenefitPeriodParams;
use crate::dates::Period;
use crate::effective::Effective;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// The ordinary period (J-4.1-a; B-3.1-a for schools and nurseries, B-3.3-a for others; J-3.2.5-f for
/// special persons who owe nothing).
pub(super) fn period(facts: &Facts, params: &BenefitPeriodParams) -> Result<(Period, Step), Refusal> {
    if facts.registered_free() {
        return special_person(facts, params.special.as_ref().unwrap_or(&params.ordinary));
    }
    let (window, ordinary) = if facts.through_institution() {
        (&params.school_window, &params.ordinary_school)
    } else {
        (&params.collection_window, &params.ordinary)
    };
    if window.contains(facts.paid_on) {
        let step = Step::by(ordinary, |period| (*period).into()).using(window, |window| (*window).into());
        return Ok((ordinary.value, step));
    }
    Err(outside(facts, window, params))
}

/// The calendar year, whatever the day of registration before it; a later one has no start (AMB-019).
fn special_person(facts: &Facts, special: &Effective<Period>) -> Result<(Period, Step), Refusal> {
    if facts.paid_on < special.start() {
        return Ok((special.value, Step::by(special, |period| (*period).into())));
    }
    let detail = "no start of benefits is printed for special persons registered after the year began";
    Err(Refusal::new(Reason::RuleNotDefined, detail).at("payment_date").by(special.reference.rule_id.clone()))
}

/// Payment before a window.
pub(super) fn not_open(window: &Effective<Period>) -> Refusal {
    Refusal::new(Reason::WindowNotOpen, format!("payment opens on {}", window.start()))
        .at("payment_date")
        .with("opens_on", window.start())
        .by(window.reference.rule_id.clone())
}

fn outside(facts: &Facts, window: &Effective<Period>, params: &BenefitPeriodParams) -> Refusal {
    if facts.paid_on < window.start() {
        return not_open(window);
    }
    let last = params.late_window.as_ref().unwrap_or(window);
    let refusal = Refusal::new(Reason::WindowClosed, format!("payment was open until {}", last.last_day()))
        .at("payment_date")
        .with("last_day", last.last_day())
        .by(last.reference.rule_id.clone());
    // AMB-029: where no late window is printed, none is borrowed from another year.
    if params.late_window.is_none() { refusal.with("late_rule", Reason::RuleNotDefined) } else { refusal }
}

#[cfg(test)]
mod tests {
    use super::super::derive::derive;
    use super::super::fixtures::{adult, baodi_2017, pupil, tianjin_2021};
    use super::*;
    use crate::codes::Category;
    use crate::refusal::Refusals;

    fn found(facts: &Facts, params: &BenefitPeriodParams) -> Result<(String, String), Refusals> {
        let derived = derive(facts, params)?;
        Ok((derived.spans[0].period.to_string(), derived.receipt.steps[0].rule_id.to_string()))
    }

    fn answer(period: &str, rule: &str) -> Result<(String, String), Refusals> {
        Ok((period.to_owned(), rule.to_owned()))
    }

    /// S-16: J-4.1-a; WINDOW_CLOSED from 2021-07-01.
    #[test]
    fn a_payment_in_the_window_opens_the_next_year() {
        let law = tianjin_2021();
        assert_eq!(found(&adult("2020-10-08"), &law), answer("2021-01-01 to 2021-12-31", "J-4.1-a"));
        assert!(found(&adult("2020-08-31"), &law).unwrap_err().has(Reason::WindowNotOpen));
        assert!(found(&adult("2021-07-01"), &law).unwrap_err().has(Reason::WindowClosed));
    }

    /// J-3.2.5-f: registered 2020-08-20, the calendar year; after New Year no start is printed (AMB-019).
    #[test]
    fn a_special_person_has_the_calendar_year() {
        let law = tianjin_2021();
        let special = |on| Facts {
            category: Category::SpecialPerson,
            fully_subsidised: true,
            previous_year_insured: None,
            ..adult(on)
        };
        assert_eq!(found(&special("2020-08-20"), &law), answer("2021-01-01 to 2021-12-31", "J-3.2.5-f"));
        assert!(found(&special("2021-02-26"), &law).unwrap_err().has(Reason::RuleNotDefined));
    }

    /// J-3.2.5-f is for those who owe nothing; the others pay in the window, J-4.1-a.
    #[test]
    fn a_special_person_who_pays_is_like_everybody_else() {
        let law = tianjin_2021();
        let paying = |on| Facts { category: Category::SpecialPerson, ..adult(on) };
        assert_eq!(found(&paying("2020-10-08"), &law), answer("2021-01-01 to 2021-12-31", "J-4.1-a"));
        assert!(found(&paying("2020-08-20"), &law).unwrap_err().has(Reason::WindowNotOpen));
        assert!(found(&paying("2021-07-01"), &law).unwrap_err().has(Reason::WindowClosed));
    }

    /// B-3.1-a for pupils insured in 2016, B-3.3-a for others, nothing late (AMB-029).
    #[test]
    fn baodi_opens_2017() {
        let law = baodi_2017();
        let insured = Facts { policy_year: 2017, previous_year_insured: Some(true), ..pupil("2016-09-12") };
        assert_eq!(found(&insured, &law), answer("2017-01-01 to 2017-12-31", "B-3.1-a"));
        let on = |paid_on| Facts { policy_year: 2017, ..adult(paid_on) };
        assert_eq!(found(&on("2016-12-31"), &law), answer("2017-01-01 to 2017-12-31", "B-3.3-a"));
        let refusals = found(&on("2017-01-01"), &law).unwrap_err();
        assert!(refusals.has(Reason::WindowClosed));
        assert!(refusals.0[0].metadata.contains(&("late_rule", "RULE_NOT_DEFINED".into())));
        let special = Facts { category: Category::SpecialPerson, fully_subsidised: true, ..on("2016-09-12") };
        assert_eq!(found(&special, &law), answer("2017-01-01 to 2017-12-31", "B-3.3-a"));
    }
}
