//! What happened, as the maternity table asks for it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{UnknownCode, codes};

codes! {
    /// How a pregnancy ended (AMB-085).
    PregnancyEnd {
        /// Terminated (终止妊娠).
        Termination = "TERMINATION",
        /// Delivery (分娩).
        Delivery = "DELIVERY",
    }
    /// Mode of a delivery (J-5.3.T-e).
    DeliveryMode {
        /// Natural (自然分娩).
        Natural = "NATURAL",
        /// Assisted (人工干预分娩).
        Assisted = "ASSISTED",
        /// Caesarean section (剖腹产).
        Caesarean = "CAESAREAN",
    }
    /// Surgery in the stay of a delivery (J-5.3.T-e).
    DeliverySurgery {
        /// Removal of a uterine myoma (子宫肌瘤切除术).
        MyomaRemoval = "MYOMA_REMOVAL",
        /// Removal of an ovarian cyst (卵巢囊肿切除术).
        OvarianCystRemoval = "OVARIAN_CYST_REMOVAL",
        /// Any other.
        Other = "OTHER",
    }
    /// Procedure of family planning (计划生育手术).
    FamilyPlanningProcedure {
        /// Induced labour (引产).
        InducedLabour = "INDUCED_LABOUR",
        /// Abortion (人工流产).
        Abortion = "ABORTION",
        /// High-risk abortion (高危人工流产).
        HighRiskAbortion = "HIGH_RISK_ABORTION",
        /// Insertion of an intra-uterine device (放置宫内节育器).
        DeviceInsertion = "DEVICE_INSERTION",
        /// Removal of one (取出宫内节育器).
        DeviceRemoval = "DEVICE_REMOVAL",
        /// Replacement of one (更换宫内节育器).
        DeviceReplacement = "DEVICE_REPLACEMENT",
        /// Female sterilisation (女性绝育术).
        FemaleSterilisation = "FEMALE_STERILISATION",
        /// Male sterilisation (男性绝育术).
        MaleSterilisation = "MALE_STERILISATION",
        /// Reversal after sterilisation (绝育术后复通手术).
        SterilisationReversal = "STERILISATION_REVERSAL",
        /// Complication of family-planning surgery (计划生育手术并发症).
        Complication = "COMPLICATION",
        /// Miscarriage (自然流产).
        Miscarriage = "MISCARRIAGE",
        /// Drug-induced abortion (药物流产).
        DrugAbortion = "DRUG_ABORTION",
    }
    /// What complicates the removal of an intra-uterine device (J-5.3.T-q).
    DeviceCondition {
        /// Incarceration (嵌顿).
        Incarceration = "INCARCERATION",
        /// Fracture (断裂).
        Fracture = "FRACTURE",
        /// Deformation (变形).
        Deformation = "DEFORMATION",
        /// Displacement (异位).
        Displacement = "DISPLACEMENT",
        /// Menopause of one year or more (绝经期1年以上).
        Menopause = "MENOPAUSE",
    }
}

/// What a maternity or family-planning bill is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MaternityEvent {
    /// The prenatal checks of a pregnancy (产前检查), all of them, billed when it ended.
    PrenatalChecks(PrenatalChecks),
    /// A stay for a delivery (生育).
    Childbirth(Childbirth),
    /// A procedure of family planning (计划生育).
    FamilyPlanning(FamilyPlanning),
}

/// How the pregnancy of prenatal checks ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrenatalChecks {
    /// How.
    pub end: PregnancyEnd,
    /// Completed weeks of gestation at the end: 27 for 27 weeks and 6 days. A termination has to say.
    pub weeks: Option<u32>,
}

/// A stay for a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Childbirth {
    /// Mode of the delivery; `None` at a hospital that the woman left before it.
    pub mode: Option<DeliveryMode>,
    /// Surgery besides the delivery.
    pub surgeries: Vec<DeliverySurgery>,
    /// An obstetric complication arose (J-5.3.T-f).
    pub obstetric_complication: bool,
    /// A severe internal or surgical disease came with it (J-5.3.T-g).
    pub severe_disease: bool,
    /// The woman was transferred before the delivery, and this is the hospital left (J-5.3.T-h).
    pub transferred_out: bool,
    /// Twins or more (AMB-086).
    pub multiple_birth: bool,
}

/// Procedures of family planning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyPlanning {
    /// What was done; at least one, and the table prints no amount for several together (AMB-086).
    pub procedures: Vec<FamilyPlanningProcedure>,
    /// What complicated the removal of a device.
    pub conditions: Vec<DeviceCondition>,
}
