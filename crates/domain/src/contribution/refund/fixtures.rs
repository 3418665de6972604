//! The law of refunds in both years, and the applications that the tests change.

use super::params::RefundParams;
use super::{Application, Ground};
use crate::codes::{Class, Desk, Office, PaymentMethod, RefundGround};
use crate::dates::written::day;
use crate::effective::{Effective, Gap};
use crate::money::Fen;

fn gap(parameter: &'static str, rule_id: &'static str) -> Gap {
    Gap { parameter: parameter.into(), rule_id: rule_id.into(), configurable: false }
}

pub(crate) fn tianjin_2021() -> RefundParams {
    RefundParams {
        grounds: Ok(Effective::printed(RefundGround::ALL.to_vec(), "J-3.5-a")),
        desk: Effective::printed(Desk::TaxHall, "J-3.5-b"),
        repaid_by: Ok(Effective::printed(vec![Office::SocialInsurance], "J-3.5-b")),
        loan_months: Ok(Effective::printed(12, "J-3.5-d")),
        death_last_day: Ok(Effective::printed(day("2021-12-31"), "J-3.5-e")),
        others: gap("refund.others", "J-3.5-f"),
    }
}

pub(crate) fn baodi_2017() -> RefundParams {
    RefundParams {
        grounds: Err(gap("refund.grounds", "B-8.2.3-c")),
        desk: Effective::printed(Desk::DistrictSocialInsuranceBranch, "B-8.2.3-c"),
        repaid_by: Err(gap("refund.repaid_by", "B-8.2.3-c")),
        loan_months: Err(gap("refund.loan_months", "B-8.2.3-c")),
        death_last_day: Err(gap("refund.death_last_day", "B-8.2.3-c")),
        others: gap("refund.others", "B-8.2.3-c"),
    }
}

/// An adult of the middle tier who paid on 2020-10-20; benefits begin on 2021-01-01.
pub(crate) fn application(applied_on: &str, ground: Ground) -> Application {
    Application {
        paid: Fen::yuan(560),
        paid_on: day("2020-10-20"),
        method: PaymentMethod::MobileApp,
        class: Class::Adult,
        benefit_start: day("2021-01-01"),
        applied_on: day(applied_on),
        ground,
    }
}

/// A new student whose benefits began on 2020-09-01.
pub(crate) fn student(applied_on: &str, ground: Ground) -> Application {
    Application {
        paid: Fen::yuan(260),
        paid_on: day("2020-09-20"),
        class: Class::StudentChild,
        benefit_start: day("2020-09-01"),
        ..application(applied_on, ground)
    }
}
