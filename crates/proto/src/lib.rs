//! The wire: code generated from `proto/` and its conversions to and from the domain.
//!
//! Generated modules are named as the packages are: [`registry::v1`], [`settlement::v1`] and so on. Codes convert
//! through [`code::Coded`], requests are read through [`fields::Fields`], receipts through [`receipt`],
//! and what the registry tells its peers through [`enrolment`] and [`person`].
//!
//! To add a contract: write it under `proto/juyi/<service>/v1`, add its module here, and convert in the service's
//! `grpc.rs`.

pub mod code;
mod days;
pub mod enrolment;
pub mod fields;
pub mod person;
pub mod receipt;

macro_rules! packages {
    ($($(#[doc = $doc:literal])* $name:ident $package:literal,)*) => {$(
        $(#[doc = $doc])*
        pub mod $name {
            /// Version 1.
            #[allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all, clippy::needless_pass_by_value, reason = "generated code")]
            pub mod v1 {
                tonic::include_proto!($package);
            }
        }
    )*};
}

packages! {
    /// Shared messages: codes and receipts.
    common "juyi.common.v1",
    /// Registry (参保登记).
    registry "juyi.registry.v1",
    /// Contribution (缴费).
    contribution "juyi.contribution.v1",
    /// Benefit period (待遇享受期).
    benefit_period "juyi.benefit_period.v1",
    /// Settlement (结算).
    settlement "juyi.settlement.v1",
    /// Assistance (医疗救助).
    assistance "juyi.assistance.v1",
    /// Accident insurance (意外伤害附加保险).
    accident "juyi.accident.v1",
}

/// Descriptors of every contract, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
