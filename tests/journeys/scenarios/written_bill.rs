//! A bill as a scenario writes it.

use juyi_domain::codes::ProviderLevel;
use juyi_domain::settlement::care::{CareKind, ObservationOutcome, OutOfArea, ProviderKind};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as settlement;
use juyi_proto::settlement::v1::bill::Place;
use serde::Deserialize;

use super::stage::provider_code;
use super::values::{Day, Yuan};

/// Every field of a bill. What is left out is what most bills have: an inpatient stay, at a hospital of the city that is
/// designated for the insurance and for assistance, wholly eligible.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WrittenBill {
    /// Kind of care.
    care: Option<CareKind>,
    /// Kind of the provider.
    provider: Option<ProviderKind>,
    /// Code of the provider; one of its level where it is not given.
    provider_code: Option<String>,
    /// Level; left out for a pharmacy, a village clinic and an ungraded institution.
    level: Option<ProviderLevel>,
    /// False for a provider that is not designated.
    #[serde(default = "yes")]
    designated: bool,
    /// False for a provider that is not designated for medical assistance.
    #[serde(default = "yes")]
    assistance_designated: bool,
    /// True for a level 2 hospital under the reform.
    #[serde(default)]
    reform_registered: bool,
    /// True for an institution that offers home beds.
    #[serde(default)]
    offers_home_beds: bool,
    /// True for a village clinic under integrated management.
    #[serde(default)]
    village_integrated: bool,
    /// First day of a stay or period, day of a visit.
    admitted: Day,
    /// Last day; the first where it is not given.
    discharged: Option<Day>,
    /// Day the stay began, of the later part of a stay that crosses New Year.
    stay_admitted: Option<Day>,
    /// The whole bill; the eligible part where it is not given.
    total: Option<Yuan>,
    /// Part inside the three catalogues.
    eligible: Yuan,
    /// Share of a third party.
    third_party: Option<Yuan>,
    /// True for a third party whose share is not told.
    #[serde(default)]
    third_party_unknown: bool,
    /// Share of public health.
    public_health: Option<Yuan>,
    /// Why the care was given elsewhere in the mainland.
    elsewhere: Option<OutOfArea>,
    /// Where; Beijing where it is not given.
    region: Option<String>,
    /// Level of the hospital that received the transfer, of its partner.
    receiving_level: Option<ProviderLevel>,
    /// True for care outside the border.
    #[serde(default)]
    outside_border: bool,
    /// How an emergency observation ended.
    observation: Option<ObservationOutcome>,
    /// General treatment fee of a village clinic.
    general_fee: Option<WrittenFee>,
    /// Days of home bed.
    #[serde(default)]
    home_bed_days: i32,
    /// Special disease.
    #[serde(default)]
    disease: String,
}

/// What a village clinic charges as its general fee.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFee {
    registration: Yuan,
    consultation: Yuan,
    injection: Yuan,
}

const fn yes() -> bool {
    true
}

impl WrittenBill {
    /// The bill as a provider files it.
    pub(crate) fn bill(&self, number: &str) -> settlement::Bill {
        settlement::Bill {
            bill_number: number.to_owned(),
            care_kind: self.care.unwrap_or(CareKind::Inpatient).to_wire(),
            provider: Some(self.provider()),
            admission_date: self.admitted.0.clone(),
            discharge_date: self.discharged.as_ref().unwrap_or(&self.admitted).0.clone(),
            total_fen: self.total.unwrap_or(self.eligible).0,
            eligible_fen: Some(self.eligible.0),
            stay_admission_date: self.stay_admitted.as_ref().map(|day| day.0.clone()).unwrap_or_default(),
            third_party_involved: self.third_party_unknown || self.third_party.is_some(),
            third_party_fen: self.third_party.map(|share| share.0),
            public_health_fen: self.public_health.map_or(0, |share| share.0),
            place: self.place(),
            observation_outcome: self.observation.map(Coded::to_wire).unwrap_or_default(),
            general_fee: self.general_fee.as_ref().map(|fee| settlement::GeneralFee {
                registration_fen: fee.registration.0,
                consultation_fen: fee.consultation.0,
                injection_fen: fee.injection.0,
            }),
            home_bed_days: self.home_bed_days,
            disease_code: self.disease.clone(),
            maternity: None,
        }
    }

    fn provider(&self) -> settlement::Provider {
        let code = self.provider_code.clone();
        settlement::Provider {
            provider_code: code.unwrap_or_else(|| provider_code(self.level.unwrap_or(ProviderLevel::One))),
            kind: self.provider.unwrap_or(ProviderKind::Hospital).to_wire(),
            level: self.level.map(Coded::to_wire).unwrap_or_default(),
            designated: self.designated,
            assistance_designated: self.assistance_designated,
            reform_registered: self.reform_registered,
            home_bed: self.offers_home_beds,
            village_integrated: self.village_integrated,
        }
    }

    fn place(&self) -> Option<Place> {
        if self.outside_border {
            return Some(Place::OutsideBorder(true));
        }
        let Some(category) = self.elsewhere else { return Some(Place::OutsideBorder(false)) };
        Some(Place::Elsewhere(settlement::Elsewhere {
            category: category.to_wire(),
            region: self.region.clone().unwrap_or_else(|| "110000".to_owned()),
            receiving_level: self.receiving_level.map(Coded::to_wire).unwrap_or_default(),
        }))
    }
}
