//! A person's year in the ledger: the settlements, what they posted, and the running totals that follow from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::id::{ResidentId, SettlementId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Receipt, Value};
use juyi_domain::settlement::accumulators::Accumulators;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::case::Case;
use juyi_kit::error::Error;

use crate::shares::Shares;
use crate::store::entries::{self, Entry, Kind, Payee};
use crate::store::person_years;
use crate::store::settlements::{self, Claim, Settlement, State};
use crate::years::Brought;

/// How often a year is read again because a writer moved it in between.
const ATTEMPTS: usize = 8;

/// The ledger of one resident and year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Moves with every posting; 0 for a year without bills.
    pub revision: i64,
    /// Settlements with their entries, in order of filing, reversed ones included.
    pub accounts: Vec<Account>,
    /// What the person brings into the year, and what closing it said; loaded where bills are settled.
    pub brought: Brought,
}

/// A settlement with its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The settlement.
    pub settlement: Settlement,
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// True where an explanation is stored that is newer than the entries.
    pub is_explained_apart: bool,
}

/// What a person has used in a year, every payer included. It follows from the bills of residents' insurance alone: what the
/// employees' insurance counts in the same year never counts here (J-9-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Basic and critical illness insurance.
    pub insurance: Accumulators,
    /// Base of inpatient medical assistance.
    pub assistance_base: Fen,
    /// Paid by medical assistance.
    pub medical_assistance_paid: Fen,
    /// Paid by veterans' assistance.
    pub veterans_assistance_paid: Fen,
}

/// Reads a year as it stood at one moment.
///
/// # Errors
/// Those of the database; `Contended` when writers keep moving the year.
pub async fn load(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<Year, Error> {
    for _ in 0..ATTEMPTS {
        let revision = person_years::revision(session, resident_id, policy_year).await?;
        let settlements = settlements::of_year(session, resident_id, policy_year).await?;
        let entries = entries::of_year(session, resident_id, policy_year).await?;
        if revision == person_years::revision(session, resident_id, policy_year).await? {
            return Ok(Year::new(revision, settlements, entries));
        }
    }
    Err(juyi_db::Error::Contended.into())
}

/// Reads many years, each of another person, in their order; `None` where the bill that is to be filed is in force already
/// in some year. A year that moves while it is read is told at its earlier revision, so that nothing planned on it can be
/// stored.
///
/// # Errors
/// Those of the database.
pub async fn load_all(session: &mut Session, wanted: &[(ResidentId, i32, &Claim)]) -> Result<Vec<Option<Year>>, Error> {
    let keys: Vec<_> = wanted.iter().map(|(resident_id, policy_year, _)| (*resident_id, *policy_year)).collect();
    let revisions = person_years::revisions(session, &keys).await?;
    let settlements = settlements::of_years(session, wanted).await?;
    let entries = entries::of_years(session, &keys).await?;
    let mut years = Vec::with_capacity(wanted.len());
    for (((_, _, claim), revision), (settlements, entries)) in
        wanted.iter().zip(revisions).zip(settlements.into_iter().zip(entries))
    {
        let is_filed = |it: &Settlement| it.state == State::Settled && it.claim.is_of_same_number(claim);
        let is_new = !settlements.iter().any(is_filed);
        years.push(is_new.then(|| Year::new(revision, settlements, entries)));
    }
    Ok(years)
}

impl Year {
    fn new(revision: i64, settlements: Vec<Settlement>, entries: Vec<Entry>) -> Self {
        let mut posted: BTreeMap<SettlementId, Vec<Entry>> = BTreeMap::new();
        for entry in entries {
            posted.entry(entry.settlement_id).or_default().push(entry);
        }
        let account = |mut settlement: Settlement| {
            let entries = posted.remove(&settlement.id).unwrap_or_default();
            let explained = entries.iter().rev().find(|entry| entry.kind != Kind::Reversal);
            let is_explained_apart = !settlement.receipt.steps.is_empty();
            if let Some(entry) = explained.filter(|_| !is_explained_apart) {
                settlement.receipt = Arc::clone(&entry.receipt);
            }
            Account { settlement, entries, is_explained_apart }
        };
        Self { revision, accounts: settlements.into_iter().map(account).collect(), brought: Brought::default() }
    }

    /// An account by settlement.
    #[must_use]
    pub fn maybe_find(&self, id: SettlementId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.settlement.id == id)
    }

    pub(crate) fn maybe_find_mut(&mut self, id: SettlementId) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.settlement.id == id)
    }

    /// The accounts in force, in the order of the law: by their first day in the year, then by filing (AMB-055,
    /// AMB-138).
    #[must_use]
    pub fn in_force(&self) -> Vec<&Account> {
        let mut accounts: Vec<_> =
            self.accounts.iter().filter(|account| account.settlement.state == State::Settled).collect();
        accounts.sort_by_key(|account| account.settlement.claim.bill.place_in_year(account.settlement.filed_order));
        accounts
    }

    /// The running totals of the year.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.in_force().into_iter().fold(Totals::default(), Totals::with)
    }

    /// The running totals of the bills that began on a day or before it.
    #[must_use]
    pub fn totals_as_of(&self, day: NaiveDate) -> Totals {
        let begun = |account: &&Account| account.settlement.claim.bill.began_on() <= day;
        self.in_force().into_iter().take_while(begun).fold(Totals::default(), Totals::with)
    }

    /// The running totals after a settlement, in that order; `None` for one that is not in force.
    #[must_use]
    pub fn maybe_totals_after(&self, id: SettlementId) -> Option<Totals> {
        let accounts = self.in_force();
        let last = accounts.iter().position(|account| account.settlement.id == id)?;
        Some(accounts.into_iter().take(last + 1).fold(Totals::default(), Totals::with))
    }
}

