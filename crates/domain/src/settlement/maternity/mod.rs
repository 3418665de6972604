//! Maternity insurance: prenatal checks, childbirth, family planning (J-5.3.T), and the registrations before it (J-6.2.2.1).
//!
//! A bill carries an [`event::MaternityEvent`]; [`row::find`] picks the one row of the table that it falls under and
//! [`pay::settle`] pays it in the row's way. The insurance is a scheme of its own: nothing of it moves the running totals of
//! basic insurance, enters critical illness insurance or is assisted (AMB-087). [`registration`] knows who registers what
//! where, and when a bill needs it. To add a row: its item in [`params`], what leads to it in [`row`].

pub(super) mod check;
pub mod event;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod params;
pub mod pay;
pub(super) mod pregnancies;
pub mod registration;
pub mod row;

pub use event::MaternityEvent;
