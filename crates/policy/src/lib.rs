//! The law as data: figures with the day they hold from and the clause that prints them.
//!
//! The files under `data/` mirror the two documents: `tianjin-2021` (J2021, all sixteen districts) and
//! `baodi-2017` (B2017, Baodi). [`Policy::embedded`] reads and checks them all, [`Policy::for_`] gives the
//! [`Snapshot`] that governs a request, and every figure in it is an
//! [`Effective`](juyi_domain::effective::Effective) that knows its path and clause. What a document does not
//! print is a [`Gap`](juyi_domain::effective::Gap), which refuses; nothing is guessed. [`catalogue()`] holds
//! every rule id that may be cited.
//!
//! # Overlay
//!
//! An operator supplies or overrides figures with a TOML file of `[[set]]` entries, each with the
//! parameter's path ([`Policy::parameters`] lists them), the value in the parameter's unit, the first day it
//! holds, and the source, which receipts then cite as document and section. An entry without a source, an
//! unknown path or an unknown key is rejected. A value of the same `since` is replaced; any other `since`
//! is one more dated value. Before the first value of a parameter its first value holds, as for the law's own.
//!
//! ```toml
//! # The critical illness threshold of the year; the provisional mark goes with it. Yuan.
//! [[set]]
//! parameter = "tianjin-2021.critical_illness.threshold"
//! value = "21950.00"
//! since = 2021-01-01
//! source = { document = "津医保局发〔2021〕9号", section = "第一条" }
//!
//! # Refuse instead of using another year's threshold.
//! [[set]]
//! parameter = "tianjin-2021.critical_illness.strict_threshold"
//! value = true
//! since = 2021-01-01
//! source = { document = "局务会议纪要2021-3", section = "二" }
//!
//! # Readings: FUND_PAYMENT or ELIGIBLE_COST; CALENDAR_YEAR or PER_SETTLEMENT.
//! [[set]]
//! parameter = "tianjin-2021.inpatient.maximum_basis"
//! value = "ELIGIBLE_COST"
//! since = 2021-01-01
//! source = { document = "局务会议纪要2021-3", section = "三" }
//!
//! # The epidemic, first and last day. Months and days are whole numbers, rates whole percent.
//! [[set]]
//! parameter = "tianjin-2021.benefit_period.epidemic"
//! value = { first = 2020-01-24, last = 2021-03-31 }
//! since = 2021-01-01
//! source = { document = "市政府公告", section = "全文" }
//!
//! # The tier of a fully subsidised group.
//! [[set]]
//! parameter = "tianjin-2021.premium.subsidised_tier.SEVERE_DISABILITY"
//! value = "MIDDLE"
//! since = 2020-09-01
//! source = { document = "津残联〔2020〕1号", section = "附表" }
//!
//! # The government part of a premium, by class and tier. Yuan.
//! [[set]]
//! parameter = "tianjin-2021.premium.government.ADULT.HIGH"
//! value = 580
//! since = 2020-09-01
//! source = { document = "津财社〔2020〕5号", section = "第二条" }
//! ```
//!
//! # Adding a year
//!
//! A directory with a `regime.toml` (year, districts) and files of the same groups, each listed in
//! `sources.rs`. A figure that is not printed is declared under `unset` with the rule that needs it. Loading
//! fails on an unknown key, on dates that do not increase, on a reference the catalogue does not hold, on a
//! value that does not have its unit and on a parameter that no snapshot reads.

mod catalogue;
mod error;
mod figure;
mod file;
mod overlay;
mod policy;
mod reader;
mod snapshot;
mod sources;
mod store;

pub use catalogue::{Catalogue, Rule, RuleService, catalogue};
pub use error::LoadError;
pub use policy::Policy;
pub use snapshot::{AccidentBenefits, Snapshot, YearlyProgram};

#[cfg(test)]
mod tests;
