//! Medical assistance and veterans' support, after both insurances have paid.
//!
//! Start from [`year::assess_year`]: it lets [`inpatient`] or [`outpatient`], and [`veterans`], answer for each bill and pays the better.

#[cfg(test)]
mod fixtures;
pub mod inpatient;
pub mod outpatient;
pub mod params;
pub mod unprinted;
pub mod veterans;
pub mod year;
