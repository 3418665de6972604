//! Death before benefits begin (J-3.5-e).

use chrono::NaiveDate;

use super::params::RefundParams;
use super::{Application, started, too_late};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};

/// The whole of what the person paid, when the death comes before the first day of benefits and the application by the
/// last day of the year paid for (AMB-040). The day of application may lie after benefits would have begun.
pub(super) fn step(application: &Application, died_on: NaiveDate, params: &RefundParams) -> Result<Step, Refusals> {
    let last_day = params.death_last_day.as_ref().map_err(|gap| Refusal::from(gap.clone()).at("ground"))?;
    let mut refusals = Refusals::default();
    if died_on >= application.benefit_start {
        refusals.push(started(application.benefit_start, "the death", "ground"));
    }
    if application.applied_on < died_on {
        let detail = format!("the refund is applied for before the death of {died_on}");
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("application_date"));
    }
    if application.applied_on > last_day.value {
        refusals.push(too_late(last_day.value, last_day.reference.rule_id.clone()));
    }
    refusals.into_result()?;
    Ok(Step::by(last_day, |day| (*day).into()).given("death_date", died_on))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{application, tianjin_2021};
    use super::super::{Application, Ground, decide};
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::refusal::Reason;

    fn decided(died: &str, applied: &str) -> Result<Fen, Vec<Reason>> {
        let ground = Ground::Death { died_on: day(died) };
        let dear = Application { paid: Fen::yuan(910), paid_on: day("2020-11-02"), ..application(applied, ground) };
        decide(&dear, &tianjin_2021())
            .map(|decision| decision.refund)
            .map_err(|refusals| refusals.0.iter().map(|refusal| refusal.reason).collect())
    }

    /// S-14: J-3.5-e, the last day included; J-3.5-c for a death in the benefit period.
    #[test]
    fn the_day_of_death_and_the_last_day_decide() {
        assert_eq!(decided("2020-12-05", "2021-03-01"), Ok(Fen::new(91_000)));
        assert_eq!(decided("2020-12-31", "2021-12-31"), Ok(Fen::new(91_000)));
        assert_eq!(decided("2020-12-05", "2022-01-01"), Err(vec![Reason::DeadlinePassed]));
        assert_eq!(decided("2021-01-08", "2021-03-01"), Err(vec![Reason::BenefitAlreadyStarted]));
        assert_eq!(decided("2021-01-01", "2021-03-01"), Err(vec![Reason::BenefitAlreadyStarted]));
    }

    /// J-3.5-e: every failing condition stands in the answer, the deadline with its last day.
    #[test]
    fn conditions_fail_together() {
        let both = decided("2021-01-08", "2022-01-01").unwrap_err();
        assert_eq!(both, [Reason::BenefitAlreadyStarted, Reason::DeadlinePassed]);
        assert_eq!(decided("2020-12-05", "2020-12-04"), Err(vec![Reason::DateOrder]));
        let ground = Ground::Death { died_on: day("2020-12-05") };
        let late = decide(&application("2022-01-01", ground), &tianjin_2021()).unwrap_err();
        assert_eq!(late.0[0].rule_id.as_deref(), Some("J-3.5-e"));
        assert_eq!(late.0[0].metadata, [("last_day", "2021-12-31".to_owned())]);
    }
}
