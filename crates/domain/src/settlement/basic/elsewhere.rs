//! Rates outside the city (J-10.3.2).

use crate::codes::ProviderLevel;
use crate::effective::{Effective, Gap};
use crate::money::Rate;
use crate::receipt::Step;
use crate::settlement::care::{OutOfArea, Place};
use crate::settlement::case::Case;
use crate::settlement::params::{BasicParams, ElsewhereParams};

use crate::settlement::trace::Trace;

/// On which terms the place of care is paid.
#[derive(Clone, Copy, Debug)]
pub(super) enum Terms<'a> {
    /// In the city, or outside the border, where nothing is paid.
    City,
    /// Elsewhere in the mainland.
    Elsewhere(Surcharge<'a>),
    /// Chosen by the person, and not of one of these levels (J-10.3.2-e).
    NotPaid(&'a Effective<Vec<ProviderLevel>>),
}

/// What the person bears more elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surcharge<'a> {
    /// The rule that applies.
    rule_id: &'static str,
    /// Percentage points of the personal share.
    pub(super) points: &'a Effective<u32>,
    /// Level whose rate applies.
    level: Option<ProviderLevel>,
    /// The points count for critical illness insurance and assistance (AMB-075).
    pub(super) in_burden: &'a Effective<bool>,
    /// The other payers settle the same bill (J-10.4-a).
    one_bill: &'a Effective<bool>,
}

/// Finds the terms. A trip with an acute illness has to be recorded (J-10.1.2-a), and residence, the time of a student at
/// home, a transfer and a partner have to be registered (J-10.1.1-a, J-10.5.1-a, J-10.3.2-b, -c); where they are not, the
/// institution counts as chosen by the person.
///
/// # Errors
/// The gap of a year that prints nothing for care outside the city.
pub(super) fn terms<'a>(case: &Case, params: &'a BasicParams) -> Result<Terms<'a>, Gap> {
    let Place::Elsewhere { category, receiving_level, .. } = &case.bill.place else { return Ok(Terms::City) };
    let params = params.elsewhere.as_ref().map_err(Clone::clone)?;
    let own = case.bill.provider.level;
    let registered = case.standing.elsewhere;
    Ok(match category {
        OutOfArea::Residence if registered => elsewhere("J-10.3.2-a", &params.normal_points, own, params),
        OutOfArea::TemporaryEmergency if registered => elsewhere("J-10.3.2-a", &params.normal_points, own, params),
        OutOfArea::StudentAtHome if registered => elsewhere("J-10.5.1-a", &params.normal_points, own, params),
        OutOfArea::ApprovedTransfer if registered => elsewhere("J-10.3.2-b", &params.transfer_points, own, params),
        // The whole percentage of the receiving institution (AMB-074).
        OutOfArea::TransferPartner if registered => {
            elsewhere("J-10.3.2-c", &params.partner_points, *receiving_level, params)
        }
        _ => self_chosen(case, params),
    })
}

/// Asks whether the year prints anything for a place, for the kinds of care that have no terms of their own (AMB-072).
///
/// # Errors
/// The gap of a year that prints nothing for care outside the city.
pub(super) fn known(place: &Place, params: &BasicParams) -> Result<(), Gap> {
    match place {
        Place::Elsewhere { .. } => params.elsewhere.as_ref().map(|_| ()).map_err(Clone::clone),
        _ => Ok(()),
    }
}

fn self_chosen<'a>(case: &Case, params: &'a ElsewhereParams) -> Terms<'a> {
    let level = case.bill.provider.level.filter(|level| params.self_chosen_levels.contains(level));
    match level.filter(|_| case.bill.provider.designated) {
        Some(_) => elsewhere("J-10.3.2-d", &params.self_chosen_points, level, params),
        None => Terms::NotPaid(&params.self_chosen_levels),
    }
}

