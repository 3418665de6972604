//! Parameters of the benefit period.

use juyi_domain::benefit_period::params::{BenefitPeriodParams, EmployeesParams};

use crate::LoadError;
use crate::reader::{Reader, settle};

pub(super) fn read(reader: &Reader<'_>) -> Result<BenefitPeriodParams, LoadError> {
    Ok(BenefitPeriodParams {
        collection_window: reader.required("enrolment.collection_window")?,
        school_window: reader.required("enrolment.school_window")?,
        late_window: reader.maybe("enrolment.late_window")?,
        ordinary: reader.required("benefit_period.ordinary")?,
        ordinary_school: reader.required("benefit_period.ordinary_school")?,
        deduction: reader.required("benefit_period.deduction")?,
        deduction_benefit_start: reader.required("benefit_period.deduction_benefit_start")?,
        special: reader.maybe("benefit_period.special")?,
        late_wait_insured: reader.maybe("benefit_period.late_wait_insured")?,
        late_wait_uninsured: reader.maybe("benefit_period.late_wait_uninsured")?,
        new_entrant_start: reader.required("benefit_period.new_entrant_start")?,
        newborn_grace: reader.required("benefit_period.newborn_grace")?,
        newborn_late: reader.required("benefit_period.newborn_late")?,
        newborn_months: reader.maybe("enrolment.newborn_months")?,
        newborn_window: reader.required("benefit_period.newborn_window")?,
        newborn_window_late: reader.required("benefit_period.newborn_window_late")?,
        interruption_months: reader.required("enrolment.interruption_months")?,
        interruption_bounds_payment: reader.required("benefit_period.interruption_bounds_payment")?,
        interrupted_wait_days: reader.required("benefit_period.interrupted_wait_days")?,
        epidemic: settle(reader.get("benefit_period.epidemic"))?,
        epidemic_months_after: reader.maybe("benefit_period.epidemic_months_after")?,
        accident_school: settle(reader.get("benefit_period.accident_school"))?,
        nursery_counts_as_school: reader.maybe("benefit_period.nursery_counts_as_school")?,
        accident_others: settle(reader.get("benefit_period.accident_others"))?,
        critical_illness_follows: reader.required("benefit_period.critical_illness_follows")?,
        maternity_follows: settle(reader.get("benefit_period.maternity_follows"))?,
        leavers_keep_accident: reader.maybe("benefit_period.leavers_keep_accident")?,
        employees: employees(reader)?,
    })
}

/// All four rules, or none where the document does not print them.
fn employees(reader: &Reader<'_>) -> Result<Option<EmployeesParams>, LoadError> {
    let rule = |name: &str| reader.maybe(&format!("benefit_period.employees.{name}"));
    let rules = (rule("contributing")?, rule("interrupted")?, rule("waiting")?, rule("waited")?);
    let (Some(contributing), Some(interrupted), Some(waiting), Some(waited)) = rules else { return Ok(None) };
    Ok(Some(EmployeesParams { contributing, interrupted, waiting, waited }))
}
