//! What becomes of a filing: reviewed, ended, withdrawn, or told again.

use chrono::NaiveDate;

use super::codes::FilingState;
use super::register::{Details, Registered};
use crate::refusal::{Reason, Refusal};

impl Registered {
    /// Confirms or rejects what waits for the review of the agency (J-10.3.2-b).
    ///
    /// # Errors
    /// ORDER_VIOLATION unless it is pending.
    pub fn review(&mut self, confirmed: bool) -> Result<(), Refusal> {
        self.require(&[FilingState::Pending])?;
        self.state = if confirmed { FilingState::InForce } else { FilingState::Rejected };
        Ok(())
    }

    /// Gives a last day, or an earlier one.
    ///
    /// # Errors
    /// ORDER_VIOLATION unless it is in force, and DATE_ORDER for a day before the first or after the last.
    pub fn end(&mut self, last_on: NaiveDate) -> Result<(), Refusal> {
        self.require(&[FilingState::InForce])?;
        if last_on < self.first_on || self.last_on.is_some_and(|last| last_on > last) {
            let detail = "the last day lies before the first, or after the last day the filing has";
            let refusal = Refusal::new(Reason::DateOrder, detail).at("last_date").with("start_date", self.first_on);
            let last = self.last_on.map(|last| last.to_string()).unwrap_or_default();
            return Err(refusal.with("last_date", last));
        }
        self.last_on = Some(last_on);
        Ok(())
    }

    /// Takes it back as if it had never been filed.
    ///
    /// # Errors
    /// ORDER_VIOLATION for one that was rejected or withdrawn before.
    pub fn withdraw(&mut self) -> Result<(), Refusal> {
        self.require(&[FilingState::Pending, FilingState::InForce])?;
        self.state = FilingState::Withdrawn;
        Ok(())
    }

    fn require(&self, allowed: &[FilingState]) -> Result<(), Refusal> {
        if allowed.contains(&self.state) {
            return Ok(());
        }
        let detail = format!("the filing is {}", self.state);
        Err(Refusal::new(Reason::OrderViolation, detail).at("filing_id").with("state", self.state))
    }

    /// True for a filing in force that says the same as a new one on some of its days. Trips may follow upon each other, and
    /// nothing forbids a second transfer.
    #[must_use]
    pub fn rivals(&self, new: &Self) -> bool {
        let same = match (&self.details, &new.details) {
            (Details::Residence(one), Details::Residence(other)) => one.mode == other.mode,
            (Details::Student(_), Details::Student(_)) => true,
            (Details::Disease(one), Details::Disease(other)) => one.disease_code == other.disease_code,
            _ => false,
        };
        let last = |day: Option<NaiveDate>| day.unwrap_or(NaiveDate::MAX);
        let meet = self.first_on <= last(new.last_on) && new.first_on <= last(self.last_on);
        self.state == FilingState::InForce && same && meet
    }

