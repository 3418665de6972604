//! Medical assistance and veterans' support on inpatient bills, after both insurances have paid.
//!
//! Start from [`year::assess_year`]: it lets [`inpatient`] and [`veterans`] answer for each bill and pays the better.

#[cfg(test)]
mod fixtures;
pub mod inpatient;
pub mod params;
pub mod veterans;
pub mod year;
