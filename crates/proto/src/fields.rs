//! Reading a request: every field violation is collected, and nothing is built from a bad request.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::dates;
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use uuid::Uuid;

use crate::code::{BadCode, Coded};

/// Codes that a list may have.
const MOST_CODES: usize = 50;

/// Collects field violations. A field that fails yields a stand-in value; [`Fields::finish`] then refuses the whole,
/// so no stand-in is ever seen.
#[derive(Debug, Default)]
pub struct Fields {
    refusals: Refusals,
    prefix: &'static str,
}

impl Fields {
    /// Reads the top level of a request.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the following fields with a prefix, for example `bill.`.
    pub fn within(&mut self, prefix: &'static str) -> &mut Self {
        self.prefix = prefix;
        self
    }

    /// Records a violation.
    pub fn refuse(&mut self, name: &str, reason: Reason, detail: impl Into<String>) {
        self.refusals.push(Refusal::new(reason, detail).at(format!("{}{name}", self.prefix)));
    }

    /// Records a refusal made elsewhere.
    pub fn add(&mut self, refusal: Refusal) {
        self.refusals.push(refusal);
    }

    fn missing(&mut self, name: &str) {
        self.refuse(name, Reason::RequiredFieldMissing, format!("{name} is required"));
    }

    /// A text whose length in characters lies in a range, without white space around it; a range from 0 makes it
    /// optional.
    pub fn text(&mut self, name: &str, text: &str, length: RangeInclusive<usize>) -> String {
        let characters = text.chars().count();
        if characters == 0 && *length.start() > 0 {
            self.missing(name);
        } else if !length.contains(&characters) || text.chars().any(char::is_control) || text.trim() != text {
            let (least, most) = (length.start(), length.end());
            let detail = format!("{name} has {least} to {most} printable characters and no white space around them");
            self.refuse(name, Reason::ValueNotAllowed, detail);
        }
        text.to_owned()
    }

    /// The national code of a provider in the mainland (national name: fixmedins_code). The field of the platform is 30 wide, but a
    /// code fills 12 of it: so many belong to the id of a message.
    pub fn provider_code(&mut self, name: &str, text: &str) -> String {
        let plain = text.len() == 12 && text.chars().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase());
        if text.is_empty() {
            self.missing(name);
        } else if !plain {
            self.refuse(name, Reason::ValueNotAllowed, format!("{name} has 12 digits and capital letters"));
        }
        text.to_owned()
    }

    /// The idempotency key of a mutation.
    pub fn request_id(&mut self, request_id: &str) -> String {
        self.text("request_id", request_id, 1..=64)
    }

    /// An id, in the one spelling that answers use: requests are remembered under it.
    pub fn id<T: FromStr + From<Uuid> + Display>(&mut self, name: &str, text: &str) -> T {
        if text.is_empty() {
            self.missing(name);
            return Uuid::nil().into();
        }
        match text.parse::<T>() {
            Ok(id) if id.to_string() == text => id,
            _ => {
                self.refuse(name, Reason::ValueNotAllowed, format!("{name} is a UUID in lower case with hyphens"));
                Uuid::nil().into()
            }
        }
    }

    /// A day between 1900 and 2099.
    pub fn date(&mut self, name: &str, text: &str) -> NaiveDate {
        if text.is_empty() {
            self.missing(name);
            return dates::EARLIEST;
        }
        let iso = text.len() == 10;
        match text.parse::<NaiveDate>() {
            Ok(day) if iso && (dates::EARLIEST..dates::LATEST).contains(&day) => day,
            _ => {
                self.refuse(name, Reason::ValueNotAllowed, format!("{name} is a day as YYYY-MM-DD, 1900 to 2099"));
                dates::EARLIEST
            }
        }
    }

    /// A day that has come.
    pub fn past_date(&mut self, name: &str, text: &str, today: NaiveDate) -> NaiveDate {
        let day = self.date(name, text);
        self.not_in_future(name, day, today);
        day
    }

    /// Refuses a day that has not come.
    pub fn not_in_future(&mut self, name: &str, day: NaiveDate, today: NaiveDate) {
        if day > today {
            self.refuse(name, Reason::DateOrder, format!("{name} lies in the future"));
        }
    }

    /// A day that may be left out.
    pub fn maybe_date(&mut self, name: &str, text: &str) -> Option<NaiveDate> {
        if text.is_empty() { None } else { Some(self.date(name, text)) }
    }

    /// A code.
    pub fn code<C: Coded>(&mut self, name: &str, number: i32) -> C {
        C::from_wire(number).unwrap_or_else(|bad| {
            match bad {
                BadCode::Missing => self.missing(name),
                BadCode::Unknown => {
                    self.refuse(name, Reason::UnknownEnum, format!("{name} is not a code of its enumeration"));
                }
            }
            C::CODES[0]
        })
    }

    /// A code that may be left out.
    pub fn maybe_code<C: Coded>(&mut self, name: &str, number: i32) -> Option<C> {
        if number == 0 { None } else { Some(self.code(name, number)) }
    }

    /// What may be read of a list: one violation tells of a list that is longer than `most`, and nothing behind that is
    /// looked at.
    pub fn listed<'a, T>(&mut self, name: &str, list: &'a [T], most: usize) -> &'a [T] {
        if list.len() > most {
            self.refuse(name, Reason::ValueNotAllowed, format!("{name} are at most {most}"));
        }
        list.get(..most).unwrap_or(list)
    }

    /// A list of at most 50 codes; duplicates are folded.
    pub fn codes<C: Coded + Ord>(&mut self, name: &str, numbers: &[i32]) -> Vec<C> {
        let numbers = self.listed(name, numbers, MOST_CODES);
        let mut codes: Vec<C> = numbers.iter().map(|number| self.code(name, *number)).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// A district of Tianjin.
    pub fn district(&mut self, name: &str, text: &str) -> District {
        if text.is_empty() {
            self.missing(name);
            return District::ALL[0];
        }
        text.parse().unwrap_or_else(|_| {
            self.refuse(name, Reason::BadDistrict, format!("{name} is a GB/T 2260 code of a district of Tianjin"));
            District::ALL[0]
        })
    }

    /// A district that may be left out.
    pub fn maybe_district(&mut self, name: &str, text: &str) -> Option<District> {
        if text.is_empty() { None } else { Some(self.district(name, text)) }
    }

    /// An amount of at least 0 and at most [`Fen::MAX_INPUT`].
    pub fn amount(&mut self, name: &str, fen: i64) -> Fen {
        if fen < 0 {
            self.refuse(name, Reason::NegativeAmount, format!("{name} is 0 or more"));
        } else if fen > Fen::MAX_INPUT.get() {
            self.refuse(name, Reason::ValueNotAllowed, format!("{name} is at most {}", Fen::MAX_INPUT.get()));
        }
        Fen::new(fen.clamp(0, Fen::MAX_INPUT.get()))
    }

    /// A policy year; whether its law is loaded is another question.
    pub fn policy_year(&mut self, name: &str, year: i32) -> i32 {
        match year {
            0 => self.missing(name),
            1900..2100 => {}
            _ => self.refuse(name, Reason::ValueNotAllowed, format!("{name} is a year from 1900 to 2099")),
        }
        year.clamp(1900, 2099)
    }

    /// A message that must be present.
    pub fn message<'a, M>(&mut self, name: &str, message: Option<&'a M>) -> Option<&'a M> {
        if message.is_none() {
            self.missing(name);
        }
        message
    }

    /// The page size, 50 when left out.
    pub fn page_size(&mut self, size: i32) -> i64 {
        match size {
            0 => 50,
            1..=100 => i64::from(size),
            _ => {
                self.refuse("page_size", Reason::ValueNotAllowed, "page_size is 1 to 100");
                1
            }
        }
    }

    /// The place a page starts at: the token is the last id of the page before.
    pub fn page_after<T: FromStr + From<Uuid> + Display>(&mut self, token: &str) -> Option<T> {
        if token.is_empty() { None } else { Some(self.id("page_token", token)) }
    }

    /// The request, when no field failed.
    ///
    /// # Errors
    /// Every violation found.
    pub fn finish<T>(self, request: T) -> Result<T, Refusals> {
        self.refusals.into_result().map(|()| request)
    }
}