impl Account {
    /// To whom what is posted for the settlement is due: to whom its first entry was.
    pub(crate) fn maybe_payee(&self) -> Option<Payee> {
        self.entries.first().map_or_else(|| Payee::maybe_of(&self.settlement), |first| first.payee.clone())
    }

    /// The current shares: the sum of the entries.
    #[must_use]
    pub fn shares(&self) -> Shares {
        self.entries.iter().map(|entry| entry.shares).sum()
    }

    /// True where the outpatient rules settle the bill: it is no stay, and its burden is none of critical illness insurance
    /// (J-5.2-a).
    const fn is_outpatient(&self) -> bool {
        matches!(self.settlement.claim.bill.settled_as(), CareKind::Outpatient)
    }

    /// Stores the explanation where it stands newer than the last entry that has one, and takes away one that does so no
    /// more; most bills that change do so with an entry, and have neither.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) async fn store_explanation(&self, session: &mut Session) -> Result<(), Error> {
        let (explanation, Settlement { resident_id, id, .. }) = (self.maybe_explanation(), &self.settlement);
        if explanation.is_some() || self.is_explained_apart {
            settlements::set_explanation(session, *resident_id, *id, explanation).await?;
        }
        Ok(())
    }

    /// The explanation where it stands newer than the last entry that has one: a change that moves no money.
    pub(crate) fn maybe_explanation(&self) -> Option<&Receipt> {
        let explained = self.entries.iter().rev().find(|entry| entry.kind != Kind::Reversal);
        let receipt = &self.settlement.receipt;
        explained.is_none_or(|entry| entry.receipt != *receipt).then_some(receipt)
    }

    /// The bill with the facts of the person, as the rules take it.
    #[must_use]
    pub fn case(&self) -> Case {
        let Settlement { id, claim, cover, filed_order, .. } = &self.settlement;
        Case {
            id: *id,
            bill: claim.bill.clone(),
            class: cover.class,
            tier: cover.tier,
            identities: cover.identities.clone(),
            standing: cover.standing,
            filed_order: *filed_order,
        }
    }
}

impl Totals {
    /// These totals with one more account. Money that is paid is summed from the entries; what is no share of a bill
    /// stands in the receipt that explains it. A bill that is not covered moves nothing (AMB-140).
    fn with(self, account: &Account) -> Self {
        // Maternity insurance is a scheme of its own and moves no total of the others (AMB-087).
        if account.settlement.claim.bill.kind.is_maternity() {
            return self;
        }
        let (shares, receipt) = (account.shares(), &account.settlement.receipt);
        let before = self.insurance;
        let total = |name, before| receipt.accumulated(name).unwrap_or(before);
        let medical = self.medical_assistance_paid + shares.medical_assistance;
        let veterans = self.veterans_assistance_paid + shares.veterans_assistance;
        if account.is_outpatient() {
            let insurance = outpatient(before, receipt);
            return Self { insurance, medical_assistance_paid: medical, veterans_assistance_paid: veterans, ..self };
        }
        Self {
            insurance: Accumulators {
                stays: count(receipt, "stays").unwrap_or(before.stays),
                deductible_used: total("deductible_used", before.deductible_used),
                eligible: before.eligible + if counts_for_stays(receipt) { shares.eligible } else { Fen::ZERO },
                basic_paid: total("basic_paid", before.basic_paid),
                balance_used: total("balance_used", before.balance_used),
                home_bed_days: count(receipt, "home_bed_days").unwrap_or(before.home_bed_days),
                burden: total("burden", before.burden),
                critical_illness_paid: before.critical_illness_paid + shares.critical_illness,
                ..before
            },
            assistance_base: receipt.accumulated("assistance_base").unwrap_or(self.assistance_base),
            medical_assistance_paid: medical,
            veterans_assistance_paid: veterans,
        }
    }
}

/// A number of things a receipt found.
fn count(receipt: &Receipt, name: &str) -> Option<u32> {
    match receipt.output(name) {
        Some(Value::Count(count)) => u32::try_from(*count).ok(),
        _ => None,
    }
}

/// True for a bill that the maximum of stays and special outpatient care limited.
fn counts_for_stays(receipt: &Receipt) -> bool {
    receipt.accumulated("basic_paid").is_some()
}

/// The outpatient account after a bill, which its receipt tells; a bill that is not covered moves nothing.
fn outpatient(before: Accumulators, receipt: &Receipt) -> Accumulators {
    let after = |name, before| receipt.accumulated(name).unwrap_or(before);
    Accumulators {
        outpatient_eligible: after("outpatient_eligible", before.outpatient_eligible),
        general_fee: after("general_fee", before.general_fee),
        outpatient_paid: after("outpatient_paid", before.outpatient_paid),
        general_fee_paid: after("general_fee_paid", before.general_fee_paid),
        ..before
    }
}
