//! Behaviour of the repositories and of the calls, on SQLite and on PostgreSQL.

mod calls;
mod store;

use juyi_domain::codes::Insurance;
use juyi_domain::dates::Period;
use juyi_testkit::context;

use crate::store::spans::Span;

/// A span as its insurance and days.
pub(crate) fn span(insurance: Insurance, period: Period) -> Span {
    let context = context("2021-01-01");
    Span {
        resident_id: context.id(),
        id: context.id(),
        payment_id: context.id(),
        enrolment_id: context.id(),
        insurance,
        period,
        benefit_year: 2021,
    }
}
