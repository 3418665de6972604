//! Outpatient medical assistance: half of the in-policy personal share, up to a sum of the year (J-5.5.1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::inpatient::Used;
use super::params::{AidType, AssistanceParams};
use crate::codes::{Identity, Payer, ProviderLevel, UnknownCode, codes};
use crate::effective::Effective;
use crate::money::Fen;
use crate::receipt::{Receipt, Step, Value};
use crate::settlement::bill::Bill;
use crate::settlement::care::{Place, ProviderKind};

codes! {
    /// Where outpatient care was given, as J-5.5.1-a asks for it.
    OutpatientVenue {
        /// Level 1 institution or community health institution of the city.
        LevelOne = "LEVEL_1",
        /// Level 2 institution of the city under the reform, of which no designation for assistance is asked.
        LevelTwoReformed = "LEVEL_2_REFORMED",
        /// Everything else: pharmacies, village clinics, other levels, other places (AMB-095, AMB-101).
        Other = "OTHER",
    }
}

impl OutpatientVenue {
    /// The venue of an outpatient bill. Care elsewhere gets no outpatient aid (AMB-101).
    #[must_use]
    pub fn of(bill: &Bill) -> Self {
        let provider = &bill.provider;
        match (provider.kind, provider.level) {
            _ if bill.place != Place::Local => Self::Other,
            (ProviderKind::Hospital, Some(ProviderLevel::One)) | (ProviderKind::CommunityHealthCentre, _) => {
                Self::LevelOne
            }
            (ProviderKind::Hospital, Some(ProviderLevel::Two)) if provider.reform_registered => Self::LevelTwoReformed,
            _ => Self::Other,
        }
    }

    /// True where outpatient assistance applies.
    #[must_use]
    pub const fn qualifies(self, aid_designated: bool) -> bool {
        match self {
            Self::LevelOne => aid_designated,
            Self::LevelTwoReformed => true,
            Self::Other => false,
        }
    }
}

/// The row with the largest sum of the year over the rows whose identities are all held (AMB-093); `None` for somebody who
/// is no aid recipient.
#[must_use]
pub fn maybe_row<'a>(identities: &[Identity], params: &'a AssistanceParams) -> Option<&'a Effective<AidType>> {
    let held = params.types.iter().filter(|row| row.requires.iter().all(|identity| identities.contains(identity)));
    let key = |row: &AidType| (row.outpatient_maximum, row.outpatient_rate);
    // Of equal rows the first in the table.
    held.reduce(|best, row| if key(row) > key(best) { row } else { best })
}

/// Assistance on the personal share of one visit, the deductible included (AMB-095); the last step is the payment line. What
/// veterans' support pays does not use up the sum of the year: otherwise the second status could cost money.
#[must_use]
pub fn pay(
    base: Fen,
    venue: OutpatientVenue,
    used: Used,
    row: &Effective<AidType>,
    params: &AssistanceParams,
) -> Receipt {
    let computed = base.at(row.outpatient_rate).round();
    let left = row.outpatient_maximum.above(used.outpatient_paid);
    let paid = computed.min(left);
    let kind = Value::Code(row.code.clone().into());
    // The text prints the sum of the year as well as the table.
    let text = params.outpatient_maxima.iter().find(|maximum| maximum.value == row.outpatient_maximum);
    let limit = text.map_or_else(
        || Step::by(row, |row| row.outpatient_maximum.into()),
        |maximum| Step::by(maximum, |fen| (*fen).into()).using(row, |row| row.outpatient_maximum.into()),
    );
    let limit = if computed > left { limit.marked("MAXIMUM_REACHED") } else { limit };
    Receipt {
        steps: vec![
            Step::new("J-5.5.1-a").given("venue", venue).found("base", base),
            Step::new("J-5.5.1-b")
                .using(row, |row| row.outpatient_rate.into())
                .given("recipient_type", kind)
                .found("computed", computed),
            limit
                .moving("outpatient_assistance_paid", used.outpatient_paid, used.outpatient_paid + paid)
                .moving("medical_assistance_paid", used.paid, used.paid + paid)
                .paying(Payer::MedicalAssistance, paid),
        ],
    }
}

