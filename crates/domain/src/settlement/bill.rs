//! What a provider bills.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::care::{CareKind, GeneralFee, ObservationOutcome, Place, Provider};
use super::maternity::MaternityEvent;
use crate::money::Fen;

/// One bill: a stay or the part of one that lies in a benefit period, a visit, a purchase, or a case of maternity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Kind of care.
    pub kind: CareKind,
    /// Provider, with its attributes on the service date.
    pub provider: Provider,
    /// Where the care was given.
    pub place: Place,
    /// First day of a stay or period, day of a visit; of a later part of a stay the first day of the benefit period.
    pub admitted_on: NaiveDate,
    /// Last day; of a visit the same day.
    pub discharged_on: NaiveDate,
    /// Day the stay began, when it began in an earlier benefit period and the bill is a later part of it (J-5.1.6-a).
    pub stay_began_on: Option<NaiveDate>,
    /// Whole cost.
    pub total: Fen,
    /// Part of it inside the three catalogues, shares of others included (J-5.1.3-a).
    pub in_catalogue: Fen,
    /// Share of that part which a third party has to bear; `None` where no third party is involved (J-8-4).
    pub third_party: Option<Fen>,
    /// Share of that part which public health programmes bear (J-8-3).
    pub public_health: Fen,
    /// How an emergency observation ended; of no other kind of care (J-7-5).
    pub observation: Option<ObservationOutcome>,
    /// General treatment fee of a village clinic, a part of the eligible cost (J-5.1.5-b).
    pub general_fee: Option<GeneralFee>,
    /// Days of home bed that the bill is for; of no other kind of care (J-5.1.T-r).
    pub home_bed_days: u32,
    /// Registered special disease; empty for other kinds of care (J-5.1.T-k).
    pub disease_code: String,
    /// The event of a maternity or family-planning bill (J-5.3.T).
    pub maternity: Option<MaternityEvent>,
}

impl Bill {
    /// The kind of care whose rules settle the bill: an emergency observation after which the person was sent home is an
    /// outpatient visit (J-7-5, AMB-068).
    #[must_use]
    pub const fn settled_as(&self) -> CareKind {
        match (self.kind, self.observation) {
            (CareKind::EmergencyObservation, Some(ObservationOutcome::SentHome)) => CareKind::Outpatient,
            (kind, _) => kind,
        }
    }

    /// Day the stay began, on which the person is tested (AMB-139); of everything within one benefit period its first day.
    #[must_use]
    pub fn began_on(&self) -> NaiveDate {
        self.stay_began_on.unwrap_or(self.admitted_on)
    }

    /// Place among the bills of a year: by the first day (AMB-138), of which a later part of a stay has the first of the year,
    /// and then by filing (AMB-055). An observation that led to a stay is a part of it (AMB-068), and comes before what else
    /// happened on its day.
    #[must_use]
    pub fn place_in_year(&self, filed_order: i64) -> impl Ord + use<> {
        let led_to_a_stay = self.observation == Some(ObservationOutcome::Admitted);
        (self.admitted_on, !led_to_a_stay, filed_order)
    }

    /// What counts: the part inside the catalogues without what others have to bear (J-5.1.3-a, J-8-3, J-8-4).
    #[must_use]
    pub fn eligible(&self) -> Fen {
        self.in_catalogue - self.third_party.unwrap_or_default() - self.public_health
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::bill;
    use super::*;
    use crate::dates::written::day;

    /// J-7-5, AMB-068: sent home, an observation is an outpatient visit; otherwise a bill is settled as what it is.
    #[test]
    fn an_observation_after_which_somebody_was_sent_home_is_a_visit() {
        let mut bill = bill(day("2021-03-01"), Fen::yuan(100));
        for (kind, observation, settled_as) in [
            (CareKind::EmergencyObservation, Some(ObservationOutcome::SentHome), CareKind::Outpatient),
            (CareKind::EmergencyObservation, Some(ObservationOutcome::Admitted), CareKind::EmergencyObservation),
            (CareKind::EmergencyObservation, Some(ObservationOutcome::Death), CareKind::EmergencyObservation),
            (CareKind::Inpatient, None, CareKind::Inpatient),
            (CareKind::Outpatient, None, CareKind::Outpatient),
        ] {
            (bill.kind, bill.observation) = (kind, observation);
            assert_eq!(bill.settled_as(), settled_as);
        }
    }
}
