//! What changes of recorded data need of the law.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{Desk, UnknownCode, codes};
use crate::effective::Effective;

codes! {
    /// Which clause a change falls under.
    ChangeCase {
        /// Name or identity number.
        NameOrNumber = "NAME_OR_NUMBER",
        /// Address or township, before the payment.
        AddressUnpaid = "ADDRESS_UNPAID",
        /// Address or township, paid.
        AddressPaid = "ADDRESS_PAID",
        /// Address or township, paid, and registered through a township.
        AddressPaidThroughTownship = "ADDRESS_PAID_THROUGH_TOWNSHIP",
    }
    /// Where the desk of a change has to lie.
    Place {
        /// Anywhere the office may act for the person.
        Anywhere = "ANYWHERE",
        /// Where the person is registered or lives, or is enrolled.
        Own = "OWN",
        /// Where the person is enrolled; without an enrolment, as [`Place::Own`].
        Registration = "REGISTRATION",
    }
}

/// What the law says about changes in one policy year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangeParams {
    /// The rule of each case.
    pub rules: Vec<Effective<ChangeRule>>,
    /// Desk of the tax office at which a change of name or number goes on; `None` where none is printed (2017).
    pub tax_desk: Option<Effective<Desk>>,
}

/// The desks of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRule {
    /// Case.
    pub case: ChangeCase,
    /// Desks that take it, the first one named in refusals.
    pub desks: Vec<Desk>,
    /// Where they lie.
    pub place: Place,
    /// Desk that decides what another one takes in; `None` where the desk decides itself.
    pub decided_at: Option<Desk>,
    /// True when the duty is one body's alone: another body is refused as having no such duty.
    pub one_body: bool,
}