/// The answer for a venue at which outpatient assistance does not apply.
#[must_use]
pub fn not_covered(base: Fen, venue: OutpatientVenue) -> Step {
    let step = Step::new("J-5.5.1-a").given("venue", venue).found("base", base);
    step.marked("NOT_COVERED").paying(Payer::MedicalAssistance, Fen::ZERO)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{tianjin_2021, visit};
    use super::super::params::BandScope;
    use super::super::year::{AidCase, AidOutcome, Care, assess_year};
    use super::*;
    use crate::dates::written::day;
    use crate::settlement::care::Provider;
    use crate::settlement::fixtures::bill;

    const POOR: &[Identity] = &[Identity::SubsistenceAllowance];
    const POOREST: &[Identity] = &[Identity::RuralExtremePoverty];

    fn assessed(cases: &[AidCase]) -> Vec<AidOutcome> {
        let law = tianjin_2021(BandScope::CalendarYear);
        assess_year(cases.iter().map(|case| (case, &law)))
    }

    fn medical(identities: &[Identity], yuan: &[i64]) -> Vec<i64> {
        let cases: Vec<AidCase> = (1..).zip(yuan).map(|(order, it)| visit(order, Fen::yuan(*it), identities)).collect();
        assessed(&cases).iter().map(|outcome| outcome.medical.get() / 100).collect()
    }

    /// S-47, J-5.5.1-b: shares of 700.00 and 400.00. J-5.5.1-c: 350.00 and 150.00. J-5.5.1-d: 200.00 and nothing.
    #[test]
    fn half_of_the_share_up_to_the_sum_of_the_year() {
        assert_eq!(medical(POOR, &[700, 400]), [200, 0]);
        assert_eq!(medical(POOREST, &[700, 400]), [350, 150]);
        assert_eq!(
            (medical(POOR, &[300]), medical(POOREST, &[1_200]), medical(POOR, &[500])),
            (vec![150], vec![500], vec![200])
        );
        let outcomes = assessed(&[visit(1, Fen::yuan(700), POOR), visit(2, Fen::yuan(700), POOREST)]);
        assert!(outcomes[0].receipt.applies("J-5.5.1-d") && outcomes[1].receipt.applies("J-5.5.1-c"));
        assert!(outcomes[0].receipt.is_marked("MAXIMUM_REACHED"));
    }

    /// J-5.5.T-a to -e: bases of 1000 and 400 of the table; the better sum of several identities.
    #[test]
    fn the_tables_bases() {
        let disabled = [Identity::RuralExtremePoverty, Identity::SevereDisability];
        assert_eq!((medical(POOREST, &[1_000]), medical(&disabled, &[2_000])), (vec![500], vec![500]));
        for other in [Identity::LowIncome, Identity::ChildInDifficulty, Identity::Orphan] {
            assert_eq!((medical(&[other], &[400]), medical(&[other], &[401])), (vec![200], vec![200]));
        }
    }

    /// J-5.5.1-a: the venues of the clause, with the designation where it asks for one.
    #[test]
    fn only_at_the_venues_of_the_clause() {
        let at = |venue, aid_designated| {
            let case = AidCase { care: Care::Outpatient(venue), aid_designated, ..visit(1, Fen::yuan(300), POOR) };
            assessed(&[case]).remove(0)
        };
        assert_eq!(at(OutpatientVenue::LevelOne, true).medical, Fen::yuan(150));
        assert!(at(OutpatientVenue::LevelOne, false).receipt.is_marked("NOT_COVERED"));
        assert_eq!(at(OutpatientVenue::LevelTwoReformed, false).medical, Fen::yuan(150));
        assert_eq!(at(OutpatientVenue::Other, true).medical, Fen::ZERO);
    }

    /// J-5.5.1-a, AMB-095, AMB-101: a level 2 hospital only under the reform, a community health centre of whatever level, and
    /// nobody outside the city.
    #[test]
    fn the_venue_of_a_bill() {
        use ProviderKind::{CommunityHealthCentre, Hospital, RetailPharmacy, VillageClinic};
        let [one, two, three] = [ProviderLevel::One, ProviderLevel::Two, ProviderLevel::Three].map(Some);
        let mut bill = bill(day("2021-03-01"), Fen::yuan(100));
        for (kind, level, reform_registered, venue) in [
            (Hospital, one, false, OutpatientVenue::LevelOne),
            (Hospital, two, true, OutpatientVenue::LevelTwoReformed),
            (Hospital, two, false, OutpatientVenue::Other),
            (Hospital, three, true, OutpatientVenue::Other),
            (Hospital, None, true, OutpatientVenue::Other),
            (CommunityHealthCentre, two, false, OutpatientVenue::LevelOne),
            (VillageClinic, one, true, OutpatientVenue::Other),
            (RetailPharmacy, None, false, OutpatientVenue::Other),
        ] {
            bill.provider = Provider { kind, level, reform_registered, ..bill.provider };
            bill.place = Place::Local;
            assert_eq!(OutpatientVenue::of(&bill), venue, "{kind} {level:?} {reform_registered}");
            bill.place = Place::OutsideBorder;
            assert_eq!(OutpatientVenue::of(&bill), OutpatientVenue::Other, "{kind} {level:?} elsewhere");
        }
    }

    /// J-5.5.1-d, J-5.5.2-b: visits fill no band of inpatient assistance, and stays do not use up the sum of visits.
    #[test]
    fn visits_and_stays_have_separate_sums() {
        let stay = super::super::fixtures::case(2, Fen::yuan(21_000), POOR);
        let outcomes = assessed(&[visit(1, Fen::yuan(300), POOR), stay, visit(3, Fen::yuan(300), POOR)]);
        let paid: Vec<i64> = outcomes.iter().map(|outcome| outcome.medical.get() / 100).collect();
        assert_eq!(paid, [150, 12_800, 50]);
        assert_eq!(outcomes[2].base_after, Fen::yuan(21_000));
        assert_eq!(outcomes[2].medical_after, Fen::yuan(13_000));
    }

    /// AMB-099: the better line of a person with both, who keeps the sum of the year that was not used.
    #[test]
    fn support_of_veterans_leaves_the_sum() {
        let both = [Identity::SubsistenceAllowance, Identity::MartyrSurvivor];
        let outcomes = assessed(&[visit(1, Fen::yuan(900), &both), visit(2, Fen::yuan(300), POOR)]);
        assert_eq!((outcomes[0].medical, outcomes[0].veterans), (Fen::ZERO, Fen::yuan(630)));
        assert_eq!(outcomes[1].medical, Fen::yuan(150));
    }
}
