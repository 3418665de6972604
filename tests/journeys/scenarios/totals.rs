//! What a settlement step says of the year and of other bills.

use std::collections::BTreeMap;

use juyi_proto::settlement::v1 as settlement;
use serde::Deserialize;

use super::differences::Differences;
use super::stage::Stage;
use super::values::Yuan;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Year {
    pub(crate) stays: Option<i32>,
    pub(crate) deductible_used: Option<Yuan>,
    pub(crate) basic_paid: Option<Yuan>,
    pub(crate) burden: Option<Yuan>,
    pub(crate) critical_illness_paid: Option<Yuan>,
    pub(crate) assistance_base: Option<Yuan>,
    pub(crate) medical_assistance_paid: Option<Yuan>,
    pub(crate) veterans_assistance_paid: Option<Yuan>,
    pub(crate) home_bed_days: Option<i32>,
    pub(crate) balance_used: Option<Yuan>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adjusted {
    pub(crate) basic_fund: Option<Yuan>,
    pub(crate) critical_illness: Option<Yuan>,
    pub(crate) medical_assistance: Option<Yuan>,
    pub(crate) veterans_assistance: Option<Yuan>,
    pub(crate) person: Option<Yuan>,
}

pub(crate) fn year(expected: &Year, got: &settlement::Accumulators, differences: &mut Differences) {
    let Year {
        stays,
        deductible_used,
        basic_paid,
        burden,
        critical_illness_paid,
        assistance_base,
        medical_assistance_paid,
        veterans_assistance_paid,
        home_bed_days,
        balance_used,
    } = *expected;
    differences.same("year.stays", stays, got.stays);
    differences.amount("year.deductible_used", deductible_used, got.deductible_used_fen);
    differences.amount("year.basic_paid", basic_paid, got.basic_paid_fen);
    differences.amount("year.burden", burden, got.burden_fen);
    differences.amount("year.critical_illness_paid", critical_illness_paid, got.critical_illness_paid_fen);
    differences.amount("year.assistance_base", assistance_base, got.assistance_base_fen);
    differences.amount("year.medical_assistance_paid", medical_assistance_paid, got.medical_assistance_paid_fen);
    differences.amount("year.veterans_assistance_paid", veterans_assistance_paid, got.veterans_assistance_paid_fen);
    differences.same("year.home_bed_days", home_bed_days, got.home_bed_days);
    differences.amount("year.balance_used", balance_used, got.balance_used_fen);
}

pub(crate) fn adjustments_of(
    stage: &Stage<'_>,
    person: &str,
    expected: BTreeMap<String, Adjusted>,
    got: &[settlement::Adjustment],
    differences: &mut Differences,
) -> Result<(), String> {
    differences.same("adjusted bills", Some(expected.len()), got.len());
    for (bill, expected) in expected {
        let id =
            stage.bills.get(&(person.to_owned(), bill.clone())).ok_or_else(|| format!("no settled bill {bill}"))?;
        let difference = got.iter().find(|adjustment| adjustment.settlement_id == *id);
        let difference = difference.and_then(|adjustment| adjustment.difference).unwrap_or_default();
        let Adjusted { basic_fund, critical_illness, medical_assistance, veterans_assistance, person } = expected;
        differences.amount(&format!("{bill}.basic_fund"), basic_fund, difference.basic_fund_fen);
        differences.amount(&format!("{bill}.critical_illness"), critical_illness, difference.critical_illness_fen);
        let medical = difference.medical_assistance_fen;
        differences.amount(&format!("{bill}.medical_assistance"), medical_assistance, medical);
        let veterans = difference.veterans_assistance_fen;
        differences.amount(&format!("{bill}.veterans_assistance"), veterans_assistance, veterans);
        differences.amount(&format!("{bill}.person"), person, difference.person_fen);
    }
    Ok(())
}