const fn elsewhere<'a>(
    rule_id: &'static str,
    points: &'a Effective<u32>,
    level: Option<ProviderLevel>,
    params: &'a ElsewhereParams,
) -> Terms<'a> {
    let (in_burden, one_bill) = (&params.penalty_in_burden, &params.one_bill);
    Terms::Elsewhere(Surcharge { rule_id, points, level, in_burden, one_bill })
}

impl<'a> Terms<'a> {
    /// The level whose rate applies.
    pub(super) const fn level(self, case: &Case) -> Option<ProviderLevel> {
        match self {
            Self::Elsewhere(surcharge) => surcharge.level,
            Self::City | Self::NotPaid(_) => case.bill.provider.level,
        }
    }

    /// Puts the terms of a place outside the city on the receipt.
    pub(super) fn record<T: Trace<'a>>(self, case: &'a Case, trace: &mut T) {
        let (Self::Elsewhere(surcharge), Place::Elsewhere { category, .. }) = (self, &case.bill.place) else { return };
        trace.step(move || {
            let step = Step::new(surcharge.rule_id)
                .using(surcharge.points, |points| i64::from(*points).into())
                .using(surcharge.one_bill, |_| "TRUE".into())
                .given("category", *category)
                .given("registered", if case.standing.elsewhere { "TRUE" } else { "FALSE" });
            let step = match surcharge.level {
                Some(level) => step.given("rate_of", level),
                None => step,
            };
            step.found("points", i64::from(surcharge.points.value))
        });
    }
}

