//! Which filings confirm a bill, on the day its stay began (AMB-139).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::codes::{ClaimMode, FilingKind, FilingState, TransferRoute};
use super::disease::SpecialDisease;
use super::region::Region;
use super::residence::Residence;
use super::student::StudentAtHome;
use super::transfer::Transfer;
use super::trip::Trip;
use crate::codes::ProviderLevel;
use crate::settlement::bill::Bill;
use crate::settlement::care::{CareKind, ObservationOutcome, OutOfArea, Place};

/// What was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Details {
    /// Residence elsewhere.
    Residence(Residence),
    /// Transfer.
    Transfer(Transfer),
    /// Short trip.
    Trip(Trip),
    /// Student at home.
    Student(StudentAtHome),
    /// Special disease.
    Disease(SpecialDisease),
}

impl Details {
    /// The kind of filing.
    #[must_use]
    pub const fn kind(&self) -> FilingKind {
        match self {
            Self::Residence(_) => FilingKind::ResidenceElsewhere,
            Self::Transfer(_) => FilingKind::Transfer,
            Self::Trip(_) => FilingKind::Trip,
            Self::Student(_) => FilingKind::StudentAtHome,
            Self::Disease(_) => FilingKind::SpecialDisease,
        }
    }
}

/// A filing as far as bills are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// What was filed.
    pub details: Details,
    /// First day.
    pub first_on: NaiveDate,
    /// Last day, included; `None` while there is none.
    pub last_on: Option<NaiveDate>,
    /// How far it has come.
    pub state: FilingState,
}

impl Registered {
    /// True when the filing counts on a day.
    #[must_use]
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.state == FilingState::InForce && self.first_on <= day && self.last_on.is_none_or(|last| day <= last)
    }
}

/// The filings of a person, to be asked about bills.
#[derive(Clone, Copy, Debug)]
pub struct Register<'a> {
    /// Filings of the person.
    pub filings: &'a [Registered],
    /// Institutions of which the provider of the bill is a documented partner on the day.
    pub partner_of: &'a [String],
}

impl<'a> Register<'a> {
    /// True when a residence elsewhere is in force, whenever it counts.
    #[must_use]
    pub fn has_lived_elsewhere(self) -> bool {
        let in_force = self.filings.iter().filter(|filing| filing.state == FilingState::InForce);
        in_force.map(|filing| &filing.details).any(|details| matches!(details, Details::Residence(_)))
    }

    fn on(self, day: NaiveDate) -> impl Iterator<Item = &'a Details> {
        self.filings.iter().filter(move |filing| filing.counts_on(day)).map(|filing| &filing.details)
    }

    /// The registration for self-paid claims in force on a day (J-10.2.2-a).
    #[must_use]
    pub fn maybe_self_paid_residence(self, day: NaiveDate) -> Option<&'a Residence> {
        self.on(day).find_map(|details| match details {
            Details::Residence(residence) if residence.mode == ClaimMode::SelfPaid => Some(residence),
            _ => None,
        })
    }

    /// The time at home of a bill (J-10.5.1-a).
    #[must_use]
    pub fn maybe_student(self, bill: &Bill) -> Option<&'a StudentAtHome> {
        let Place::Elsewhere { category: OutOfArea::StudentAtHome, region, .. } = &bill.place else { return None };
        let region = Region::maybe_parse(region)?;
        self.on(bill.began_on()).find_map(|details| match details {
            Details::Student(student) if student.home_province.contains(&region) => Some(student),
            _ => None,
        })
    }

    /// True when the disease of the bill is registered (J-5.1.T-k, J-7-6).
    #[must_use]
    pub fn has_disease(self, bill: &Bill) -> bool {
        !bill.disease_code.is_empty()
            && self.on(bill.began_on()).any(
                |details| matches!(details, Details::Disease(disease) if disease.disease_code == bill.disease_code),
            )
    }

    /// True when the reason that the bill gives for care elsewhere is confirmed (J-10.1.1-a to J-10.1.3-a, J-10.3.2-c).
    #[must_use]
    pub fn confirms(self, bill: &Bill, provider_code: &str) -> bool {
        let Place::Elsewhere { category, region, receiving_level } = &bill.place else { return false };
        let Some(region) = Region::maybe_parse(region) else { return false };
        let day = bill.began_on();
        match category {
            OutOfArea::Residence => {
                self.on(day).any(|details| residence_confirms(details, bill, &region, provider_code))
            }
            OutOfArea::TemporaryEmergency => {
                self.on(day).any(|details| matches!(details, Details::Trip(trip) if trip.region.contains(&region)))
            }
            OutOfArea::ApprovedTransfer => {
                self.transfers(day).any(|transfer| transfer.target.provider_code == provider_code)
            }
            OutOfArea::TransferPartner => self.transfers(day).any(|transfer| self.partners(transfer, *receiving_level)),
            OutOfArea::StudentAtHome => self.maybe_student(bill).is_some(),
            OutOfArea::SelfChosen => false,
        }
    }

    fn transfers(self, day: NaiveDate) -> impl Iterator<Item = &'a Transfer> {
        self.on(day).filter_map(|details| match details {
            Details::Transfer(transfer) if transfer.route == TransferRoute::OutOfCity => Some(transfer),
            _ => None,
        })
    }

    /// The provider of the bill works with the receiving institution, whose level the bill tells.
    fn partners(self, transfer: &Transfer, receiving_level: Option<ProviderLevel>) -> bool {
        transfer.target.level == receiving_level && self.partner_of.contains(&transfer.target.provider_code)
    }
}

