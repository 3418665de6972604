//! Generated days: the service finds what the rule finds, and keeps every sum.

use std::collections::BTreeMap;

use juyi_domain::codes::Office;
use juyi_domain::contribution::reconciliation::{Entry, Key, compare};
use juyi_domain::money::Fen;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::tax_row::Subject;
use juyi_testkit::targets;

use super::adds_up;
use super::suite::{DAY, JINGHAI, Suite, by, reversal, row};
use crate::store::payments::Payment;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn entry(row: &pb::TaxRow) -> Entry {
    let subject = match row.subject.as_ref().unwrap() {
        Subject::Enrolment(of) => of.enrolment_id.clone(),
        Subject::DeclarationId(id) => id.clone(),
    };
    let key = Key { unit_id: row.unit_id.clone(), voucher_number: row.voucher_number.clone(), subject };
    Entry { key, amount: Fen::new(row.amount_fen) }
}

/// Books a round of a day and answers its entries as rows; a voucher is used once for ever, in whatever round.
async fn book(suite: &Suite, dice: &mut Dice, round: usize) -> Vec<pb::TaxRow> {
    let mut rows = Vec::new();
    for number in 0..dice.roll(14) {
        let unit = ["", "school", "village"][usize::try_from(dice.roll(3)).unwrap()];
        let voucher = format!("V-{round}-{number}");
        let amount = Fen::yuan([260, 280, 560, 910][usize::try_from(dice.roll(4)).unwrap()]);
        if unit == "village" {
            let declaration = suite.context.id();
            let persons = 1 + i64::try_from(dice.roll(3)).unwrap();
            for _ in 0..persons {
                suite.book(&Payment { amount, ..suite.of_unit(&voucher, unit, Some(declaration)) }).await;
            }
            let subject = Some(Subject::DeclarationId(declaration.to_string()));
            let of_one = row(&suite.of_unit(&voucher, unit, None));
            rows.push(pb::TaxRow { subject, amount_fen: amount.get() * persons, ..of_one });
            continue;
        }
        let unit_id = (!unit.is_empty()).then(|| unit.to_owned());
        let early = dice.roll(5) == 0;
        let paid_on = if early { "2020-11-01" } else { DAY }.parse().unwrap();
        let payment = Payment { unit_id, amount, paid_on, ..suite.payment(&voucher) };
        suite.book(&payment).await;
        if !early {
            rows.push(row(&payment));
        }
        if early || dice.roll(4) == 0 {
            let refund = suite.refund(&payment, DAY).await;
            rows.push(reversal(&payment, refund));
            if !early && dice.roll(2) == 0 {
                // Paid again on the same day.
                let voucher_number = format!("{voucher}-2");
                let again = Payment { id: suite.context.id(), voucher_number, ..payment };
                suite.book(&again).await;
                rows.push(row(&again));
            }
        }
    }
    rows
}

/// A statement of the day that loses, changes, repeats, moves and invents rows.
fn spoil(suite: &Suite, dice: &mut Dice, own: &[pb::TaxRow]) -> Vec<pb::TaxRow> {
    let mut rows = Vec::new();
    for row in own {
        match dice.roll(8) {
            0 => {}
            1 => rows.extend([row.clone(), row.clone()]),
            2 => rows.push(pb::TaxRow { amount_fen: row.amount_fen + 10_000, ..row.clone() }),
            3 => rows.push(pb::TaxRow { amount_fen: row.amount_fen - 10_000, ..row.clone() }),
            4 => rows.push(pb::TaxRow { unit_id: "moved".to_owned(), ..row.clone() }),
            _ => rows.push(row.clone()),
        }
    }
    for _ in 0..dice.roll(3) {
        rows.push(row(&suite.payment("X-1")));
    }
    rows
}

/// J-A1.3-k.
#[tokio::test]
async fn the_service_finds_what_the_rule_finds() {
    for on in &targets().await {
        let mut dice = Dice(0x2545_F491_4F6C_DD1D);
        let suite = Suite::start(on).await;
        let mut own = Vec::new();
        // A day that grows; every statement of it is spoilt in another way.
        for round in 0..12 {
            own.extend(book(&suite, &mut dice, round).await);
            let tax = spoil(&suite, &mut dice, &own);
            let found = suite.state(&format!("S-{round}"), &tax).await.unwrap();

            let entries = |rows: &[pb::TaxRow]| rows.iter().map(entry).collect::<Vec<_>>();
            let mut expected = BTreeMap::new();
            for (key, difference) in compare(&entries(&tax), &entries(&own)) {
                let known = (key.unit_id, key.voucher_number, key.subject, difference.kind.as_str().to_owned());
                expected.insert(known, (difference.tax.get(), difference.own.get(), difference.entries));
            }
            let standing = standing(&suite).await;
            assert_eq!(standing, expected, "{} round {round}", on.kind);
            assert!(adds_up(&found) && found.unexplained_fen == 0, "{} round {round}", on.kind);
            let carried: i64 = standing.values().map(|(tax, own, _)| tax - own).sum();
            assert_eq!(found.tax_fen - found.own_fen, carried, "{} round {round}", on.kind);
        }
    }
}

type Known = (String, String, String, String);

/// What is not cleared.
async fn standing(suite: &Suite) -> BTreeMap<Known, (i64, i64, i64)> {
    let (mut found, mut page_token) = (BTreeMap::new(), String::new());
    loop {
        let request = pb::ListReconciliationExceptionsRequest {
            district: JINGHAI.to_string(),
            page_size: 100,
            page_token,
            ..Default::default()
        };
        let mut client = suite.tax.clone();
        let page = by(Office::Tax, JINGHAI, client.list_reconciliation_exceptions(request)).await;
        let page = page.unwrap().into_inner();
        for exception in page.exceptions {
            if exception.state() == pb::ExceptionState::Cleared {
                continue;
            }
            let kind = exception.kind().as_str_name().trim_start_matches("EXCEPTION_KIND_").to_owned();
            let subject = format!("{}{}", exception.enrolment_id, exception.declaration_id);
            let known = (exception.unit_id, exception.voucher_number, subject, kind);
            found.insert(known, (exception.tax_fen, exception.own_fen, exception.entries));
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}
