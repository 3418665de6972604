//! Days as other services send them.

use chrono::NaiveDate;

use crate::receipt::Malformed;

/// A day that may be left out.
pub(crate) fn maybe_day(text: &str) -> Result<Option<NaiveDate>, Malformed> {
    if text.is_empty() { Ok(None) } else { day(text).map(Some) }
}

/// A day.
pub(crate) fn day(text: &str) -> Result<NaiveDate, Malformed> {
    text.parse().map_err(|_| Malformed)
}
