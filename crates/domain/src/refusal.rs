//! The one table of refusals: reason, kind of failure, and what an operator reads.

use std::borrow::Cow;
use std::fmt;

use crate::effective::Gap;

/// How a refusal is answered on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The request contradicts itself or is malformed.
    InvalidArgument,
    /// No such record.
    NotFound,
    /// The calling office has no such duty.
    PermissionDenied,
    /// A second record is not allowed.
    AlreadyExists,
    /// The documents, the configuration or the state give no way.
    FailedPrecondition,
    /// Somebody else changed the record in between; read and try again.
    Aborted,
    /// The message is larger than allowed.
    OutOfRange,
    /// No such method.
    Unimplemented,
    /// A part of the suite cannot be reached now; the same request may be sent again.
    Unavailable,
    /// A fault of the suite itself.
    Internal,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $variant:ident $code:literal $kind:ident $zh:literal,)*) => {
        /// Why a request is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Reason {
            /// Every reason, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code on the wire, `UPPER_SNAKE`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The kind of failure.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }

            /// What a person at a desk reads, in Chinese.
            #[must_use]
            pub const fn message_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)* }
            }
        }
    };
}

reasons! {
    /// A mandatory field is missing.
    RequiredFieldMissing "REQUIRED_FIELD_MISSING" InvalidArgument "缺少必填项",
    /// A code that is not in the enumeration.
    UnknownEnum "UNKNOWN_ENUM" InvalidArgument "代码不在允许范围内",
    /// An amount below zero.
    NegativeAmount "NEGATIVE_AMOUNT" InvalidArgument "金额不能为负数",
    /// Parts that do not fit the whole.
    AmountInconsistent "AMOUNT_INCONSISTENT" InvalidArgument "金额之间不一致",
    /// Dates in an impossible order.
    DateOrder "DATE_ORDER" InvalidArgument "日期先后顺序不合理",
    /// Not a district code of the city.
    BadDistrict "BAD_DISTRICT" InvalidArgument "区划代码不正确",
    /// A value outside its range or form.
    ValueNotAllowed "VALUE_NOT_ALLOWED" InvalidArgument "填报内容不符合要求",
    /// Not a valid citizen identity number (GB 11643).
    IdentityNumberInvalid "IDENTITY_NUMBER_INVALID" InvalidArgument "公民身份号码不正确",
    /// No such person.
    PersonNotFound "PERSON_NOT_FOUND" NotFound "未找到该参保人员",
    /// No such enrolment.
    EnrolmentNotFound "ENROLMENT_NOT_FOUND" NotFound "未找到参保登记",
    /// No such payment.
    PaymentNotFound "PAYMENT_NOT_FOUND" NotFound "未找到缴费记录",
    /// No such declaration.
    DeclarationNotFound "DECLARATION_NOT_FOUND" NotFound "未找到申报记录",
    /// No such payment notice.
    NoticeNotFound "NOTICE_NOT_FOUND" NotFound "未找到缴费通知单",
    /// No such refund.
    RefundNotFound "REFUND_NOT_FOUND" NotFound "未找到退费申请",
    /// No such premium prepaid by academic years.
    PrepaymentNotFound "PREPAYMENT_NOT_FOUND" NotFound "未找到趸缴记录",
    /// No such settlement.
    SettlementNotFound "SETTLEMENT_NOT_FOUND" NotFound "未找到结算记录",
    /// No such claim, of an accident or of a bill that the person paid.
    ClaimNotFound "CLAIM_NOT_FOUND" NotFound "未找到意外伤害案件或垫付报销申报",
    /// No such service outlet.
    OutletNotFound "OUTLET_NOT_FOUND" NotFound "未找到服务网点",
    /// No such period of a special identity.
    IdentityNotFound "IDENTITY_NOT_FOUND" NotFound "未找到身份记录",
    /// No such change of recorded data.
    ChangeNotFound "CHANGE_NOT_FOUND" NotFound "未找到变更记录",
    /// No such unit.
    UnitNotFound "UNIT_NOT_FOUND" NotFound "未找到该单位",
    /// No such provider.
    ProviderNotFound "PROVIDER_NOT_FOUND" NotFound "未找到该医药机构",
    /// No such roster.
    RosterNotFound "ROSTER_NOT_FOUND" NotFound "未找到该数据集",
    /// No such comparison.
    ComparisonNotFound "COMPARISON_NOT_FOUND" NotFound "未找到比对记录",
    /// No such finding.
    FindingNotFound "FINDING_NOT_FOUND" NotFound "未找到比对结果",
    /// No such reconciliation.
    ReconciliationNotFound "RECONCILIATION_NOT_FOUND" NotFound "未找到对账记录",
    /// No such exception of a reconciliation.
    ExceptionNotFound "EXCEPTION_NOT_FOUND" NotFound "未找到对账差异",
    /// No target is printed for the unit.
    TargetNotFound "TARGET_NOT_FOUND" NotFound "未下达该单位参保指标",
    /// No such work item.
    WorkItemNotFound "WORK_ITEM_NOT_FOUND" NotFound "未找到工作事项",
    /// No such contract with a family doctor.
    ContractNotFound "CONTRACT_NOT_FOUND" NotFound "未找到家庭医生签约记录",
    /// The calling office has no such duty.
    RoleNotAllowed "ROLE_NOT_ALLOWED" PermissionDenied "本部门无权办理该业务",
    /// The identity number belongs to another person.
    IdentityInUse "IDENTITY_IN_USE" AlreadyExists "该公民身份号码已登记",
    /// The same special identity is recorded for some of these days.
    DuplicateIdentity "DUPLICATE_IDENTITY" AlreadyExists "该时段已登记相同身份",
    /// Already enrolled for the year.
    DuplicateEnrolment "DUPLICATE_ENROLMENT" AlreadyExists "该年度已参保，不得重复参保",
    /// Already paid, or the voucher was used before.
    DuplicatePayment "DUPLICATE_PAYMENT" AlreadyExists "该参保登记已缴费或凭证已使用",
    /// Everybody of the unit is declared or paid.
    DuplicateDeclaration "DUPLICATE_DECLARATION" AlreadyExists "该单位人员已全部申报或缴费",
    /// A refund of the payment is under way, or was paid back under another voucher.
    DuplicateRefund "DUPLICATE_REFUND" AlreadyExists "该笔缴费已申请退费或已退还",
    /// Some of these years are prepaid.
    DuplicatePrepayment "DUPLICATE_PREPAYMENT" AlreadyExists "该期间已趸缴",
    /// The bill was settled before.
    DuplicateBill "DUPLICATE_BILL" AlreadyExists "该票据已结算",
    /// The bill is claimed already.
    DuplicateClaim "DUPLICATE_CLAIM" AlreadyExists "该票据已申报垫付报销",
    /// The settlement was reversed before.
    AlreadyReversed "ALREADY_REVERSED" AlreadyExists "该结算已撤销",
    /// The birth, or its maternity benefit, was registered before.
    MaternityRegistered "MATERNITY_REGISTERED" AlreadyExists "该次生育已办理登记",
    /// The accident was reported before.
    ReportAlreadyFiled "REPORT_ALREADY_FILED" AlreadyExists "该意外伤害已报案",
    /// The roster id was used with other rows.
    RosterIdReused "ROSTER_ID_REUSED" AlreadyExists "数据集编号已用于内容不同的数据",
    /// The id of the tax side's statement was used with other content.
    StatementReused "STATEMENT_REUSED" AlreadyExists "对账单编号已用于内容不同的对账单",
    /// The unit was appraised for the year before.
    AppraisalExists "APPRAISAL_EXISTS" AlreadyExists "该单位本年度已考核",
    /// A contract with a family doctor is in force.
    DuplicateContract "DUPLICATE_CONTRACT" AlreadyExists "已与家庭医生签约",
    /// The request id was used with another body.
    RequestIdReused "REQUEST_ID_REUSED" AlreadyExists "请求编号已用于内容不同的请求",
    /// The law of that year is not loaded.
    PolicyYearNotLoaded "POLICY_YEAR_NOT_LOADED" FailedPrecondition "未载入该年度政策",
    /// The year's document does not speak for the district.
    DistrictOutOfScope "DISTRICT_OUT_OF_SCOPE" FailedPrecondition "该年度政策文件不适用于该区",
    /// The documents print no such rule.
    RuleNotDefined "RULE_NOT_DEFINED" FailedPrecondition "政策文件未作规定",
    /// A figure has to be configured first.
    ParameterNotSet "PARAMETER_NOT_SET" FailedPrecondition "政策参数尚未设置",
    /// The window has not opened.
    WindowNotOpen "WINDOW_NOT_OPEN" FailedPrecondition "尚未到参保缴费期",
    /// The window is over.
    WindowClosed "WINDOW_CLOSED" FailedPrecondition "参保缴费期已结束",
    /// The wrong desk or way for an enrolment or a payment.
    ChannelMismatch "CHANNEL_MISMATCH" FailedPrecondition "办理渠道不正确",
    /// The wrong desk for a change or a claim.
    WrongDesk "WRONG_DESK" FailedPrecondition "受理部门不正确",
    /// A paper that does not open this way.
    EvidenceNotAccepted "EVIDENCE_NOT_ACCEPTED" FailedPrecondition "所持证件或材料不符合规定",
    /// Not a person of this class.
    ClassNotEligible "CLASS_NOT_ELIGIBLE" FailedPrecondition "不属于该类参保人员",
    /// The class has no such tier.
    TierNotAllowed "TIER_NOT_ALLOWED" FailedPrecondition "不能选择该缴费档次",
    /// The amount is not the amount due.
    AmountMismatch "AMOUNT_MISMATCH" FailedPrecondition "金额与应缴金额不符",
    /// Not enrolled and paid.
    NotEnrolled "NOT_ENROLLED" FailedPrecondition "未参保缴费",
    /// Benefits have begun.
    BenefitAlreadyStarted "BENEFIT_ALREADY_STARTED" FailedPrecondition "已进入待遇享受期，不予退费",
    /// Applied for after the last day.
    DeadlinePassed "DEADLINE_PASSED" FailedPrecondition "已超过申请期限",
    /// Enrolled, but not covered on that day.
    NotInBenefitPeriod "NOT_IN_BENEFIT_PERIOD" FailedPrecondition "不在待遇享受期内",
    /// Steps in the wrong order.
    OrderViolation "ORDER_VIOLATION" FailedPrecondition "办理顺序不正确",
    /// Another insurer serves this person.
    WrongInsurer "WRONG_INSURER" FailedPrecondition "不属于该承办公司服务区域",
    /// The record changed in between.
    RevisionConflict "REVISION_CONFLICT" Aborted "记录已被他人修改，请重新读取后再试",
    /// The message is larger than the limit.
    MessageTooLarge "MESSAGE_TOO_LARGE" OutOfRange "报文超过大小限制",
    /// The path names no method of the suite.
    MethodUnknown "METHOD_UNKNOWN" Unimplemented "接口不存在",
    /// The database does not answer.
    StorageUnavailable "STORAGE_UNAVAILABLE" Unavailable "数据库暂时无法访问，请稍后重试",
    /// Another service of the suite does not answer.
    PeerUnavailable "PEER_UNAVAILABLE" Unavailable "内部服务暂时无法访问，请稍后重试",
    /// The call took too long; it may have had its effect.
    TimedOut "TIMED_OUT" Unavailable "处理超时，请用相同请求编号重试",
    /// A fault of the suite itself.
    InternalFault "INTERNAL_FAULT" Internal "系统内部错误",
    /// No such filing.
    FilingNotFound "FILING_NOT_FOUND" NotFound "未找到备案登记",
    /// The holidays of the school are not known for the year.
    CalendarNotFound "CALENDAR_NOT_FOUND" NotFound "未找到学校寒暑假安排",
    /// A filing of the kind is in force on some of these days.
    DuplicateFiling "DUPLICATE_FILING" AlreadyExists "该时段已有同类备案登记",
    /// What a bill is settled under is another district or benefit year by now.
    SettleAnew "SETTLE_ANEW" FailedPrecondition "参保区或待遇年度已变更，请冲正后重新结算",
    /// What is stated about a provider is not what the register says on that day.
    ProviderMismatch "PROVIDER_MISMATCH" FailedPrecondition "与医药机构登记信息不符",
    /// More conditions fail than one answer names.
    MoreReasons "MORE_REASONS" FailedPrecondition "另有其他问题未逐条列出",
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One failing condition. Texts never carry a name, an identity number or a diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// Field path of the request it concerns, if one, for example `bill.total_fen`.
    pub field: Option<Cow<'static, str>>,
    /// Rule of the catalogue, if one decided.
    pub rule_id: Option<Cow<'static, str>>,
    /// What is wrong and what would be right, for a developer or an operator.
    pub detail: String,
    /// Machine-readable facts: the right desk, both amounts, the missing parameter.
    pub metadata: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal with its explanation.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, field: None, rule_id: None, detail: detail.into(), metadata: Vec::new() }
    }

    /// Names the request field.
    #[must_use]
    pub fn at(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Names the rule.
    #[must_use]
    pub fn by(mut self, rule_id: impl Into<Cow<'static, str>>) -> Self {
        self.rule_id = Some(rule_id.into());
        self
    }

    /// Adds a machine-readable fact.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.metadata.push((key, value.to_string()));
        self
    }
}

