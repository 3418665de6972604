//! Bills that are filed and reversed one by one, as the service does it: each time the whole year is planned anew and what
//! changes is posted as a difference, never as a correction of what was posted. In whatever order they come and go, the
//! entries sum to what the second engine counts for the bills that remain, and to what a ledger holds in which these bills
//! alone were filed, in the order of the law.

use juyi_domain::id::SettlementId;
use juyi_domain::settlement::accumulators::Opening;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::case::Case;

use crate::engine::{Regime, order, reckon};
use crate::properties::{SEEDS, hold};
use crate::rules::{Parts, Rules};
use crate::years::{Reach, WHOLE, Year, Years};

hold! {
    the_ledger_is_that_of_the_bills_that_remain,
}

/// What one posting moves, by payer; the total among them.
type Shares = [i64; 7];

fn shares(parts: &Parts) -> Shares {
    [parts.total, parts.basic, parts.critical, parts.maternity, parts.medical, parts.veterans, parts.person]
}

fn plus(left: Shares, right: Shares, sign: i64) -> Shares {
    std::array::from_fn(|index| left[index] + sign * right[index])
}

/// One bill with what was posted for it.
struct Account {
    case: Case,
    entries: Vec<Shares>,
    in_force: bool,
}

impl Account {
    fn posted(&self) -> Shares {
        self.entries.iter().fold(Shares::default(), |sum, entry| plus(sum, *entry, 1))
    }
}

/// A ledger of one person and year, in memory.
struct Ledger<'a> {
    rules: &'a Rules,
    opening: &'a Opening,
    accounts: Vec<Account>,
}

impl<'a> Ledger<'a> {
    fn new(rules: &'a Rules, opening: &'a Opening) -> Self {
        Self { rules, opening, accounts: Vec::new() }
    }

    /// Files a bill; what the law refuses leaves the ledger as it was.
    fn file(&mut self, case: Case) -> bool {
        let key = order(&case);
        self.accounts.push(Account { case, entries: Vec::new(), in_force: true });
        let filed = self.settle_anew(key);
        if !filed {
            self.accounts.pop();
        }
        filed
    }

    /// Reverses a bill by an entry that mirrors what was posted for it.
    fn reverse(&mut self, id: SettlementId) -> bool {
        let account = self.accounts.iter_mut().find(|account| account.case.id == id).unwrap();
        let mirror = plus(Shares::default(), account.posted(), -1);
        account.entries.push(mirror);
        account.in_force = false;
        let key = order(&account.case);
        let reversed = self.settle_anew(key);
        if !reversed {
            let account = self.accounts.iter_mut().find(|account| account.case.id == id).unwrap();
            account.entries.pop();
            account.in_force = true;
        }
        reversed
    }

    /// Posts the differences. No bill before the one that comes or goes is among them (AMB-055, AMB-138).
    fn settle_anew(&mut self, moved: (chrono::NaiveDate, u8, i64)) -> bool {
        let cases = self.remaining();
        let Ok(settled) = self.rules.try_settle(&cases, self.opening) else { return false };
        for parts in settled.parts {
            let account = self.accounts.iter_mut().find(|account| account.case.id == parts.id).unwrap();
            let difference = plus(shares(&parts), account.posted(), -1);
            if difference != Shares::default() {
                assert!(order(&account.case) >= moved, "{:#?}", account.case);
                // The bill itself is what it is.
                assert!(account.entries.is_empty() || difference[0] == 0, "{:#?}", account.case);
                account.entries.push(difference);
            }
        }
        true
    }

    fn remaining(&self) -> Vec<Case> {
        self.accounts.iter().filter(|account| account.in_force).map(|account| account.case.clone()).collect()
    }