    /// True when a time at home that is known is told again with its end.
    #[must_use]
    pub fn is_continued_by(&self, new: &Self) -> bool {
        match (&self.details, &new.details) {
            (Details::Student(known), Details::Student(told)) => {
                known.returned_on.is_none()
                    && told.returned_on.is_some()
                    && self.first_on == new.first_on
                    && (&known.home_province, &known.unit_id) == (&told.home_province, &told.unit_id)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes::DiagnosisRoute;
    use super::super::disease::SpecialDisease;
    use super::super::fixtures::{region, residence, transfer};
    use super::super::student::StudentAtHome;
    use super::*;
    use crate::dates::written::day;

    type Change = fn(&mut Registered) -> Result<(), Refusal>;

    fn filed(details: Details, first: &str, last: &str) -> Registered {
        let last_on = (!last.is_empty()).then(|| day(last));
        Registered { details, first_on: day(first), last_on, state: FilingState::InForce }
    }

    fn living_elsewhere(first: &str, last: &str) -> Registered {
        filed(Details::Residence(residence()), first, last)
    }

    fn reason(outcome: Result<(), Refusal>) -> Option<Reason> {
        outcome.err().map(|refusal| refusal.reason)
    }

    /// J-10.3.2-b: only what waits is reviewed; what was rejected or withdrawn stays so.
    #[test]
    fn each_state_allows_what_it_allows() {
        let changes: [Change; 4] =
            [|it| it.review(true), |it| it.review(false), |it| it.end(day("2021-03-05")), Registered::withdraw];
        for (state, to) in [
            (FilingState::Pending, [Some("IN_FORCE"), Some("REJECTED"), None, Some("WITHDRAWN")]),
            (FilingState::InForce, [None, None, Some("IN_FORCE"), Some("WITHDRAWN")]),
            (FilingState::Rejected, [None; 4]),
            (FilingState::Withdrawn, [None; 4]),
        ] {
            for (change, to) in changes.iter().zip(to) {
                let mut filing = Registered { state, ..living_elsewhere("2021-03-01", "") };
                let outcome = change(&mut filing);
                assert_eq!(filing.state.as_str(), to.unwrap_or(state.as_str()));
                assert_eq!(reason(outcome), to.is_none().then_some(Reason::OrderViolation), "{state} to {to:?}");
            }
        }
    }

    #[test]
    fn an_end_lies_within_the_filing() {
        let mut filing = living_elsewhere("2021-03-01", "");
        assert_eq!(reason(filing.end(day("2021-02-28"))), Some(Reason::DateOrder));
        assert_eq!((filing.end(day("2021-03-10")), filing.last_on), (Ok(()), Some(day("2021-03-10"))));
        assert_eq!((filing.end(day("2021-03-01")), filing.last_on), (Ok(()), Some(day("2021-03-01"))));
        let refused = filing.end(day("2021-03-02")).unwrap_err();
        assert_eq!((refused.reason, filing.last_on), (Reason::DateOrder, Some(day("2021-03-01"))));
        assert!(refused.metadata.contains(&("last_date", "2021-03-01".to_owned())));
    }

    /// Days in common, the last one included, of the same mode, disease or person at home.
    #[test]
    fn two_filings_that_say_the_same_are_rivals_on_common_days() {
        let known = living_elsewhere("2021-03-01", "2021-06-30");
        assert!(known.rivals(&living_elsewhere("2021-06-30", "")) && known.rivals(&living_elsewhere("2021-01-01", "")));
        assert!(!known.rivals(&living_elsewhere("2021-07-01", "")));
        assert!(!known.rivals(&living_elsewhere("2021-01-01", "2021-02-28")));
        let withdrawn = Registered { state: FilingState::Withdrawn, ..known.clone() };
        assert!(!withdrawn.rivals(&living_elsewhere("2021-03-01", "")));
        let disease = |code: &str| {
            let disease = SpecialDisease {
                disease_code: code.to_owned(),
                route: DiagnosisRoute::ALL[0],
                institution_code: "H12010100001".to_owned(),
                institution_qualified: true,
                papers: Vec::new(),
            };
            filed(Details::Disease(disease), "2021-03-01", "")
        };
        assert!(disease("M01").rivals(&disease("M01")) && !disease("M01").rivals(&disease("M02")));
        assert!(!disease("M01").rivals(&known));
        let transferred = filed(Details::Transfer(transfer()), "2021-03-01", "");
        assert!(!transferred.rivals(&transferred));
    }

    /// J-10.5.1-b: the school tells of the return to the same place from the same day.
    #[test]
    fn a_time_at_home_is_told_again_with_its_end() {
        let open = StudentAtHome { home_province: region("130000"), unit_id: "school".to_owned(), returned_on: None };
        let at_home = |student: StudentAtHome| filed(Details::Student(student), "2021-01-20", "");
        let back = StudentAtHome { returned_on: Some(day("2021-02-20")), ..open.clone() };
        assert!(at_home(open.clone()).is_continued_by(&at_home(back.clone())));
        assert!(!at_home(open.clone()).is_continued_by(&at_home(open.clone())));
        assert!(!at_home(back.clone()).is_continued_by(&at_home(back.clone())));
        let of_another = StudentAtHome { unit_id: "another".to_owned(), ..back.clone() };
        assert!(!at_home(open.clone()).is_continued_by(&at_home(of_another)));
        let later = Registered { first_on: day("2021-01-21"), ..at_home(back) };
        assert!(!at_home(open).is_continued_by(&later));
    }
}