impl From<Gap> for Refusal {
    fn from(gap: Gap) -> Self {
        let (reason, verb) = if gap.configurable {
            (Reason::ParameterNotSet, "is not set")
        } else {
            (Reason::RuleNotDefined, "is not printed in the documents")
        };
        Self::new(reason, format!("{} {verb}; an overlay entry with its source supplies it", gap.parameter))
            .with("parameter", &gap.parameter)
            .by(gap.rule_id)
    }
}

/// All failing conditions of one request; never empty as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals(pub Vec<Refusal>);

impl Refusals {
    /// Adds one.
    pub fn push(&mut self, refusal: Refusal) {
        self.0.push(refusal);
    }

    /// Keeps the value, or the refusal for later.
    pub fn keep<T>(&mut self, result: Result<T, impl Into<Self>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(refusals) => {
                self.0.extend(refusals.into().0);
                None
            }
        }
    }

    /// `Ok` when nothing failed.
    ///
    /// # Errors
    /// All refusals collected so far.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// True when one of them has the reason.
    #[must_use]
    pub fn has(&self, reason: Reason) -> bool {
        self.0.iter().any(|refusal| refusal.reason == reason)
    }
}

impl<T: Into<Refusal>> From<T> for Refusals {
    fn from(refusal: T) -> Self {
        Self(vec![refusal.into()])
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}: {}", refusal.reason, refusal.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}
