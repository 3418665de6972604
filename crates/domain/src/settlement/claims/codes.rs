//! Codes of self-paid claims.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{UnknownCode, codes};

codes! {
    /// Desk at which a self-paid claim is filed (垫付报销申报地点).
    ClaimDesk {
        /// Township service; 2017 the labour-security service centre (乡镇（街道）综合服务机构).
        TownshipService = "TOWNSHIP_SERVICE",
        /// Community workstation (社区工作站).
        CommunityWorkstation = "COMMUNITY_WORKSTATION",
        /// District medical insurance branch, or residents' insurance centre (区医保分中心、区居民医保服务中心).
        DistrictMedicalInsuranceBranch = "DISTRICT_MEDICAL_INSURANCE_BRANCH",
        /// School (学校).
        School = "SCHOOL",
    }
    /// Paper of a self-paid claim (申报材料).
    ClaimPaper {
        /// Receipt of the cost (医疗费用收据).
        Receipt = "RECEIPT",
        /// Prescription (处方).
        Prescription = "PRESCRIPTION",
        /// Itemised list of the cost (费用清单).
        ItemisedList = "ITEMISED_LIST",
        /// Proof by the school or the village or residents' committee of living elsewhere (学校或村（居）委会证明).
        ProofOfLivingElsewhere = "PROOF_OF_LIVING_ELSEWHERE",
        /// Another paper concerned (其他相关材料).
        Other = "OTHER",
    }
    /// How far a self-paid claim has come (垫付报销进度).
    ClaimState {
        /// Filed at the desk (已受理).
        Filed = "FILED",
        /// Entered in the residents' payment system (已录入).
        Entered = "ENTERED",
        /// Uploaded (已上传).
        Uploaded = "UPLOADED",
        /// Papers handed over to the branch or centre (已移交).
        HandedOver = "HANDED_OVER",
        /// Approved; its bill is settled (已审核).
        Approved = "APPROVED",
        /// Returned with reasons (已退回).
        Returned = "RETURNED",
        /// Paid (已支付).
        Paid = "PAID",
        /// To be paid, and waiting for an activated account (待账户激活).
        PendingAccount = "PENDING_ACCOUNT",
        /// What was paid came back after the settlement was reversed (已追回).
        Recovered = "RECOVERED",
    }
    /// Decision about a self-paid claim (审核结论).
    ClaimDecision {
        /// Approved (通过).
        Approve = "APPROVE",
        /// Returned (退回).
        Return = "RETURN",
    }
    /// Household registration of who left a school or nursery.
    LeaverRegistration {
        /// Of the city (本市户籍).
        Local = "LOCAL",
        /// Of another place (非本市户籍).
        NotLocal = "NOT_LOCAL",
    }
    /// State of the card with which a provider settles (社会保障卡状态).
    CardState {
        /// Active (已激活).
        Active = "ACTIVE",
        /// Not active: not issued, not activated, lost or stopped (未激活).
        NotActive = "NOT_ACTIVE",
    }
    /// Account to which claims are paid (收款账户).
    AccountKind {
        /// Account of the social security card (社会保障卡账户).
        Card = "CARD",
        /// Settlement account of a person without a card (结算账户).
        SettlementAccount = "SETTLEMENT_ACCOUNT",
    }
    /// State of an account.
    AccountState {
        /// Opened (已开立).
        Opened = "OPENED",
        /// Activated (已激活).
        Activated = "ACTIVATED",
    }
}
