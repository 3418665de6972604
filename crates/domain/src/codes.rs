//! Codes of the glossary, each with the one spelling used on the wire, in tables and in receipts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is not a code of the enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident = $code:literal,)* })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[doc = $vdoc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every code, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownCode;
            fn from_str(text: &str) -> Result<Self, UnknownCode> {
                match text { $($code => Ok(Self::$variant),)* _ => Err(UnknownCode) }
            }
        }

        impl From<$name> for crate::receipt::Value {
            fn from(code: $name) -> Self {
                code.as_str().into()
            }
        }
    )*};
}
pub(crate) use codes;

codes! {
    /// Participant class (参保人员类别).
    Class {
        /// Students and children (学生儿童).
        StudentChild = "STUDENT_CHILD",
        /// Adult residents (成年居民).
        Adult = "ADULT",
    }
    /// Payment tier (缴费档次).
    Tier {
        /// High (高档).
        High = "HIGH",
        /// Middle (中档).
        Middle = "MIDDLE",
        /// Low (低档).
        Low = "LOW",
        /// The one tier of students and children (学生儿童档).
        StudentChild = "STUDENT_CHILD",
    }
    /// Participant category, which decides class, desk and window (参保登记分类).
    Category {
        /// Student enrolled by a school (学校学生).
        SchoolStudent = "SCHOOL_STUDENT",
        /// Child enrolled by a kindergarten or nursery (托幼机构儿童).
        NurseryChild = "NURSERY_CHILD",
        /// Child not yet in school or nursery (未入学入托儿童).
        PreschoolChild = "PRESCHOOL_CHILD",
        /// Newborn within the first year (新生儿).
        Newborn = "NEWBORN",
        /// School or nursery leaver (退学、辍学离开学校的学生儿童).
        SchoolLeaver = "SCHOOL_LEAVER",
        /// Rural resident, by village (农村居民).
        RuralResident = "RURAL_RESIDENT",
        /// Urban resident without employment, by family (城镇未就业居民).
        UrbanResident = "URBAN_RESIDENT",
        /// Holder of a residence or travel certificate (持有效证件的未就业人员).
        CertificateHolder = "CERTIFICATE_HOLDER",
        /// Interrupted employee (中断职工医保人员).
        InterruptedEmployee = "INTERRUPTED_EMPLOYEE",
        /// Resident of a welfare institution (福利机构入住人员).
        WelfareResident = "WELFARE_RESIDENT",
        /// Person held in a public-security facility (公安监管场所被监管人员).
        Detainee = "DETAINEE",
        /// Special person registered by an authority (特殊人员).
        SpecialPerson = "SPECIAL_PERSON",
        /// Local student or child who studies elsewhere (本市户籍在外地就读).
        LocalStudyingElsewhere = "LOCAL_STUDYING_ELSEWHERE",
    }
    /// Desk at which a registration is filed (登记渠道).
    Desk {
        /// Township service; 2017 the labour-security service centre (乡镇（街道）综合服务机构).
        TownshipService = "TOWNSHIP_SERVICE",
        /// Community workstation; 2017 the residents' committee (社区工作站、居委会).
        CommunityWorkstation = "COMMUNITY_WORKSTATION",
        /// District social insurance branch (区社保分中心).
        DistrictSocialInsuranceBranch = "DISTRICT_SOCIAL_INSURANCE_BRANCH",
        /// City medical insurance centre (市医保中心).
        CityMedicalInsuranceCentre = "CITY_MEDICAL_INSURANCE_CENTRE",
        /// City social insurance centre (市社保中心).
        CitySocialInsuranceCentre = "CITY_SOCIAL_INSURANCE_CENTRE",
        /// Hall of the tax office (办税服务厅).
        TaxHall = "TAX_HALL",
    }
    /// Window an application or a payment falls in.
    Window {
        /// Collection window (集中申报参保缴费期).
        Ordinary = "ORDINARY",
        /// Late window (补参保登记缴费).
        Late = "LATE",
        /// Open by the person's own event: birth, interruption, the authority's list.
        Personal = "PERSONAL",
    }
    /// Special identity of a person, dated (特殊身份).
    Identity {
        /// Subsistence allowance (低保).
        SubsistenceAllowance = "SUBSISTENCE_ALLOWANCE",
        /// Urban extreme poverty (城市特困).
        UrbanExtremePoverty = "URBAN_EXTREME_POVERTY",
        /// Rural extreme poverty; 2017 rural five guarantees (农村特困、农村五保).
        RuralExtremePoverty = "RURAL_EXTREME_POVERTY",
        /// Low-income family member (低收入家庭成员).
        LowIncome = "LOW_INCOME",
        /// Severe disability (重度残疾).
        SevereDisability = "SEVERE_DISABILITY",
        /// Single-parent family member (单亲家庭成员).
        SingleParentFamily = "SINGLE_PARENT_FAMILY",
        /// Member of a family that lost its only child (失独家庭成员).
        LostOnlyChildFamily = "LOST_ONLY_CHILD_FAMILY",
        /// Other special hardship (其他特殊困难人员).
        OtherSpecialHardship = "OTHER_SPECIAL_HARDSHIP",
        /// Low-income family receiving the price subsidy (领取物价补贴的低收入家庭人员).
        LowIncomePriceSubsidy = "LOW_INCOME_PRICE_SUBSIDY",
        /// Child in difficulty (困境儿童).
        ChildInDifficulty = "CHILD_IN_DIFFICULTY",
        /// Orphan (孤儿).
        Orphan = "ORPHAN",
        /// HIV-infected child (艾滋病毒感染儿童).
        HivInfectedChild = "HIV_INFECTED_CHILD",
        /// De facto unattended child (事实无人抚养儿童).
        DeFactoUnattendedChild = "DE_FACTO_UNATTENDED_CHILD",
        /// Entitled group without further attribute (优抚对象).
        EntitledGroup = "ENTITLED_GROUP",
        /// Entitled person on regular pension allowance with medical subsidy (享受医疗补助的优抚对象).
        EntitledWithMedicalSubsidy = "ENTITLED_WITH_MEDICAL_SUBSIDY",
        /// Martyr's survivor (烈士遗属).
        MartyrSurvivor = "MARTYR_SURVIVOR",
        /// Survivor of a soldier killed on duty (因公牺牲军人遗属).
        DutyDeathSoldierSurvivor = "DUTY_DEATH_SOLDIER_SURVIVOR",
        /// Old demobilised soldier (老复员军人).
        OldDemobilisedSoldier = "OLD_DEMOBILISED_SOLDIER",
        /// Survivor of a soldier who died of illness (病故军人遗属).
        IllnessDeathSoldierSurvivor = "ILLNESS_DEATH_SOLDIER_SURVIVOR",
        /// Disabled soldier, grades 7 to 10 (七至十级伤残军人).
        DisabledSoldierGrade7To10 = "DISABLED_SOLDIER_GRADE_7_TO_10",
        /// Veteran returned with illness (带病回乡退伍军人).
        ReturnedVeteranWithIllness = "RETURNED_VETERAN_WITH_ILLNESS",
        /// Veteran of war or of tests (参战参试退役人员).
        WarOrTestVeteran = "WAR_OR_TEST_VETERAN",
        /// Spouse of a retired veteran cadre, without fixed income (离休干部无固定收入的配偶).
        CadreSpouse = "CADRE_SPOUSE",
        /// Student or child in the household of a special person (特殊人员家庭中的学生儿童).
        SpecialFamilyStudent = "SPECIAL_FAMILY_STUDENT",
        /// Higher-education student with a state student loan (享受国家助学贷款).
        StudentLoan = "STUDENT_LOAN",
        /// Surviving spouse of a retired veteran cadre, without fixed income; named in 2017 only (AMB-021, 遗属).
        CadreSurvivingSpouse = "CADRE_SURVIVING_SPOUSE",
    }
    /// Kind of office that calls (部门).
    Office {
        /// Operator of the suite itself.
        System = "SYSTEM",
        /// Medical insurance bureau or centre (医保局、医保中心).
        MedicalInsurance = "MEDICAL_INSURANCE",
        /// Social insurance branch or centre (社保分中心、社保中心).
        SocialInsurance = "SOCIAL_INSURANCE",
        /// Township service or community workstation (乡镇（街道）综合服务机构).
        Township = "TOWNSHIP",
        /// School, nursery or education bureau (教育).
        Education = "EDUCATION",
        /// Tax office (税务).
        Tax = "TAX",
        /// Civil affairs bureau (民政局).
        CivilAffairs = "CIVIL_AFFAIRS",
        /// Disabled persons' federation (残联).
        DisabledPersonsFederation = "DISABLED_PERSONS_FEDERATION",
        /// Veterans affairs bureau (退役军人局).
        VeteransAffairs = "VETERANS_AFFAIRS",
        /// Veteran-cadre office (老干部管理部门).
        VeteranCadres = "VETERAN_CADRES",
        /// Hospital, clinic or pharmacy (定点医药机构).
        Provider = "PROVIDER",
        /// Insurer of the accident cover (承办公司).
        Insurer = "INSURER",
        /// Police branch (公安分局).
        PublicSecurity = "PUBLIC_SECURITY",
        /// District government: its office and its supervision office (区政府办、区政府督查室).
        DistrictGovernment = "DISTRICT_GOVERNMENT",
        /// Human resources and social security bureau (人力社保局).
        HumanResources = "HUMAN_RESOURCES",
        /// Finance bureau (财政局).
        Finance = "FINANCE",
    }
    /// Insurance of the suite (险种).
    Insurance {
        /// Residents' basic medical insurance (城乡居民基本医疗保险).
        Basic = "BASIC",
        /// Critical illness insurance (大病保险).
        CriticalIllness = "CRITICAL_ILLNESS",
        /// Maternity insurance (生育保险).
        Maternity = "MATERNITY",
        /// Accident insurance (意外伤害附加保险).
        Accident = "ACCIDENT",
    }
    /// Provider level (医院级别).
    ProviderLevel {
        /// Level 1 (一级).
        One = "LEVEL_1",
        /// Level 2 (二级).
        Two = "LEVEL_2",
        /// Level 3 (三级).
        Three = "LEVEL_3",
    }
    /// Who pays a line.
    Payer {
        /// Residents' basic fund (居民医保基金); national name `hifp_pay`.
        BasicFund = "BASIC_FUND",
        /// Critical illness insurance (大病保险); national name `hifmi_pay`.
        CriticalIllness = "CRITICAL_ILLNESS",
        /// Medical assistance (医疗救助); national name `maf_pay`.
        MedicalAssistance = "MEDICAL_ASSISTANCE",
        /// Veterans' assistance (优抚救助).
        VeteransAssistance = "VETERANS_ASSISTANCE",
        /// The person.
        Person = "PERSON",
        /// Government subsidy of the personal premium (政府补助个人缴费).
        PremiumSubsidy = "PREMIUM_SUBSIDY",
        /// Government part of the premium (财政补助).
        Government = "GOVERNMENT",
        /// Maternity insurance (居民生育保险).
        Maternity = "MATERNITY",
    }
    /// Group whose accident insurer is routed (人群).
    InsuredGroup {
        /// Employees (城镇职工).
        Employee = "EMPLOYEE",
        /// Adult residents (成年居民).
        AdultResident = "ADULT_RESIDENT",
        /// Students and children (学生儿童).
        StudentChild = "STUDENT_CHILD",
    }
    /// Insurer of the accident cover (承办公司).
    Insurer {
        /// 中国人寿.
        ChinaLife = "CHINA_LIFE",
        /// 泰康人寿.
        TaikangLife = "TAIKANG_LIFE",
        /// 人保健康.
        PiccHealth = "PICC_HEALTH",
        /// 光大永明.
        SunlifeEverbright = "SUNLIFE_EVERBRIGHT",
        /// 人保财险.
        PiccPc = "PICC_PC",
        /// 太平洋财险.
        CpicPc = "CPIC_PC",
    }
    /// District of Tianjin (GB/T 2260).
    District {
        /// 和平区.
        Heping = "120101",
        /// 河东区.
        Hedong = "120102",
        /// 河西区.
        Hexi = "120103",
        /// 南开区.
        Nankai = "120104",
        /// 河北区.
        Hebei = "120105",
        /// 红桥区.
        Hongqiao = "120106",
        /// 东丽区.
        Dongli = "120110",
        /// 西青区.
        Xiqing = "120111",
        /// 津南区.
        Jinnan = "120112",
        /// 北辰区.
        Beichen = "120113",
        /// 武清区.
        Wuqing = "120114",
        /// 宝坻区.
        Baodi = "120115",
        /// 滨海新区.
        Binhai = "120116",
        /// 宁河区.
        Ninghe = "120117",
        /// 静海区.
        Jinghai = "120118",
        /// 蓟州区.
        Jizhou = "120119",
    }
    /// How a premium was paid (缴费方式).
    PaymentMethod {
        /// Authorised transfer (授权（委托）划缴协议).
        AuthorisedTransfer = "AUTHORISED_TRANSFER",
        /// Bank inquiry voucher (银行端查询缴费凭证).
        BankInquiryVoucher = "BANK_INQUIRY_VOUCHER",
        /// Bank counter (银行临柜).
        BankCounter = "BANK_COUNTER",
        /// Tax mobile app (手机APP).
        MobileApp = "MOBILE_APP",
        /// Electronic tax office (电子税务局).
        WebTaxOffice = "WEB_TAX_OFFICE",
        /// QR code of WeChat or Alipay (云缴费二维码).
        QrCode = "QR_CODE",
        /// Card terminal (POS刷卡).
        PosCard = "POS_CARD",
        /// Premium paid in full by the government (政府全额补助).
        GovernmentSubsidy = "GOVERNMENT_SUBSIDY",
        /// Deduction from the old-age living subsidy (从生活补助费中扣缴).
        PensionDeduction = "PENSION_DEDUCTION",
        /// Prepaid by academic years (按学年趸缴).
        Prepayment = "PREPAYMENT",
    }
    /// Kind of employees' insurance (职工医保).
    EmployeesInsuranceKind {
        /// Through an employer, month by month.
        Employer = "EMPLOYER",
        /// Insured individually, with a waiting period (等待期).
        Individual = "INDIVIDUAL",
    }
    /// Scheme that pays for a service (医保制度).
    PayingScheme {
        /// Residents' insurance (居民医保).
        Resident = "RESIDENT",
        /// Employees' insurance (职工医保).
        Employee = "EMPLOYEE",
    }
    /// Contributions to employees' insurance in a period.
    ContributionStatus {
        /// Paid in full and on time (按时足额缴费).
        Paid = "PAID",
        /// Interrupted (中断缴费).
        Interrupted = "INTERRUPTED",
    }
    /// Why a premium is refunded (退费事由).
    RefundGround {
        /// Withdrawal before benefits begin, where it meets the withdrawal rules (退保).
        Withdrawal = "WITHDRAWAL",
        /// State student loan within a year of admission (获得国家助学贷款).
        StudentLoan = "STUDENT_LOAN",
        /// Death (死亡).
        Death = "DEATH",
    }
    /// How far a refund has come (退费状态).
    RefundState {
        /// Accepted at the tax hall (受理).
        Accepted = "ACCEPTED",
        /// Verified by the tax office; the payment no longer counts (核验).
        Verified = "VERIFIED",
        /// Rejected by the tax office with a reason.
        Rejected = "REJECTED",
        /// Paid back by the social insurance agency (退还).
        Repaid = "REPAID",
    }
    /// Kind of household registration (户籍性质).
    Area {
        /// Town (城镇).
        Urban = "URBAN",
        /// Village (农村).
        Rural = "RURAL",
    }
    /// Certificate that opens a class to persons registered elsewhere (有效证件).
    CertificateKind {
        /// Tianjin residence permit (天津市居住证).
        TianjinResidencePermit = "TIANJIN_RESIDENCE_PERMIT",
        /// Hong Kong and Macao residents' residence permit (港澳居民居住证).
        HkMacaoResidencePermit = "HK_MACAO_RESIDENCE_PERMIT",
        /// Taiwan residents' residence permit (台湾居民居住证).
        TaiwanResidencePermit = "TAIWAN_RESIDENCE_PERMIT",
        /// Registration slip of the floating population (流动人口居住登记凭证).
        FloatingPopulationSlip = "FLOATING_POPULATION_SLIP",
        /// Acceptance slip of the Tianjin residence permit (天津市居住证受理回执).
        ResidencePermitAcceptanceSlip = "RESIDENCE_PERMIT_ACCEPTANCE_SLIP",
        /// Foreigners' permanent residence card (外国人永久居留证).
        ForeignerPermanentResidence = "FOREIGNER_PERMANENT_RESIDENCE",
        /// Hong Kong and Macao residents' travel permit (港澳居民通行证).
        HkMacaoTravelPermit = "HK_MACAO_TRAVEL_PERMIT",
        /// Taiwan residents' travel permit (台湾居民通行证).
        TaiwanTravelPermit = "TAIWAN_TRAVEL_PERMIT",
        /// Another valid official paper, accepted by a manual decision only (AMB-014).
        OtherOfficial = "OTHER_OFFICIAL",
    }
    /// Kind of institution a person attends or lives in (机构类别).
    InstitutionKind {
        /// University or college (高等院校).
        HigherEducation = "HIGHER_EDUCATION",
        /// Secondary vocational school (中等职业学校).
        SecondaryVocational = "SECONDARY_VOCATIONAL",
        /// Ordinary primary or secondary school (普通中小学校).
        PrimaryOrSecondary = "PRIMARY_OR_SECONDARY",
        /// Special-education school (特殊教育学校).
        SpecialEducation = "SPECIAL_EDUCATION",
        /// Kindergarten (幼儿园).
        Kindergarten = "KINDERGARTEN",
        /// Nursery (托儿所).
        Nursery = "NURSERY",
        /// Day-care home; not named in 2017 (保育院).
        DayCareHome = "DAY_CARE_HOME",
        /// Home for the aged, for children, or another welfare institution (福利机构).
        WelfareInstitution = "WELFARE_INSTITUTION",
        /// Facility of public security (公安监管场所).
        DetentionFacility = "DETENTION_FACILITY",
        /// Any other institution.
        Other = "OTHER",
    }
    /// Why somebody left a school or nursery (离校原因).
    LeavingReason {
        /// Withdrew (退学).
        Withdrawn = "WITHDRAWN",
        /// Dropped out (辍学).
        DroppedOut = "DROPPED_OUT",
        /// Finished the studies (毕业).
        Graduated = "GRADUATED",
    }
    /// Kind of unit (单位类别).
    UnitKind {
        /// Township or street (乡镇、街道).
        Township = "TOWNSHIP",
        /// School (学校).
        School = "SCHOOL",
        /// Kindergarten, nursery or day-care home (托幼机构).
        Nursery = "NURSERY",
        /// Welfare institution (福利机构).
        WelfareInstitution = "WELFARE_INSTITUTION",
        /// Facility of public security (公安监管场所).
        DetentionFacility = "DETENTION_FACILITY",
        /// Administrative village (行政村).
        Village = "VILLAGE",
        /// Residents' committee (居委会).
        Community = "COMMUNITY",
        /// Household (家庭).
        Household = "HOUSEHOLD",
        /// Special account of an authority (专户).
        SpecialAccount = "SPECIAL_ACCOUNT",
    }
    /// Paper that an applicant presents (所持材料).
    Paper {
        /// Valid identity paper (有效身份证件).
        IdentityPaper = "IDENTITY_PAPER",
        /// Supporting material of the category (相关证明材料).
        SupportingMaterial = "SUPPORTING_MATERIAL",
    }
    /// Kind of list that an office pushes (数据集).
    RosterKind {
        /// Students (在校学生).
        Students = "STUDENTS",
        /// Subsistence allowance recipients (低保对象).
        SubsistenceAllowance = "SUBSISTENCE_ALLOWANCE",
        /// Low-income family members (低收入家庭成员).
        LowIncome = "LOW_INCOME",
        /// Extreme-poverty recipients (特困供养人员).
        ExtremePoverty = "EXTREME_POVERTY",
        /// Other identities of medical assistance: orphans, children in difficulty, special hardship (其他救助对象).
        OtherAid = "OTHER_AID",
        /// Severely disabled persons (重度残疾人).
        SevereDisability = "SEVERE_DISABILITY",
        /// Entitled groups with their attributes (优抚对象).
        EntitledGroups = "ENTITLED_GROUPS",
        /// Spouses of retired veteran cadres without fixed income (离休干部无固定收入的配偶).
        CadreSpouses = "CADRE_SPOUSES",
        /// Students with a state student loan (享受国家助学贷款的学生).
        StudentLoans = "STUDENT_LOANS",
        /// Resident population (常住人口).
        Population = "POPULATION",
        /// Deaths and funerals (死亡殡葬信息).
        Deaths = "DEATHS",
        /// Payments (缴费信息).
        Payments = "PAYMENTS",
        /// Collective registration through a unit or a desk (集中参保登记).
        Enrolment = "ENROLMENT",
    }
    /// What became of a row (处理结果).
    Disposition {
        /// Accepted; the list before did not name the person.
        New = "NEW",
        /// Accepted; says what the list before said.
        Unchanged = "UNCHANGED",
        /// Accepted; says something else than the list before.
        Changed = "CHANGED",
        /// The same roster named the person in an earlier row.
        Duplicate = "DUPLICATE",
        /// Not accepted; its reasons are given.
        Rejected = "REJECTED",
    }
    /// What a comparison found (比对结果).
    FindingKind {
        /// On the list, unknown to the registry.
        NotRegistered = "NOT_REGISTERED",
        /// On the list, registered, not enrolled for the year (未参保).
        NotEnrolled = "NOT_ENROLLED",
        /// Enrolled as what the list names, and not on the list.
        EnrolledNotOnList = "ENROLLED_NOT_ON_LIST",
        /// Number and name belong to different persons in list and registry.
        ConflictingIdentity = "CONFLICTING_IDENTITY",
        /// Named twice in one list.
        Duplicate = "DUPLICATE",
        /// On the list after the recorded day of death.
        Deceased = "DECEASED",
        /// Pupil without an enrolment (未参保学生).
        UncoveredPupil = "UNCOVERED_PUPIL",
        /// Special person whose enrolment is not a subsidised one.
        SpecialWithoutSubsidisedEnrolment = "SPECIAL_WITHOUT_SUBSIDISED_ENROLMENT",
        /// Payment without a registration (UNMATCHED).
        PaymentWithoutRegistration = "PAYMENT_WITHOUT_REGISTRATION",
        /// Service settled for a day after the recorded death.
        ServiceAfterDeath = "SERVICE_AFTER_DEATH",
        /// School's special student whom no authority's list names (UNMATCHED).
        UnmatchedSpecialStudent = "UNMATCHED_SPECIAL_STUDENT",
    }
    /// State of a finding (处理状态).
    FindingState {
        /// Nobody works on it.
        Open = "OPEN",
        /// Assigned to a township.
        Assigned = "ASSIGNED",
        /// Resolved with a reason; opens again only when the facts change.
        Resolved = "RESOLVED",
        /// No longer found by the latest comparison.
        Cleared = "CLEARED",
    }
    /// What is changed of a resident (变更事项).
    ChangeKind {
        /// Name or identity number (姓名、公民身份号码).
        NameOrNumber = "NAME_OR_NUMBER",
        /// Address or township (住址、所属地).
        AddressOrTownship = "ADDRESS_OR_TOWNSHIP",
    }
    /// State of a change (变更状态).
    ChangeState {
        /// Filed at the township, to be decided by the branch.
        Filed = "FILED",
        /// Made in the registry.
        Applied = "APPLIED",
        /// Returned with a reason; nothing changed.
        Returned = "RETURNED",
    }
    /// Group of a target table (指标分组).
    CountGroup {
        /// General residents (一般居民).
        GeneralResidents = "GENERAL_RESIDENTS",
        /// Students and children (学生儿童).
        StudentsChildren = "STUDENTS_CHILDREN",
        /// Special groups (特殊群体).
        SpecialGroups = "SPECIAL_GROUPS",
        /// Enrolled, and left out by the counting rule of the targets (B-8.3-b).
        NotCounted = "NOT_COUNTED",
    }
    /// Kind of work item (工作事项).
    WorkKind {
        /// Household visit (入户调查).
        Visit = "VISIT",
        /// Difficulty to be solved (问题协调).
        Difficulty = "DIFFICULTY",
        /// Meeting (会议).
        Meeting = "MEETING",
        /// Training (培训).
        Training = "TRAINING",
        /// Publicity (宣传).
        Publicity = "PUBLICITY",
        /// Guidance of a township (指导).
        Guidance = "GUIDANCE",
        /// Plan issued or to be issued (方案).
        Plan = "PLAN",
        /// Working funds in the budget (工作经费).
        Budget = "BUDGET",
        /// Other task (其他工作).
        Task = "TASK",
    }
    /// State of a work item (事项状态).
    WorkState {
        /// Nobody works on it.
        Open = "OPEN",
        /// Assigned.
        Assigned = "ASSIGNED",
        /// Closed with an outcome.
        Closed = "CLOSED",
    }
}
