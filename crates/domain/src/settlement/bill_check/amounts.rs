//! The amounts of a bill: in range, and no part larger than its whole.

use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;
use crate::settlement::care::CareKind;

pub(super) fn check(bill: &Bill, refusals: &mut Refusals) {
    let third_party = bill.third_party.unwrap_or_default();
    for (field, amount) in [
        ("bill.total_fen", bill.total),
        ("bill.eligible_fen", bill.in_catalogue),
        ("bill.third_party_fen", third_party),
        ("bill.public_health_fen", bill.public_health),
    ] {
        if amount.is_negative() {
            refusals.push(Refusal::new(Reason::NegativeAmount, "an amount is not negative").at(field));
        } else if amount > Fen::MAX_INPUT {
            let limit = Fen::MAX_INPUT.get();
            let detail = format!("an amount is at most {limit} fen");
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at(field).with("maximum_fen", limit));
        }
    }
    if bill.total.is_zero() {
        refusals.push(Refusal::new(Reason::ValueNotAllowed, "a bill has a cost").at("bill.total_fen"));
    }
    if bill.in_catalogue > bill.total {
        refusals.push(
            inconsistent("the eligible part is larger than the whole", "bill.eligible_fen", "J-5.1.3-a")
                .with("total_fen", bill.total.get())
                .with("eligible_fen", bill.in_catalogue.get()),
        );
    }
    shares_of_others(bill, third_party, refusals);
    if let Some(fee) = bill.general_fee.filter(|fee| fee.sum() > bill.in_catalogue) {
        refusals.push(
            inconsistent("the general fee is a part of the eligible cost", "bill.general_fee", "J-5.1.5-b")
                .with("eligible_fen", bill.in_catalogue.get())
                .with("general_fee_fen", fee.sum().get()),
        );
    }
    if bill.kind == CareKind::SuppliedBurden && bill.in_catalogue < bill.total {
        let detail = "a burden is wholly within the policy: total and eligible part are the same";
        refusals.push(inconsistent(detail, "bill.eligible_fen", "B-5.1-b"));
    }
}

/// What others bear are parts of the eligible cost (J-8-3, J-8-4, AMB-071). Amounts out of range were refused above.
fn shares_of_others(bill: &Bill, third_party: Fen, refusals: &mut Refusals) {
    let in_range = |amount: Fen| (Fen::ZERO..=Fen::MAX_INPUT).contains(&amount);
    let (eligible, public_health) = (bill.in_catalogue, bill.public_health);
    if ![eligible, third_party, public_health].into_iter().all(in_range) {
        return;
    }
    let detail = "what others bear is no larger than the eligible part";
    for (share, field, rule_id) in
        [(third_party, "bill.third_party_fen", "J-8-4"), (public_health, "bill.public_health_fen", "J-8-3")]
    {
        if share > eligible {
            refusals.push(inconsistent(detail, field, rule_id).with("eligible_fen", eligible.get()));
        }
    }
    if third_party.max(public_health) <= eligible && third_party + public_health > eligible {
        let refusal = inconsistent(detail, "bill.third_party_fen", "J-8-4");
        refusals.push(refusal.with("eligible_fen", eligible.get()).with("public_health_fen", public_health.get()));
    }
}

fn inconsistent(detail: &str, field: &'static str, rule_id: &'static str) -> Refusal {
    Refusal::new(Reason::AmountInconsistent, detail).at(field).by(rule_id)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bill, refused};
    use super::*;
    use crate::settlement::care::{GeneralFee, ProviderKind};

    /// J-5.1.3-a.
    #[test]
    fn the_eligible_part_is_no_larger_than_the_whole() {
        let bill = Bill { in_catalogue: Fen::new(10_001), ..bill(Fen::new(10_000)) };
        assert_eq!(refused(&bill), [(Reason::AmountInconsistent, "eligible_fen")]);
        assert_eq!(bill.check().unwrap_err().0[0].rule_id.as_deref(), Some("J-5.1.3-a"));
    }

    #[test]
    fn amounts_have_limits() {
        assert_eq!(refused(&bill(Fen::ZERO)), [(Reason::ValueNotAllowed, "total_fen")]);
        let above = Fen::MAX_INPUT + Fen::new(1);
        let both = [(Reason::ValueNotAllowed, "total_fen"), (Reason::ValueNotAllowed, "eligible_fen")];
        assert_eq!(refused(&bill(above)), both);
        assert_eq!(bill(Fen::MAX_INPUT).check(), Ok(()));
    }

    /// J-8-3, J-8-4: the shares of others may make up the eligible part, and no more; each alone and both together.
    #[test]
    fn the_shares_of_others_are_parts_of_the_eligible_cost() {
        let shares = |third_party, public_health| Bill {
            third_party: Some(Fen::yuan(third_party)),
            public_health: Fen::yuan(public_health),
            ..bill(Fen::yuan(100))
        };
        assert_eq!(shares(60, 40).check(), Ok(()));
        assert_eq!(refused(&shares(60, 41)), [(Reason::AmountInconsistent, "third_party_fen")]);
        let both = [(Reason::AmountInconsistent, "third_party_fen"), (Reason::AmountInconsistent, "public_health_fen")];
        assert_eq!(refused(&shares(101, 101)), both);
        assert_eq!(refused(&shares(-1, 0)), [(Reason::NegativeAmount, "third_party_fen")]);
        assert_eq!(refused(&shares(0, -1)), [(Reason::NegativeAmount, "public_health_fen")]);
    }

    /// J-5.1.5-b: 1.00 + 5.00 + 4.00 of a bill of 10.00, not of 9.99.
    #[test]
    fn the_general_fee_is_a_part_of_the_bill() {
        let fee = GeneralFee { registration: Fen::yuan(1), consultation: Fen::yuan(5), injection: Fen::yuan(4) };
        let visit = |fen| {
            let mut bill = Bill { kind: CareKind::Outpatient, general_fee: Some(fee), ..bill(Fen::new(fen)) };
            bill.discharged_on = bill.admitted_on;
            (bill.provider.kind, bill.provider.level) = (ProviderKind::VillageClinic, None);
            bill
        };
        assert_eq!(visit(1_000).check(), Ok(()));
        assert_eq!(refused(&visit(999)), [(Reason::AmountInconsistent, "general_fee")]);
    }

    /// B-5.1-b: a burden has no part outside the policy.
    #[test]
    fn a_supplied_burden_is_whole() {
        let burden = Bill { kind: CareKind::SuppliedBurden, ..bill(Fen::yuan(100)) };
        assert_eq!(burden.check(), Ok(()));
        let part = Bill { in_catalogue: Fen::yuan(99), ..burden };
        assert_eq!(refused(&part), [(Reason::AmountInconsistent, "eligible_fen")]);
    }
}
