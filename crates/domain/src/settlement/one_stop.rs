//! The one-stop settlement: every payer in its order on one receipt, and the person at the end (J-6.1-b, B-6.1.1-a).

use super::year::Outcome;
use crate::codes::Payer;
use crate::effective::Effective;
use crate::money::Fen;
use crate::receipt::{Receipt, Step};

/// A bill settled with all payers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Basic insurance, critical illness insurance, assistance, person.
    pub receipt: Receipt,
    /// Eligible part of the bill.
    pub eligible: Fen,
    /// What each payer pays; the parts sum to the total of the bill and what is paid above it.
    pub shares: Shares,
}

/// The parts of a bill by payer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// Residents' basic fund.
    pub basic: Fen,
    /// Critical illness insurance.
    pub critical_illness: Fen,
    /// Medical assistance.
    pub medical_assistance: Fen,
    /// Veterans' assistance.
    pub veterans_assistance: Fen,
    /// The person.
    pub person: Fen,
    /// Maternity insurance, what it pays above the whole bill included (AMB-084).
    pub maternity: Fen,
}

impl Shares {
    /// The shares a receipt's payment lines add up to.
    #[must_use]
    pub fn of(receipt: &Receipt) -> Self {
        Self {
            basic: receipt.total(Payer::BasicFund),
            critical_illness: receipt.total(Payer::CriticalIllness),
            medical_assistance: receipt.total(Payer::MedicalAssistance),
            veterans_assistance: receipt.total(Payer::VeteransAssistance),
            person: receipt.total(Payer::Person),
            maternity: receipt.total(Payer::Maternity),
        }
    }

    /// What all pay together: the whole bill, and what maternity insurance pays above it where a fixed amount is more than
    /// the bill (AMB-084).
    #[must_use]
    pub fn sum(&self) -> Fen {
        self.basic
            + self.critical_illness
            + self.maternity
            + self.medical_assistance
            + self.veterans_assistance
            + self.person
    }
}

/// Closes the chain: whatever the funds leave of the whole bill, its ineligible part included, is the person's
/// (AMB-005: the personal share is the remainder), and nothing where a fixed amount of maternity insurance is more than the
/// bill (AMB-084). `aid` is empty for a person without assistance; `own_share` is the clause that leaves the rest to the person.
#[must_use]
pub fn combine(outcome: Outcome<Receipt>, aid: Receipt, own_share: &Effective<bool>) -> Settled {
    let mut receipt = outcome.trace;
    receipt.extend(aid);
    let funds = receipt.sum();
    receipt.push(
        Step::by(own_share, |_| "TRUE".into())
            .given("total", outcome.total)
            .given("out_of_scope", outcome.total - outcome.eligible)
            .given("funds", funds)
            .paying(Payer::Person, outcome.total.above(funds)),
    );
    let shares = Shares::of(&receipt);
    Settled { receipt, eligible: outcome.eligible, shares }
}

#[cfg(test)]
mod tests {
    use super::super::case::Case;
    use super::super::fixtures::{Cases, case, settle};
    use super::super::maternity;
    use super::*;
    use crate::codes::Identity;

    /// Assistance as it would answer: a payment line of its own.
    fn aid(fen: i64) -> Receipt {
        Receipt { steps: vec![Step::new("J-5.5.2-b").paying(Payer::MedicalAssistance, Fen::new(fen))] }
    }

    fn own_share() -> Effective<bool> {
        Effective::printed(true, "J-6.1-b")
    }

    /// S-45 and S-46: J-6.1-b.
    #[test]
    fn the_person_pays_what_is_left() {
        let poor =
            |order, yuan| Case { identities: vec![Identity::SubsistenceAllowance], ..case(order, Fen::yuan(yuan)) };
        let outcomes = settle(&[poor(1, 120_000), poor(2, 60_000)]);
        let first = combine(outcomes[0].clone(), aid(1_176_789), &own_share());
        assert_eq!(first.shares.person, Fen::new(784_526));
        assert_eq!(combine(outcomes[1].clone(), aid(496_263), &own_share()).shares.person, Fen::new(133_737));
        let payers: Vec<Payer> = first.receipt.payments().map(|line| line.payer).collect();
        assert_eq!(payers, [Payer::BasicFund, Payer::CriticalIllness, Payer::MedicalAssistance, Payer::Person]);
    }

    /// The example of J-6.1-b, and what lies outside the catalogues.
    #[test]
    fn the_ineligible_part_is_the_persons() {
        let mut case = case(1, Fen::yuan(20_000));
        case.bill.total = Fen::yuan(21_000);
        let settled = combine(settle(&[case]).remove(0), aid(381_000), &own_share());
        assert_eq!(settled.shares.person, Fen::yuan(2_540 + 1_000));
    }

    /// S-41 and C07: J-5.3.T-e, AMB-084: the person pays what is above the amount, and never less than nothing; what the
    /// parts are more than the bill is what the fixed amount is above it.
    #[test]
    fn a_fixed_amount_may_be_more_than_the_bill() {
        for (yuan, person) in [(4_000, 1_720), (2_280, 0), (1_500, 0)] {
            let birth = maternity::fixtures::case(maternity::fixtures::natural(), Fen::yuan(yuan));
            let settled = combine(settle(&[birth]).remove(0), Receipt::default(), &own_share());
            assert_eq!((settled.shares.maternity, settled.shares.person), (Fen::yuan(2_280), Fen::yuan(person)));
            let above = Fen::yuan(2_280).above(Fen::yuan(yuan));
            assert_eq!(settled.shares.sum(), Fen::yuan(yuan) + above);
            assert_eq!(settled.receipt.sum(), settled.shares.sum());
        }
    }

    #[test]
    fn the_parts_sum_to_the_whole() {
        let mut cases = Cases(0x1405_7B7E_F767_814F);
        for _ in 0..500 {
            for outcome in settle(&cases.year()) {
                let (total, eligible) = (outcome.total, outcome.eligible);
                let settled = combine(outcome, Receipt::default(), &own_share());
                assert_eq!(settled.receipt.sum(), total);
                assert_eq!(settled.shares.sum(), total);
                assert!(settled.shares.person >= total - eligible);
            }
        }
    }
}