#[cfg(test)]
mod tests {
    use juyi_domain::codes::Tier;
    use juyi_domain::id::ResidentId;

    use super::*;

    #[test]
    fn reports_every_violation_and_builds_nothing() {
        let mut fields = Fields::new();
        fields.text("name", "", 1..=50);
        fields.text("bill_number", "B 1 ", 1..=40);
        fields.id::<ResidentId>("resident_id", "01890000-0000-7000-8000-00000000000A");
        fields.date("birth_date", "2021-13-01");
        fields.code::<Tier>("tier", 99);
        fields.within("bill.").amount("total_fen", -1);
        let refusals = fields.finish(()).unwrap_err().0;
        let found: Vec<_> = refusals.iter().map(|r| (r.field.as_deref().unwrap(), r.reason)).collect();
        assert_eq!(
            found,
            [
                ("name", Reason::RequiredFieldMissing),
                ("bill_number", Reason::ValueNotAllowed),
                ("resident_id", Reason::ValueNotAllowed),
                ("birth_date", Reason::ValueNotAllowed),
                ("tier", Reason::UnknownEnum),
                ("bill.total_fen", Reason::NegativeAmount),
            ]
        );
    }

    /// Today has come; what is no day is told once.
    #[test]
    fn a_past_day_is_not_after_today() {
        let today = NaiveDate::from_ymd_opt(2021, 3, 1).unwrap();
        let reasons = |text: &str| {
            let mut fields = Fields::new();
            let day = fields.past_date("payment_date", text, today);
            let refusals = fields.finish(day).err().unwrap_or_default();
            refusals.0.iter().map(|refusal| refusal.reason).collect::<Vec<_>>()
        };
        assert_eq!((reasons("2021-03-01"), reasons("2021-03-02")), (vec![], vec![Reason::DateOrder]));
        assert_eq!(
            (reasons(""), reasons("1.3.21")),
            (vec![Reason::RequiredFieldMissing], vec![Reason::ValueNotAllowed])
        );
    }

    #[test]
    fn a_list_is_read_to_its_limit_and_no_further() {
        let mut fields = Fields::new();
        assert_eq!(fields.codes::<Tier>("tiers", &[1; 50]).len(), 1);
        fields.finish(()).unwrap();

        let mut fields = Fields::new();
        fields.codes::<Tier>("tiers", &vec![99; 1_000_000]);
        let refusals = fields.finish(()).unwrap_err().0;
        assert_eq!(refusals[0].reason, Reason::ValueNotAllowed);
        assert_eq!(refusals[0].detail, "tiers are at most 50");
        assert_eq!(refusals.len(), 51);
    }

    #[test]
    fn texts_never_echo_the_value() {
        let mut fields = Fields::new();
        fields.text("identity_number", "12010119900101\u{7}", 18..=18);
        let refusals = fields.finish(()).unwrap_err();
        assert!(!refusals.to_string().contains("1990"));
    }
}
