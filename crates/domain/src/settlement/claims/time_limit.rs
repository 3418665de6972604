//! Until when a self-paid claim is filed (J-6.2.1.1-c, AMB-089).

use chrono::Days;

use super::filing::Filing;
use super::params::ClaimParams;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};

/// Mark of a claim that no limit could be applied to.
pub const LIMIT_NOT_DEFINED: &str = "LIMIT_NOT_DEFINED";

/// Checks the day of filing. A configured limit decides alone; without one the desk's own word that a claim is late is
/// refused, for the rules it would follow are those of another insurance.
///
/// # Errors
/// `DEADLINE_PASSED` with metadata `last_day`; `RULE_NOT_DEFINED`.
pub fn decide(filing: &Filing<'_>, params: &ClaimParams) -> Result<Step, Refusal> {
    let ended_on = filing.bill.discharged_on;
    let limit = match &params.limit_days {
        Ok(limit) => limit,
        Err(gap) if filing.flagged_late => {
            let detail = "late claims may follow rules of employees' insurance, which the documents do not print";
            return Err(Refusal::new(Reason::RuleNotDefined, detail)
                .at("late")
                .by(gap.rule_id.clone())
                .with("parameter", &gap.parameter));
        }
        Err(gap) => {
            let step = Step::of(gap.rule_id.clone()).given("filing_date", filing.filed_on);
            return Ok(step.given("discharge_date", ended_on).marked(LIMIT_NOT_DEFINED));
        }
    };
    let last_day = ended_on.checked_add_days(Days::new(limit.value.into())).unwrap_or(ended_on);
    if filing.filed_on > last_day {
        return Err(Refusal::new(Reason::DeadlinePassed, format!("the claim could be filed until {last_day}"))
            .at("filing_date")
            .by(limit.reference.rule_id.clone())
            .with("last_day", last_day));
    }
    Ok(Step::by(limit, |days| Value::Count((*days).into()))
        .given("filing_date", filing.filed_on)
        .found("last_day", last_day))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{filing, paid_bill, tianjin_2021};
    use super::*;
    use crate::dates::written::day;
    use crate::effective::Effective;

    /// J-6.2.1.1-c, AMB-089: no limit is printed.
    #[test]
    fn without_a_limit_only_the_desk_calls_a_claim_late() {
        let (bill, law) = (paid_bill(), tianjin_2021());
        let years_later = Filing { filed_on: day("2025-12-31"), ..filing(&bill) };
        let step = decide(&years_later, &law).unwrap();
        assert_eq!(step.rule_id, "J-6.2.1.1-c");
        assert!(step.marks().eq([LIMIT_NOT_DEFINED]));
        let refusal = decide(&Filing { flagged_late: true, ..filing(&bill) }, &law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-6.2.1.1-c")));
    }

    /// J-6.2.1.1-c: 30 days after 12 March, the last one included; then the desk's word changes nothing.
    #[test]
    fn a_configured_limit_decides() {
        let bill = paid_bill();
        let mut law = tianjin_2021();
        law.limit_days = Ok(Effective::printed(30, "J-6.2.1.1-c"));
        let on = |filed_on, flagged_late| decide(&Filing { filed_on, flagged_late, ..filing(&bill) }, &law);
        let step = on(day("2021-04-11"), true).unwrap();
        assert_eq!(step.output("last_day"), Some(&day("2021-04-11").into()));
        assert_eq!(step.marks().count(), 0);
        let refusal = on(day("2021-04-12"), false).unwrap_err();
        assert_eq!(refusal.reason, Reason::DeadlinePassed);
        assert_eq!(refusal.metadata, [("last_day", "2021-04-11".to_owned())]);
    }
}
