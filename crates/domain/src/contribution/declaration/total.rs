//! What a unit owes for its people (J-3.3.1-b, B-7.3.1-a).

use super::Declarer;
use super::line::Amounts;
use crate::money::Fen;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// Figures of a declaration. They are sums over its lines, whatever the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// People declared.
    pub persons: i64,
    /// Of these, whose premium the government pays.
    pub subsidised: i64,
    /// Of these, whose premium is prepaid.
    pub prepaid: i64,
    /// Registered people who were left out, each with a reason.
    pub left_out: i64,
    /// Personal part of the premiums of the declared, whoever pays.
    pub personal: Fen,
    /// What the government pays of it.
    pub subsidy: Fen,
    /// What the unit pays, in one sum.
    pub payable: Fen,
}

impl Totals {
    /// Adds a declared person.
    pub fn declare(&mut self, amounts: &Amounts) {
        self.persons += 1;
        self.subsidised += i64::from(!amounts.subsidy.is_zero());
        self.prepaid += i64::from(amounts.prepaid);
        self.personal += amounts.personal;
        self.subsidy += amounts.subsidy;
        self.payable += amounts.payable;
    }

    /// Adds somebody who was left out.
    pub const fn leave_out(&mut self) {
        self.left_out += 1;
    }

    /// Adds another part of the same declaration.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            persons: self.persons + other.persons,
            subsidised: self.subsidised + other.subsidised,
            prepaid: self.prepaid + other.prepaid,
            left_out: self.left_out + other.left_out,
            personal: self.personal + other.personal,
            subsidy: self.subsidy + other.subsidy,
            payable: self.payable + other.payable,
        }
    }

    /// How the total was reached.
    #[must_use]
    pub fn step(&self, declarer: Declarer, policy_year: i32) -> Step {
        Step::new(rule_id(declarer, policy_year))
            .given("persons", crate::receipt::Value::Count(self.persons))
            .given("subsidised", crate::receipt::Value::Count(self.subsidised))
            .given("prepaid", crate::receipt::Value::Count(self.prepaid))
            .given("personal", self.personal)
            .given("subsidy", self.subsidy)
            .found("payable", self.payable)
    }
}

/// The clause by which a declarer declares.
#[must_use]
pub const fn rule_id(declarer: Declarer, policy_year: i32) -> &'static str {
    match declarer {
        Declarer::Authority => "J-3.3.1-e",
        Declarer::Village => "J-3.3.2-b",
        Declarer::Institution if policy_year < 2021 => "B-7.3.1-a",
        Declarer::Institution => "J-3.3.1-b",
    }
}

/// Compares the sum that the unit declared, if it named one, with the sum of its people.
///
/// # Errors
/// `AMOUNT_MISMATCH` with metadata `due_fen` and `declared_fen`.
pub fn check(declared: Option<Fen>, totals: &Totals, declarer: Declarer, policy_year: i32) -> Result<(), Refusal> {
    let due = totals.payable;
    match declared.filter(|declared| *declared != due) {
        None => Ok(()),
        Some(declared) => {
            let detail = format!("{due} yuan are due for {} people, {declared} were declared", totals.persons);
            Err(Refusal::new(Reason::AmountMismatch, detail)
                .at("total_fen")
                .with("due_fen", due.get())
                .with("declared_fen", declared.get())
                .by(rule_id(declarer, policy_year)))
        }
    }
}

/// Checks that there is somebody to declare.
///
/// # Errors
/// `ORDER_VIOLATION` when the unit registered nobody yet (J-3.3.1-a, J-3.3.1-b); `DUPLICATE_DECLARATION` when everybody is
/// paid, declared or declared by somebody else.
pub fn require_people(totals: &Totals, declarer: Declarer, policy_year: i32) -> Result<(), Refusal> {
    let (reason, detail) = match (totals.persons, totals.left_out) {
        (0, 0) => (Reason::OrderViolation, "people are registered first and declared then; the unit registered nobody"),
        (0, _) => (Reason::DuplicateDeclaration, "nobody is left who was not paid or declared before"),
        _ => return Ok(()),
    };
    let refusal = Refusal::new(reason, detail).at("unit_id").with("left_out", totals.left_out);
    Err(refusal.by(rule_id(declarer, policy_year)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(payable: i64, subsidy: i64, prepaid: bool) -> Amounts {
        let (payable, subsidy) = (Fen::yuan(payable), Fen::yuan(subsidy));
        let personal = if prepaid { Fen::yuan(260) } else { payable + subsidy };
        Amounts { personal, subsidy, payable, prepaid }
    }

    /// S-10: 28 of 30 children at 260.00, two subsidised.
    fn school() -> Totals {
        let mut totals = Totals::default();
        for _ in 0..28 {
            totals.declare(&person(260, 0, false));
        }
        for _ in 0..2 {
            totals.declare(&person(0, 260, false));
        }
        totals
    }

    /// J-3.3.1-b, S-10: 28 × 260.00 = 7280.00; 7800.00 is not the sum.
    #[test]
    fn the_subsidised_count_nothing() {
        let totals = school();
        assert_eq!((totals.persons, totals.subsidised), (30, 2));
        assert_eq!((totals.payable, totals.subsidy), (Fen::new(728_000), Fen::new(52_000)));
        let check = |declared| check(declared, &totals, Declarer::Institution, 2021);
        assert_eq!(check(Some(Fen::yuan(7_280))), Ok(()));
        assert_eq!(check(None), Ok(()));
        let refusal = check(Some(Fen::yuan(7_800))).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::AmountMismatch, Some("J-3.3.1-b")));
        let figures = [("due_fen", "728000"), ("declared_fen", "780000")];
        assert_eq!(refusal.metadata, figures.map(|(key, value)| (key, value.to_owned())));
    }

    /// J-3.3.1-b, J-3.3.3-b: a prepaid student counts 0.
    #[test]
    fn the_prepaid_count_nothing() {
        let mut totals = school();
        totals.declare(&person(0, 0, true));
        assert_eq!((totals.persons, totals.prepaid, totals.payable), (31, 1, Fen::yuan(7_280)));
    }

    /// J-3.3.1-a, J-3.3.1-b: registration first.
    #[test]
    fn somebody_is_registered_before_anything_is_declared() {
        let reason =
            |totals: &Totals| require_people(totals, Declarer::Institution, 2021).err().map(|refusal| refusal.reason);
        let mut totals = Totals::default();
        assert_eq!(reason(&totals), Some(Reason::OrderViolation));
        totals.leave_out();
        assert_eq!(reason(&totals), Some(Reason::DuplicateDeclaration));
        totals.declare(&person(260, 0, false));
        assert_eq!(reason(&totals), None);
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let whole = school().plus(school());
        assert_eq!((whole.persons, whole.payable), (60, Fen::yuan(14_560)));
        assert_eq!(Totals::default().plus(school()), school());
    }

    /// B-7.3.1-a, J-3.3.2-b, J-3.3.1-e: every declarer has a clause.
    #[test]
    fn a_step_names_the_clause_of_the_declarer() {
        assert_eq!(school().step(Declarer::Institution, 2017).rule_id, "B-7.3.1-a");
        assert_eq!(school().step(Declarer::Village, 2021).rule_id, "J-3.3.2-b");
        assert_eq!(school().step(Declarer::Authority, 2021).rule_id, "J-3.3.1-e");
        let step = school().step(Declarer::Institution, 2021);
        assert_eq!(step.output("payable"), Some(&crate::receipt::Value::Fen(Fen::yuan(7_280))));
    }
}
