//! Codes of filings.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{UnknownCode, codes};

codes! {
    /// What is filed.
    FilingKind {
        /// Residence elsewhere (异地居住就医登记).
        ResidenceElsewhere = "RESIDENCE_ELSEWHERE",
        /// Transfer to a hospital elsewhere (转外就医); national transaction 2501.
        Transfer = "TRANSFER",
        /// Short trip with an acute illness (临时外出就医).
        Trip = "TRIP",
        /// Student or child in the province of origin (非本市户籍学生儿童在原籍).
        StudentAtHome = "STUDENT_AT_HOME",
        /// Special disease (门特登记); national transaction 2503.
        SpecialDisease = "SPECIAL_DISEASE",
    }
    /// How far a filing has come.
    FilingState {
        /// Filed by a hospital, waits for the review of the agency.
        Pending = "PENDING",
        /// In force, from its first day to its last.
        InForce = "IN_FORCE",
        /// Not confirmed by the review.
        Rejected = "REJECTED",
        /// Taken back, as if it was never filed; national transactions 2502 and 2504.
        Withdrawn = "WITHDRAWN",
    }
    /// Kind of a person who lives elsewhere (AMB-134).
    ResidenceKind {
        /// Resettled person who is not retired (异地安置人员).
        Resettled = "RESETTLED",
        /// Resettled retiree (异地安置退休人员).
        ResettledRetiree = "RESETTLED_RETIREE",
        /// Long-term resident elsewhere (异地长期居住人员).
        LongTermResident = "LONG_TERM_RESIDENT",
        /// Permanently posted staff (常驻异地工作人员).
        PostedStaff = "POSTED_STAFF",
        /// Student or child who lives elsewhere with the parents (随父母在异地生活的学生儿童).
        StudentWithParents = "STUDENT_WITH_PARENTS",
        /// Student or child back in the place of origin (回原籍的学生儿童).
        StudentAtOrigin = "STUDENT_AT_ORIGIN",
        /// Temporary traveller, whom neither list names (临时外出人员).
        TemporaryTraveller = "TEMPORARY_TRAVELLER",
        /// Anybody else.
        Other = "OTHER",
    }
    /// How bills elsewhere are to be settled.
    ClaimMode {
        /// Stays directly at the place of care (住院直接结算).
        Direct = "DIRECT",
        /// Paid by the person and claimed (垫付报销).
        SelfPaid = "SELF_PAID",
    }
    /// How a filing reached the agency (渠道).
    FilingChannel {
        /// Window of the agency (医保经办机构窗口).
        AgencyWindow = "AGENCY_WINDOW",
        /// Government service platform of the city (市政务服务平台).
        CityServicePlatform = "CITY_SERVICE_PLATFORM",
        /// A similar channel (等渠道).
        SimilarChannel = "SIMILAR_CHANNEL",
    }
    /// Paper shown with a filing.
    FilingPaper {
        /// Social security card (社会保障卡).
        SocialSecurityCard = "SOCIAL_SECURITY_CARD",
        /// Related papers and information (相关材料信息).
        RelatedPapers = "RELATED_PAPERS",
        /// Certificate of the diagnosis (诊断证明).
        DiagnosisCertificate = "DIAGNOSIS_CERTIFICATE",
        /// Results of tests (相关检查结果).
        TestResults = "TEST_RESULTS",
    }
    /// Way of a transfer.
    TransferRoute {
        /// Out of the city, by one of its hospitals (转外就医).
        OutOfCity = "OUT_OF_CITY",
        /// Inside the province of residence, by a chosen institution (居住地省内转诊转院).
        WithinProvinceOfResidence = "WITHIN_PROVINCE_OF_RESIDENCE",
    }
    /// Why a person was on a short trip.
    TripReason {
        /// Business (短期出差).
        Business = "BUSINESS",
        /// Study or training (学习培训).
        Study = "STUDY",
        /// Holiday (度假).
        Holiday = "HOLIDAY",
        /// Anything else.
        Other = "OTHER",
    }
    /// Who diagnosed a special disease.
    DiagnosisRoute {
        /// An institution of the city with the qualification (具有鉴定资格的本市医疗机构).
        CityInstitution = "CITY_INSTITUTION",
        /// The chosen institution of the highest level elsewhere (选定的异地最高级别医疗机构).
        ChosenElsewhere = "CHOSEN_ELSEWHERE",
    }
    /// How two institutions work together.
    Arrangement {
        /// Medical consortium (医疗联合体).
        MedicalConsortium = "MEDICAL_CONSORTIUM",
        /// Tiered care (分级诊疗).
        TieredCare = "TIERED_CARE",
    }
    /// Holidays of a school.
    HolidayKind {
        /// Winter holidays (寒假).
        Winter = "WINTER",
        /// Summer holidays (暑假).
        Summer = "SUMMER",
    }
}