/// A direct filing is for stays in its destination (J-10.2.1-a), a registration for claims for its institutions
/// (J-10.2.2-a), and a transfer inside the province is settled like residence elsewhere (J-10.2.2-b).
fn residence_confirms(details: &Details, bill: &Bill, region: &Region, provider_code: &str) -> bool {
    match details {
        Details::Residence(residence) => match residence.mode {
            ClaimMode::Direct => is_stay(bill) && residence.region.contains(region),
            ClaimMode::SelfPaid => residence.institutions.iter().any(|chosen| chosen.provider_code == provider_code),
        },
        Details::Transfer(transfer) => {
            transfer.route == TransferRoute::WithinProvinceOfResidence && transfer.target.provider_code == provider_code
        }
        _ => false,
    }
}

/// Inpatient care, and emergency observation that led to it or ended in death, which is settled like it (J-7-5, AMB-068).
pub(crate) fn is_stay(bill: &Bill) -> bool {
    match bill.kind {
        CareKind::Inpatient => true,
        CareKind::EmergencyObservation => {
            matches!(bill.observation, Some(ObservationOutcome::Admitted | ObservationOutcome::Death))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes::{DiagnosisRoute, TripReason};
    use super::super::fixtures::{self, region, transfer};
    use super::*;
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::settlement::fixtures::bill;

    fn filed(details: Details, first: &str, last: Option<&str>) -> Registered {
        Registered { details, first_on: day(first), last_on: last.map(day), state: FilingState::InForce }
    }

    fn elsewhere(category: OutOfArea, code: &str, on: &str) -> Bill {
        let place = Place::Elsewhere { category, region: code.to_owned(), receiving_level: None };
        Bill { place, ..bill(day(on), Fen::yuan(100)) }
    }

    fn confirms(filings: &[Registered], bill: &Bill, provider: &str) -> bool {
        Register { filings, partner_of: &[] }.confirms(bill, provider)
    }

    /// J-10.2.2-d: a transfer of 2021-03-10; follow-up 2022-03-10 valid, 2022-03-11 not. J-10.1.3-a: only at its target.
    #[test]
    fn a_transfer_confirms_care_at_its_target_for_a_year() {
        let filings = [filed(Details::Transfer(transfer()), "2021-03-10", Some("2022-03-10"))];
        let on = |day| elsewhere(OutOfArea::ApprovedTransfer, "310101", day);
        assert!(confirms(&filings, &on("2021-03-10"), "H9") && confirms(&filings, &on("2022-03-10"), "H9"));
        assert!(!confirms(&filings, &on("2022-03-11"), "H9") && !confirms(&filings, &on("2021-03-09"), "H9"));
        assert!(!confirms(&filings, &on("2021-04-01"), "H8"));
        assert!(!confirms(&filings, &elsewhere(OutOfArea::SelfChosen, "310101", "2021-04-01"), "H9"));
        let pending = Registered { state: FilingState::Pending, ..filings[0].clone() };
        assert!(!confirms(&[pending], &on("2021-04-01"), "H9"));
    }

    /// J-10.3.2-c: the same percentage at a documented partner, where the bill tells the level of the receiving hospital.
    #[test]
    fn a_partner_is_confirmed_by_transfer_and_relation() {
        let filings = [filed(Details::Transfer(transfer()), "2021-03-10", Some("2022-03-10"))];
        let at = |receiving_level| {
            let place =
                Place::Elsewhere { category: OutOfArea::TransferPartner, region: "310101".to_owned(), receiving_level };
            Bill { place, ..bill(day("2021-04-01"), Fen::yuan(100)) }
        };
        let partner_of = ["H9".to_owned()];
        let register = Register { filings: &filings, partner_of: &partner_of };
        assert!(register.confirms(&at(Some(ProviderLevel::Three)), "H7"));
        assert!(!register.confirms(&at(Some(ProviderLevel::Two)), "H7"));
        assert!(!Register { partner_of: &[], ..register }.confirms(&at(Some(ProviderLevel::Three)), "H7"));
        assert!(!Register { filings: &[], ..register }.confirms(&at(Some(ProviderLevel::Three)), "H7"));
    }

    /// J-10.1.1-a, J-10.2.1-a, J-10.2.2-a: stays in the destination, or any care at the chosen institutions.
    #[test]
    fn residence_confirms_by_destination_or_by_choice() {
        let direct = Residence {
            mode: ClaimMode::Direct,
            region: region("130100"),
            institutions: Vec::new(),
            ..fixtures::residence()
        };
        let direct = [filed(Details::Residence(direct), "2021-01-10", None)];
        let stay = |code| elsewhere(OutOfArea::Residence, code, "2021-04-01");
        assert!(confirms(&direct, &stay("130102"), "any") && !confirms(&direct, &stay("130202"), "any"));
        let visit = Bill { kind: CareKind::Outpatient, ..stay("130102") };
        assert!(!confirms(&direct, &visit, "any"));
        // J-7-5, AMB-068: an observation is a stay unless the person was sent home.
        for (outcome, stays) in [
            (ObservationOutcome::Admitted, true),
            (ObservationOutcome::Death, true),
            (ObservationOutcome::SentHome, false),
        ] {
            let kind = CareKind::EmergencyObservation;
            let observed = Bill { kind, observation: Some(outcome), ..stay("130102") };
            assert_eq!(confirms(&direct, &observed, "any"), stays);
        }

        let claims = [filed(Details::Residence(fixtures::residence()), "2021-01-10", None)];
        assert!(confirms(&claims, &stay("130102"), "H1") && confirms(&claims, &visit, "H1"));
        assert!(!confirms(&claims, &stay("130102"), "H5"));
    }

    /// J-10.2.2-b: a transfer inside the province of residence is settled like residence.
    #[test]
    fn a_transfer_inside_the_province_counts_as_residence() {
        let within = Transfer { route: TransferRoute::WithinProvinceOfResidence, ..transfer() };
        let filings = [filed(Details::Transfer(within), "2021-03-10", Some("2022-03-10"))];
        assert!(confirms(&filings, &elsewhere(OutOfArea::Residence, "130202", "2021-04-01"), "H9"));
        assert!(!confirms(&filings, &elsewhere(OutOfArea::ApprovedTransfer, "130202", "2021-04-01"), "H9"));
    }

    /// J-10.1.2-a: acute illness on a trip, at its place and in its days.
    #[test]
    fn a_trip_confirms_an_emergency_there() {
        let trip = Trip { reason: TripReason::Holiday, region: region("310000"), acute: true };
        let filings = [filed(Details::Trip(trip), "2021-05-01", Some("2021-05-05"))];
        let on = |code, day| elsewhere(OutOfArea::TemporaryEmergency, code, day);
        assert!(confirms(&filings, &on("310101", "2021-05-05"), "any"));
        assert!(!confirms(&filings, &on("310101", "2021-05-06"), "any"));
        assert!(!confirms(&filings, &on("320101", "2021-05-03"), "any"));
    }

    /// J-10.5.1-a: in the province of origin.
    #[test]
    fn a_student_is_confirmed_at_home() {
        let student =
            StudentAtHome { home_province: region("130000"), unit_id: "school".to_owned(), returned_on: None };
        let filings = [filed(Details::Student(student), "2021-01-23", None)];
        assert!(confirms(&filings, &elsewhere(OutOfArea::StudentAtHome, "130102", "2021-02-01"), "any"));
        assert!(!confirms(&filings, &elsewhere(OutOfArea::StudentAtHome, "310101", "2021-02-01"), "any"));
    }

    /// J-5.1.T-k, J-7-6: only a registered disease, from the day of its registration.
    #[test]
    fn a_disease_is_registered() {
        let disease = SpecialDisease {
            disease_code: "M01600".to_owned(),
            route: DiagnosisRoute::CityInstitution,
            institution_code: "H1".to_owned(),
            institution_qualified: true,
            papers: Vec::new(),
        };
        let filings = [filed(Details::Disease(disease), "2021-02-01", None)];
        let register = Register { filings: &filings, partner_of: &[] };
        let treated = |code: &str, on| Bill { disease_code: code.to_owned(), ..bill(day(on), Fen::yuan(100)) };
        assert!(register.has_disease(&treated("M01600", "2021-02-01")));
        assert!(!register.has_disease(&treated("M01600", "2021-01-31")));
        assert!(!register.has_disease(&treated("M01700", "2021-02-01")));
        assert!(!register.has_disease(&treated("", "2021-02-01")));
    }
}
