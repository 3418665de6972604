//! Until when and how an enrolment can still be paid.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

use crate::benefit_period::derive::{Facts, derive};
use crate::benefit_period::params::BenefitPeriodParams;
use crate::codes::{Category, PaymentMethod};
use crate::dates::{Period, year_end};
use crate::money::Fen;

/// Days on which a payment opens coverage by one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayableDays {
    /// The days.
    pub days: Period,
    /// Rule of the period that the payment opens: J-4.1-a in the collection window, J-4.1.1-a or -b in the late one.
    pub rule_id: Cow<'static, str>,
}

/// The days from `first` to the end of the policy year on which a payment would be taken, by the rule that opens coverage.
/// `paid_on` gives the facts of a payment on a day. What counts is what a payment is judged by, so that nobody is told a
/// last day on which he is turned away (J-3.1-a, J-3.1-b).
#[must_use]
pub fn payable_days(
    first: NaiveDate,
    paid_on: impl Fn(NaiveDate) -> Facts,
    params: &BenefitPeriodParams,
) -> Vec<PayableDays> {
    let last = year_end(paid_on(first).policy_year);
    let mut found: Vec<PayableDays> = Vec::new();
    for day in first.iter_days().take_while(|day| *day <= last) {
        let Ok(derived) = derive(&paid_on(day), params) else { continue };
        let Some(step) = derived.receipt.steps.first() else { continue };
        match found.last_mut() {
            Some(open) if open.rule_id == step.rule_id && open.days.end() == day => {
                open.days = Period::maybe_inclusive(open.days.start(), day).unwrap_or(open.days);
            }
            _ => {
                let days = Period::maybe_new(day, day + Days::new(1));
                found.extend(days.map(|days| PayableDays { days, rule_id: step.rule_id.clone() }));
            }
        }
    }
    found
}

/// The ways in which a premium can be paid: individuals by the five of J-3.3.6-a, institutions for all their people by
/// the two of J-3.3.1-c, villages by bank inquiry voucher alone (J-3.3.2-b). Where nothing is payable, the government pays
/// (J-2.3-j).
#[must_use]
pub fn methods(category: Category, payable: Fen) -> Vec<PaymentMethod> {
    use PaymentMethod::{
        AuthorisedTransfer, BankCounter, BankInquiryVoucher, GovernmentSubsidy, MobileApp, PosCard, QrCode,
        WebTaxOffice,
    };
    if payable.is_zero() {
        return vec![GovernmentSubsidy];
    }
    match category {
        Category::SchoolStudent | Category::NurseryChild | Category::WelfareResident | Category::Detainee => {
            vec![AuthorisedTransfer, BankInquiryVoucher]
        }
        Category::RuralResident => vec![BankInquiryVoucher, BankCounter, MobileApp, WebTaxOffice, QrCode, PosCard],
        _ => vec![BankCounter, MobileApp, WebTaxOffice, QrCode, PosCard],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benefit_period::fixtures::{adult, baodi_2017, newborn, tianjin_2021};
    use crate::dates::written::day;

    fn written(found: &[PayableDays]) -> Vec<String> {
        found.iter().map(|open| format!("{} {}", open.days, open.rule_id)).collect()
    }

    /// J-3.1-a and J-3.1-b: until the end of the year in the window, until 30 June late (J-4.1.1-b).
    #[test]
    fn the_window_is_followed_by_the_late_one() {
        let facts = |day: NaiveDate| adult(&day.to_string());
        let open = |first| written(&payable_days(day(first), facts, &tianjin_2021()));
        let late = "2021-01-01 to 2021-06-30 J-4.1.1-b";
        assert_eq!(open("2020-11-11"), ["2020-11-11 to 2020-12-31 J-4.1-a", late]);
        assert_eq!(open("2020-08-01"), ["2020-09-01 to 2020-12-31 J-4.1-a", late]);
        assert_eq!(open("2021-06-30"), ["2021-06-30 to 2021-06-30 J-4.1.1-b"]);
        assert!(open("2021-07-01").is_empty());
    }

    /// J-4.1.4-a and J-4.1.4-b: a child born on 2021-03-15 can be paid for the whole year.
    #[test]
    fn a_newborn_has_days_of_its_own() {
        let facts = |day: NaiveDate| newborn("2021-03-15", &day.to_string());
        let open = written(&payable_days(day("2021-03-15"), facts, &tianjin_2021()));
        assert_eq!(open, ["2021-03-15 to 2021-07-15 J-4.1.4-a", "2021-07-16 to 2021-12-30 J-4.1.4-b"]);
    }

    /// B-2.3-a: no late window is printed for 2017.
    #[test]
    fn baodi_has_no_late_window() {
        let facts = |day: NaiveDate| Facts { policy_year: 2017, ..adult(&day.to_string()) };
        let open = written(&payable_days(day("2016-10-08"), facts, &baodi_2017()));
        assert_eq!(open, ["2016-10-08 to 2016-12-31 B-3.3-a"]);
    }

    /// J-3.3.1-c, J-3.3.2-b, J-3.3.6-a, J-2.3-j.
    #[test]
    fn who_pays_decides_how() {
        let due = Fen::yuan(260);
        assert_eq!(methods(Category::SchoolStudent, due).len(), 2);
        assert!(methods(Category::RuralResident, due).contains(&PaymentMethod::BankInquiryVoucher));
        assert!(!methods(Category::UrbanResident, due).contains(&PaymentMethod::BankInquiryVoucher));
        assert_eq!(methods(Category::UrbanResident, Fen::ZERO), [PaymentMethod::GovernmentSubsidy]);
    }
}
