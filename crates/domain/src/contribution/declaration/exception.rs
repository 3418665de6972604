//! Money that a unit paid for somebody whose payment could not be confirmed (J-3.3.1-c): it is either used for that person
//! after all, or goes back to the unit. Until then the person is neither declared nor charged again.

use chrono::NaiveDate;

use super::DeclarationLineState;
use crate::contribution::payment::check_amount;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};

/// What became of the one payment of a unit, or what one step changes of it. Every fen of it stands in one of the three
/// parts: paid = confirmed + open exceptions + returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Confirmed payments.
    pub confirmed: i64,
    /// Their sum.
    pub confirmed_sum: Fen,
    /// Open exceptions: people for whom no payment could be confirmed yet.
    pub exceptions: i64,
    /// What was paid for them.
    pub exception_sum: Fen,
    /// People whose money went back to the unit.
    pub returned: i64,
    /// That money.
    pub returned_sum: Fen,
}

impl Outcome {
    /// The payment of one person is confirmed.
    pub fn confirm(&mut self, paid: Fen) {
        self.confirmed += 1;
        self.confirmed_sum += paid;
    }

    /// One person is set aside.
    pub fn set_aside(&mut self, paid: Fen) {
        self.exceptions += 1;
        self.exception_sum += paid;
    }

    /// The payment of one person who was set aside is confirmed after all.
    pub fn confirm_exception(&mut self, paid: Fen) {
        self.close_exception(paid);
        self.confirm(paid);
    }

    /// The money of one person who was set aside went back.
    pub fn give_back(&mut self, paid: Fen) {
        self.close_exception(paid);
        self.returned += 1;
        self.returned_sum += paid;
    }

    fn close_exception(&mut self, paid: Fen) {
        self.exceptions -= 1;
        self.exception_sum -= paid;
    }

    /// People of whom it is known what became of them.
    #[must_use]
    pub const fn persons(&self) -> i64 {
        self.confirmed + self.exceptions + self.returned
    }

    /// Money of which it is known what became of it.
    #[must_use]
    pub fn sum(&self) -> Fen {
        self.confirmed_sum + self.exception_sum + self.returned_sum
    }
}

/// An exception is closed once.
///
/// # Errors
/// `ORDER_VIOLATION` for a person who is no exception, or no longer one.
pub fn require_open(state: DeclarationLineState) -> Result<(), Refusal> {
    if state == DeclarationLineState::Exception {
        return Ok(());
    }
    let detail = "the person is no open exception of this declaration";
    Err(Refusal::new(Reason::OrderViolation, detail).at("enrolment_id").with("state", state).by("J-3.3.1-c"))
}

/// Money on its way back to a unit.
#[derive(Clone, Copy, Debug)]
pub struct Return {
    /// What the unit paid for the person.
    pub paid: Fen,
    /// When.
    pub paid_on: NaiveDate,
    /// What went back.
    pub amount: Fen,
    /// When.
    pub on: NaiveDate,
}

/// Checks that exactly what was paid for a person went back, after it was paid.
///
/// # Errors
/// `ORDER_VIOLATION` where nothing was paid; `NEGATIVE_AMOUNT`, `AMOUNT_MISMATCH` with metadata `due_fen` and `paid_fen`;
/// `DATE_ORDER`.
pub fn check_return(back: &Return) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    if back.paid.is_zero() {
        let detail = "the unit paid nothing for this person; nothing goes back";
        refusals.push(Refusal::new(Reason::OrderViolation, detail).at("enrolment_id").by("J-3.3.1-c"));
    }
    refusals.keep(check_amount(back.paid, back.amount).map_err(|refusal| refusal.by("J-3.3.1-c")));
    if back.on < back.paid_on {
        let detail = format!("the unit paid on {}; its money went back before that", back.paid_on);
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("return_date").by("J-3.3.1-c"));
    }
    refusals.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    const OWED: [i64; 3] = [26_000, 0, 56_000];

    /// J-3.3.1-c: paid = confirmed + open exceptions + returned, after every step of every course of three people.
    #[test]
    fn every_fen_of_a_unit_stands_somewhere() {
        let mut courses = 0;
        // First each is confirmed (0) or set aside; who is set aside stays so (1), is confirmed (2) or given back (3).
        for course in 0..4_usize.pow(3) {
            let ends: Vec<usize> = (0..3).map(|person| course / 4_usize.pow(person) % 4).collect();
            let mut outcome = Outcome::default();
            let mut paid = Fen::ZERO;
            for (owed, end) in OWED.map(Fen::new).into_iter().zip(&ends) {
                paid += owed;
                if *end == 0 {
                    outcome.confirm(owed);
                } else {
                    outcome.set_aside(owed);
                }
                assert_eq!(outcome.sum(), paid, "{ends:?}");
            }
            for (owed, end) in OWED.map(Fen::new).into_iter().zip(&ends) {
                match end {
                    2 => outcome.confirm_exception(owed),
                    3 => outcome.give_back(owed),
                    _ => {}
                }
                assert_eq!((outcome.sum(), outcome.persons()), (paid, 3), "{ends:?}");
            }
            let of = |wanted: &[usize]| {
                let chosen = OWED.iter().zip(&ends).filter(|(_, end)| wanted.contains(end));
                chosen.map(|(owed, _)| Fen::new(*owed)).sum::<Fen>()
            };
            assert_eq!(
                (outcome.confirmed_sum, outcome.exception_sum, outcome.returned_sum),
                (of(&[0, 2]), of(&[1]), of(&[3]))
            );
            courses += 1;
        }
        assert_eq!(courses, 64);
    }

    /// J-3.3.1-c: the exact sum, not before it was paid, and once.
    #[test]
    fn exactly_what_was_paid_goes_back() {
        let paid = Fen::yuan(260);
        let back = Return { paid, paid_on: day("2020-10-20"), amount: paid, on: day("2020-10-20") };
        assert_eq!(check_return(&back), Ok(()));
        for amount in [Fen::yuan(259), Fen::yuan(261)] {
            assert!(check_return(&Return { amount, ..back }).unwrap_err().has(Reason::AmountMismatch));
        }
        assert!(check_return(&Return { on: day("2020-10-19"), ..back }).unwrap_err().has(Reason::DateOrder));
        let nothing = Return { paid: Fen::ZERO, amount: Fen::ZERO, ..back };
        assert!(check_return(&nothing).unwrap_err().has(Reason::OrderViolation));
        for state in DeclarationLineState::ALL {
            assert_eq!(require_open(*state).is_ok(), *state == DeclarationLineState::Exception, "{state}");
        }
    }
}
