//! Codes of contribution, each with the one spelling used on the wire, in tables and in the law files.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{UnknownCode, codes};

codes! {
    /// Bank that takes premiums at its counter, by agreement (协议商业银行; J-3.3.6.1-b). Not the banks that issue
    /// cards (AMB-131).
    Bank {
        /// 中国银行.
        BankOfChina = "BANK_OF_CHINA",
        /// 农业银行.
        AgriculturalBank = "AGRICULTURAL_BANK",
        /// 工商银行.
        Icbc = "ICBC",
        /// 建设银行.
        ConstructionBank = "CONSTRUCTION_BANK",
        /// 天津银行.
        BankOfTianjin = "BANK_OF_TIANJIN",
        /// 邮储银行.
        PostalSavingsBank = "POSTAL_SAVINGS_BANK",
        /// 光大银行.
        EverbrightBank = "EVERBRIGHT_BANK",
        /// 农商银行.
        RuralCommercialBank = "RURAL_COMMERCIAL_BANK",
        /// 招商银行.
        ChinaMerchantsBank = "CHINA_MERCHANTS_BANK",
        /// 中信银行.
        CiticBank = "CITIC_BANK",
        /// 交通银行.
        BankOfCommunications = "BANK_OF_COMMUNICATIONS",
        /// 滨海农商银行.
        BinhaiRuralCommercialBank = "BINHAI_RURAL_COMMERCIAL_BANK",
        /// 渤海银行.
        BohaiBank = "BOHAI_BANK",
        /// 兴业银行.
        IndustrialBank = "INDUSTRIAL_BANK",
        /// 浦发银行.
        PudongDevelopmentBank = "PUDONG_DEVELOPMENT_BANK",
        /// 民生银行.
        MinshengBank = "MINSHENG_BANK",
    }
    /// Paper with which a premium is paid (缴费凭据).
    PaymentPaper {
        /// Bank inquiry voucher (银行端查询缴费凭证).
        BankInquiryVoucher = "BANK_INQUIRY_VOUCHER",
        /// Payment notice (缴费通知单).
        PaymentNotice = "PAYMENT_NOTICE",
        /// Cash tax payment form (税收缴款书（税务收现专用）).
        CashTaxForm = "CASH_TAX_FORM",
    }
    /// How somebody entered the electronic tax office (登录方式).
    Login {
        /// As a natural person (自然人登录).
        NaturalPerson = "NATURAL_PERSON",
        /// As a unit (单位登录).
        Unit = "UNIT",
    }
    /// Where the QR code was taken from (二维码来源).
    QrSource {
        /// Posted at a township service (乡镇（街道）综合服务机构).
        TownshipService = "TOWNSHIP_SERVICE",
        /// Posted at a hall of the tax office (办税服务厅).
        TaxHall = "TAX_HALL",
        /// At the foot of the payment notice (缴费通知单).
        PaymentNotice = "PAYMENT_NOTICE",
    }
    /// Who declares a premium (申报主体).
    DeclaringParty {
        /// The unit that registered the person (单位).
        Unit = "UNIT",
        /// The village for its residents (行政村).
        Village = "VILLAGE",
        /// The person or the family (个人).
        Person = "PERSON",
        /// The authority that registered the person (主管部门).
        Authority = "AUTHORITY",
        /// The city social insurance centre, which deducts (市社保中心).
        SocialInsuranceCentre = "SOCIAL_INSURANCE_CENTRE",
    }
    /// Part of a quote that must be printed, or the quote is refused.
    PremiumPart {
        /// Government part of the funding (J-2.3-j, B-4-a).
        GovernmentPart = "GOVERNMENT_PART",
        /// Increase against the year before (B-4-a).
        Increase = "INCREASE",
        /// Premium of the year before (AMB-045).
        PreviousYear = "PREVIOUS_YEAR",
        /// What the residents' fund transfers for the further insurances (J-2.2-b).
        InternalTransfer = "INTERNAL_TRANSFER",
    }
}
