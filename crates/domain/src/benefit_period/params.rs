//! What the rules of the benefit period need of the law.

use chrono::NaiveDate;

use crate::codes::PayingScheme;
use crate::dates::Period;
use crate::effective::{Effective, Gap};

/// Parameters of the benefit period for one policy year.
#[derive(Clone, Debug, PartialEq)]
pub struct BenefitPeriodParams {
    /// Collection window; payments in it open the ordinary period.
    pub collection_window: Effective<Period>,
    /// Window of schools and nurseries.
    pub school_window: Effective<Period>,
    /// Late window, where one is printed.
    pub late_window: Option<Effective<Period>>,
    /// Ordinary period (J-4.1-a, B-3.3-a).
    pub ordinary: Effective<Period>,
    /// Ordinary period of school and nursery enrolments (J-4.1-a, B-3.1-a).
    pub ordinary_school: Effective<Period>,
    /// Calendar-year period of fully subsidised special persons (J-3.2.5-f); `None` where not printed: then `ordinary`.
    pub special: Option<Effective<Period>>,
    /// Period of who pays by deduction from the old-age living subsidy, whatever the day (J-3.3.4-a, B-7.3.3-c, AMB-041).
    pub deduction: Effective<Period>,
    /// Whether that period, or the rule of late payments, opens by a deduction (AMB-041).
    pub deduction_benefit_start: Effective<DeductionStart>,
    /// Months until a late payment takes effect, insured the year before (J-4.1.1-a: 1).
    pub late_wait_insured: Option<Effective<u32>>,
    /// The same, not insured the year before (J-4.1.1-b: 3).
    pub late_wait_uninsured: Option<Effective<u32>>,
    /// Start of the first period of new school entrants (J-4.1.3-a, B-3.1-b).
    pub new_entrant_start: Effective<NaiveDate>,
    /// Time after birth in which payment counts from birth (J-4.1.4-a, B-3.2-a).
    pub newborn_grace: Effective<Grace>,
    /// Rule after that time (J-4.1.4-b, B-3.2-b).
    pub newborn_late: Effective<Grace>,
    /// Months after birth in which a newborn may be registered and paid for (J-3.2.8-a, J-4.1.4-b: 12); `None` where no
    /// end is printed (2017).
    pub newborn_months: Option<Effective<u32>>,
    /// Rule for a birth inside the window with the next year paid in time (J-4.1.4-c, B-3.2-c).
    pub newborn_window: Effective<Period>,
    /// Rule for a birth inside the window paid after the grace (J-4.1.4-d, B-3.2-d).
    pub newborn_window_late: Effective<Period>,
    /// Interrupted employees: months after the interruption in which their channel is open (J-3.2.7-a, B-2.4-a: 3).
    pub interruption_months: Effective<u32>,
    /// True where the months of the channel bound the payment, too (B-3.4-a); else they bound the registration alone
    /// (J-4.1.5-a).
    pub interruption_bounds_payment: Effective<bool>,
    /// Interrupted employees: days between payment and start (J-4.1.5-a, B-3.4-a: 1).
    pub interrupted_wait_days: Effective<u32>,
    /// Epidemic in which a late payment takes effect at once (J-4.1.2-a); not printed, an operator sets it.
    pub epidemic: Result<Effective<Period>, Gap>,
    /// Months after the epidemic in which the rule still holds (J-4.1.2-a: 3); `None` where the rule is not printed.
    pub epidemic_months_after: Option<Effective<u32>>,
    /// Accident cover of enrolments through a school or nursery (J-4.3-a).
    pub accident_school: Result<Effective<Period>, Gap>,
    /// A nursery counts as a school for that cover (AMB-048); `None` where the cover is not printed.
    pub nursery_counts_as_school: Option<Effective<bool>>,
    /// Accident cover of everybody else (J-4.3-b).
    pub accident_others: Result<Effective<Period>, Gap>,
    /// Rule by which critical illness and maternity follow the basic period (J-4.2-a); 2017: B-5.1-a for
    /// critical illness, maternity not printed.
    pub critical_illness_follows: Effective<bool>,
    /// The same for maternity.
    pub maternity_follows: Result<Effective<bool>, Gap>,
    /// Who leaves a school or nursery keeps the accident cover to the end of the basic period (J-4.3-c); `None` where not
    /// printed.
    pub leavers_keep_accident: Option<Effective<bool>>,
    /// Who pays while a person also has employees' insurance (J-9-1a to J-9-2b); `None` where not printed.
    pub employees: Option<EmployeesParams>,
}

/// Which scheme pays by the state of a person's employees' insurance.
#[derive(Clone, Debug, PartialEq)]
pub struct EmployeesParams {
    /// Contributions of the month paid in full and on time (J-9-1a).
    pub contributing: Effective<PayingScheme>,
    /// Contributions interrupted (J-9-1b).
    pub interrupted: Effective<PayingScheme>,
    /// Individually insured, in the waiting period (J-9-2a).
    pub waiting: Effective<PayingScheme>,
    /// Individually insured, after it (J-9-2b).
    pub waited: Effective<PayingScheme>,
}

/// When the benefits of a premium begin that is deducted from the old-age living subsidy (AMB-041).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeductionStart {
    /// With the year, as if it had been paid in the collection window.
    JanuaryFirst,
    /// As those of any payment of that day: after the window by the rule of late payments.
    LateRule,
}

impl DeductionStart {
    /// The code of the reading.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JanuaryFirst => "JANUARY_FIRST",
            Self::LateRule => "LATE_RULE",
        }
    }
}

/// A time of grace after birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grace {
    /// Calendar months, clamped (AMB-006).
    Months(u32),
    /// Days after the day of birth (AMB-007).
    Days(u32),
}

impl AsRef<Self> for BenefitPeriodParams {
    fn as_ref(&self) -> &Self {
        self
    }
}