    /// What is posted for the bills in force, in the order of the law.
    fn posted(&self) -> Vec<(SettlementId, Shares)> {
        let mut in_force: Vec<&Account> = self.accounts.iter().filter(|account| account.in_force).collect();
        in_force.sort_by_key(|account| order(&account.case));
        in_force.iter().map(|account| (account.case.id, account.posted())).collect()
    }
}

/// AMB-055, AMB-138: filing in any order and reversing, in between and at the end, is as good as having filed what remains.
fn the_ledger_is_that_of_the_bills_that_remain(rules: &Rules, years: &mut Years, person: &Year) {
    let mut ledger = Ledger::new(rules, &person.opening);
    let mut filed_order = 0;
    for case in years.shuffled(&person.cases) {
        filed_order += 1;
        // Of bills of one day the one that came first is the earlier one.
        assert!(ledger.file(Case { filed_order, ..case }), "{person:#?}");
        if years.once_in(4) {
            let gone = years.pick(&ledger.remaining());
            assert!(ledger.reverse(gone.id), "{person:#?}");
            if years.once_in(3) {
                filed_order += 1;
                let id = SettlementId::from(uuid::Uuid::from_u128(1_000 + u128::try_from(filed_order).unwrap()));
                assert!(ledger.file(Case { id, filed_order, ..gone }), "{person:#?}");
            }
        }
    }
    compare(&ledger, person);
}

fn compare(ledger: &Ledger<'_>, person: &Year) {
    for account in ledger.accounts.iter().filter(|account| !account.in_force) {
        assert_eq!(account.posted(), Shares::default(), "{:#?} of {person:#?}", account.case);
    }
    let mut remaining = ledger.remaining();
    let regime = if ledger.rules.policy_year() < 2021 { Regime::Baodi2017 } else { Regime::Tianjin2021 };
    let counted = reckon(regime, &remaining, &person.opening).lines;
    let counted: Vec<(SettlementId, Shares)> = counted
        .iter()
        .map(|line| {
            let (funds, rest) = ([line.basic, line.critical, line.maternity], [line.medical, line.veterans]);
            (line.id, [line.total, funds[0], funds[1], funds[2], rest[0], rest[1], line.person()])
        })
        .collect();
    assert_eq!(ledger.posted(), counted, "{person:#?}");
    remaining.sort_by_key(order);
    let mut in_order = Ledger::new(ledger.rules, ledger.opening);
    for case in remaining {
        assert!(in_order.file(case), "{person:#?}");
    }
    assert_eq!(ledger.posted(), in_order.posted(), "{person:#?}");
    assert!(in_order.accounts.iter().all(|account| account.entries.len() <= 1), "{person:#?}");
}

/// J-5.1.T-r, J-5.1.T-q: home beds for any number of days, so that filing or reversing another bill may be refused, which
/// leaves what was posted as it was.
#[test]
fn what_is_refused_posts_nothing() {
    let rules = Rules::of(Regime::Tianjin2021);
    let reach = Reach { kinds: &[CareKind::HomeBed, CareKind::HomeBed, CareKind::Inpatient], excluded: false, ..WHOLE };
    let mut years = Years::new(SEEDS[0], 2021, reach);
    let (mut filings, mut reversals) = (0, 0);
    for _ in 0..5_000 {
        let person = years.year();
        let mut ledger = Ledger::new(&rules, &person.opening);
        for case in years.shuffled(&person.cases) {
            let before = ledger.posted();
            if !ledger.file(case) {
                filings += 1;
                assert_eq!(ledger.posted(), before, "{person:#?}");
            }
            if !ledger.accounts.is_empty() && !ledger.remaining().is_empty() && years.once_in(3) {
                let (before, gone) = (ledger.posted(), years.pick(&ledger.remaining()));
                if !ledger.reverse(gone.id) {
                    reversals += 1;
                    assert_eq!(ledger.posted(), before, "{person:#?}");
                }
            }
        }
        compare(&ledger, &person);
    }
    assert!(filings > 100 && reversals > 10, "{filings} {reversals}");
}
