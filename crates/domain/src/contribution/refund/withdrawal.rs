//! Withdrawal before benefits begin (J-3.5-a, J-3.5-c).

use super::{Application, started};
use crate::codes::RefundGround;
use crate::effective::Effective;
use crate::receipt::Step;
use crate::refusal::Refusals;

/// The whole of what the person paid, when the application comes before the first day of benefits.
pub(super) fn step(application: &Application, grounds: &Effective<Vec<RefundGround>>) -> Result<Step, Refusals> {
    if application.applied_on >= application.benefit_start {
        return Err(started(application.benefit_start, "the application", "application_date").into());
    }
    Ok(Step::by(grounds, |_| RefundGround::Withdrawal.into()))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{application, tianjin_2021};
    use super::super::{Ground, decide};
    use crate::codes::Payer;
    use crate::money::Fen;
    use crate::refusal::Reason;

    /// S-12: J-3.5-a on the last day before benefits, J-3.5-c on the first day of them.
    #[test]
    fn the_first_day_of_benefits_ends_it() {
        let law = tianjin_2021();
        let decision = decide(&application("2020-12-31", Ground::Withdrawal), &law).unwrap();
        assert_eq!(decision.refund, Fen::new(56_000));
        assert_eq!(decision.receipt.total(Payer::Person), Fen::new(-56_000));
        assert!(decision.receipt.applies("J-3.5-a"));
        for late in ["2021-01-01", "2021-06-30"] {
            let refusals = decide(&application(late, Ground::Withdrawal), &law).unwrap_err();
            assert_eq!(refusals.0[0].reason, Reason::BenefitAlreadyStarted);
            assert_eq!(refusals.0[0].rule_id.as_deref(), Some("J-3.5-c"));
            assert_eq!(refusals.0[0].metadata, [("benefit_start", "2021-01-01".to_owned())]);
        }
    }
}
