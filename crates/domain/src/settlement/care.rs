//! Kinds of care, and what decides how they are paid: the provider and the place.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{ProviderLevel, UnknownCode, codes};
use crate::money::Fen;

codes! {
    /// Kind of care of a bill; national name `med_type`.
    CareKind {
        /// Inpatient stay (住院).
        Inpatient = "INPATIENT",
        /// Special outpatient care (门诊特殊病).
        SpecialOutpatient = "SPECIAL_OUTPATIENT",
        /// Outpatient or emergency visit, or drugs bought at a pharmacy (门（急）诊).
        Outpatient = "OUTPATIENT",
        /// Emergency observation (急诊留观).
        EmergencyObservation = "EMERGENCY_OBSERVATION",
        /// Home bed (家庭病床).
        HomeBed = "HOME_BED",
        /// Prenatal checks and childbirth (生育).
        Maternity = "MATERNITY",
        /// Family-planning procedure (计划生育).
        FamilyPlanning = "FAMILY_PLANNING",
        /// A burden left by inpatient or special outpatient care that was settled elsewhere, for critical illness insurance
        /// alone (B-5.1-b).
        SuppliedBurden = "SUPPLIED_BURDEN",
        /// Other cost that is said to qualify (符合规定的其他费用): nothing is defined for it, so it is refused (J-7-8).
        Other = "OTHER",
    }
    /// Kind of provider.
    ProviderKind {
        /// Hospital (医院).
        Hospital = "HOSPITAL",
        /// Community health centre (社区卫生服务中心).
        CommunityHealthCentre = "COMMUNITY_HEALTH_CENTRE",
        /// Retail pharmacy (零售药店).
        RetailPharmacy = "RETAIL_PHARMACY",
        /// Village clinic or rural community health station (村卫生室、农村社区卫生服务站).
        VillageClinic = "VILLAGE_CLINIC",
    }
    /// How an emergency observation ended.
    ObservationOutcome {
        /// Admission to the hospital (转入住院).
        Admitted = "ADMITTED",
        /// Death (死亡).
        Death = "DEATH",
        /// Anything else.
        SentHome = "SENT_HOME",
    }
    /// Why care was given outside the city.
    OutOfArea {
        /// Registered residence elsewhere (异地居住).
        Residence = "RESIDENCE",
        /// Acute illness on a short trip (临时外出).
        TemporaryEmergency = "TEMPORARY_EMERGENCY",
        /// Transfer by a responsible hospital of the city (转外就医).
        ApprovedTransfer = "APPROVED_TRANSFER",
        /// Partner of the hospital that received a transfer (医疗联合体).
        TransferPartner = "TRANSFER_PARTNER",
        /// Student or child in the province of origin (非本市户籍学生儿童在原籍).
        StudentAtHome = "STUDENT_AT_HOME",
        /// Chosen by the person.
        SelfChosen = "SELF_CHOSEN",
    }
}

impl CareKind {
    /// True for the two kinds that maternity insurance pays, a scheme of its own (J-5.3.T, AMB-087).
    #[must_use]
    pub const fn is_maternity(self) -> bool {
        matches!(self, Self::Maternity | Self::FamilyPlanning)
    }
}

/// A provider with its attributes on the service date (AMB-067).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Kind.
    pub kind: ProviderKind,
    /// Level; `None` for a pharmacy and for an ungraded institution.
    pub level: Option<ProviderLevel>,
    /// Designated for the insurance (定点).
    pub designated: bool,
    /// Registered as a level 2 hospital under the public-hospital reform (J-7-2).
    pub reform_registered: bool,
    /// Designated for medical assistance (J-5.5.2-a).
    pub assistance_designated: bool,
    /// Offers home beds (J-5.1.4-c).
    pub home_bed: bool,
    /// Village clinic under the integrated management of townships and villages (J-7-3).
    pub village_integrated: bool,
}

/// Where care was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In the city.
    Local,
    /// Elsewhere in the mainland.
    Elsewhere {
        /// Why.
        category: OutOfArea,
        /// Region of the provider, GB/T 2260 code.
        region: String,
        /// Level of the hospital that received the transfer; of a partner alone (AMB-074).
        receiving_level: Option<ProviderLevel>,
    },
    /// Outside the border (境外, J-8-5).
    OutsideBorder,
}

/// What a village clinic charges as its general treatment fee (J-5.1.5-b).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneralFee {
    /// Registration fee (挂号费).
    pub registration: Fen,
    /// Consultation fee (诊查费).
    pub consultation: Fen,
    /// Injection fee, intravenous infusion included (注射费).
    pub injection: Fen,
}

impl GeneralFee {
    /// The whole fee.
    #[must_use]
    pub fn sum(&self) -> Fen {
        self.registration + self.consultation + self.injection
    }
}