impl Surcharge<'_> {
    /// What the fund pays of a printed rate.
    pub(super) fn on(&self, printed: Rate) -> Rate {
        printed.minus_points(self.points.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Tier;
    use crate::money::Fen;
    use crate::refusal::Reason;
    use crate::settlement::accumulators::Opening;
    use crate::settlement::fixtures::{basic_2021, settle, settle_with, special, stay, try_settle};
    use crate::settlement::params::MaximumBasis;

    fn elsewhere(category: OutOfArea, level: ProviderLevel, registered: bool) -> Case {
        let mut case = stay(1, Fen::yuan(20_000), level, Tier::Middle);
        let receiving_level = (category == OutOfArea::TransferPartner).then_some(ProviderLevel::Three);
        case.bill.place = Place::Elsewhere { category, region: "110000".to_owned(), receiving_level };
        case.standing.elsewhere = registered;
        case
    }

    /// S-38 and C17, the examples of J-10.3.2-a to J-10.3.2-e, middle tier, 20000.00.
    #[test]
    fn the_reason_decides_the_rate() {
        use OutOfArea::{ApprovedTransfer, Residence, SelfChosen, StudentAtHome, TemporaryEmergency, TransferPartner};
        let (one, two, three) = (ProviderLevel::One, ProviderLevel::Two, ProviderLevel::Three);
        for (category, level, registered, yuan, rule_id) in [
            (Residence, three, true, 13_650, "J-10.3.2-a"),
            (TemporaryEmergency, three, true, 13_650, "J-10.3.2-a"),
            (TemporaryEmergency, one, true, 15_600, "J-10.3.2-a"),
            (StudentAtHome, three, true, 13_650, "J-10.5.1-a"),
            (ApprovedTransfer, three, true, 12_675, "J-10.3.2-b"),
            (ApprovedTransfer, two, true, 13_650, "J-10.3.2-b"),
            // C18, AMB-074: the partner of level 1 has the percentage of the receiving hospital of level 3.
            (TransferPartner, one, true, 12_675, "J-10.3.2-c"),
            (SelfChosen, three, true, 11_700, "J-10.3.2-d"),
            (SelfChosen, two, false, 12_675, "J-10.3.2-d"),
            (SelfChosen, one, false, 0, "J-10.3.2-e"),
            // J-10.1.1-a, J-10.3.2-b, -c: what is not registered was chosen by the person.
            (Residence, three, false, 11_700, "J-10.3.2-d"),
            (ApprovedTransfer, three, false, 11_700, "J-10.3.2-d"),
            (TransferPartner, one, false, 0, "J-10.3.2-e"),
            (StudentAtHome, three, false, 11_700, "J-10.3.2-d"),
            // J-10.1.2-a: nobody recorded a trip and an acute illness.
            (TemporaryEmergency, three, false, 11_700, "J-10.3.2-d"),
            (TemporaryEmergency, one, false, 0, "J-10.3.2-e"),
            (StudentAtHome, one, false, 0, "J-10.3.2-e"),
        ] {
            let outcome = settle(&[elsewhere(category, level, registered)]).remove(0);
            assert_eq!(outcome.basic, Fen::yuan(yuan), "{category} {level} {registered}");
            assert!(outcome.trace.applies(rule_id), "{category} {level} {registered}");
            assert_eq!(outcome.trace.is_marked("NOT_COVERED"), yuan == 0);
        }
    }

    /// AMB-072: special outpatient care as well. The example of J-10.3.2-c: 1000.00 without a deductible.
    #[test]
    fn special_outpatient_care_has_the_points_too() {
        let mut visit = special(2, Fen::yuan(1_000), ProviderLevel::Three, Tier::Middle);
        let partner = elsewhere(OutOfArea::TransferPartner, ProviderLevel::One, true);
        visit.bill.place = partner.bill.place.clone();
        visit.standing.elsewhere = true;
        let mut second = partner.clone();
        second.bill.in_catalogue = Fen::yuan(1_000);
        second.filed_order = 3;
        let outcomes = settle(&[partner, second, visit]);
        assert_eq!((outcomes[1].basic, outcomes[2].basic), (Fen::yuan(650), Fen::yuan(450)));
    }

    /// AMB-135: deductible and maximum are this city's; J-10.3.1-a and J-10.3.1-b: whose catalogues decided.
    #[test]
    fn the_accounts_are_those_of_the_city() {
        let mut claimed = elsewhere(OutOfArea::TemporaryEmergency, ProviderLevel::Three, true);
        let direct = settle(std::slice::from_ref(&claimed)).remove(0);
        assert_eq!((direct.state_after.stays, direct.state_after.deductible_used), (1, Fen::yuan(500)));
        assert!(direct.trace.applies("J-10.3.1-a"));
        claimed.standing.self_paid = true;
        let claimed = settle(&[claimed]).remove(0);
        assert!(claimed.trace.applies("J-10.3.1-b") && claimed.basic == direct.basic);
    }

    /// AMB-075: the points are burden; in the other reading 10 % of 19500.00 are not.
    #[test]
    fn the_points_count_for_the_insurances_that_follow() {
        let bill = [elsewhere(OutOfArea::SelfChosen, ProviderLevel::Three, false)];
        let outcome = settle(&bill).remove(0);
        assert_eq!((outcome.state_after.burden, outcome.aid_base), (Fen::yuan(8_300), Fen::yuan(8_300)));
        for basis in [MaximumBasis::FundPayment, MaximumBasis::EligibleCost] {
            let mut law = basic_2021(basis);
            law.elsewhere.as_mut().unwrap().penalty_in_burden = Effective::printed(false, "J-10.3.2-d");
            let outcome = settle_with(&bill, &law).remove(0);
            assert_eq!((outcome.basic, outcome.state_after.burden), (Fen::yuan(11_700), Fen::yuan(6_350)));
            assert_eq!(outcome.aid_base, Fen::yuan(6_350));
        }
    }

    /// A year that prints nothing for care outside the city refuses it (AMB-082).
    #[test]
    fn what_is_not_printed_is_refused() {
        let mut law = basic_2021(MaximumBasis::FundPayment);
        law.elsewhere = Err(Gap { parameter: "out_of_area".into(), rule_id: "B-5-a".into(), configurable: false });
        let bill = [elsewhere(OutOfArea::Residence, ProviderLevel::Three, true)];
        let refusals = try_settle(&bill, &Opening::default(), &law).unwrap_err();
        assert_eq!((refusals.0[0].reason, refusals.0[0].rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-5-a")));
    }
}
