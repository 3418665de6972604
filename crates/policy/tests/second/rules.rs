//! The rules in use, asked the way settlement asks them.

use std::sync::Arc;

use chrono::NaiveDate;
use juyi_domain::assistance::unprinted::not_printed;
use juyi_domain::assistance::year::{AidCase, AidOutcome, assess_year, follows};
use juyi_domain::codes::{District, Payer};
use juyi_domain::id::SettlementId;
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::{Refusal, Refusals};
use juyi_domain::settlement::accumulators::{Accumulators, Opening};
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::closing::{Closing, Ended, close};
use juyi_domain::settlement::one_stop::combine;
use juyi_domain::settlement::trace::{Amounts, Trace};
use juyi_domain::settlement::year::{Outcome, adjudicate_year, receipts_of_year};
use juyi_policy::{Policy, Snapshot};
use uuid::Uuid;

use crate::engine::{Regime, Terms};
use crate::readings::MIDYEAR;

/// What everybody pays on a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) id: SettlementId,
    pub(crate) total: i64,
    pub(crate) basic: i64,
    pub(crate) critical: i64,
    pub(crate) maternity: i64,
    pub(crate) medical: i64,
    pub(crate) veterans: i64,
    pub(crate) person: i64,
}

/// A year settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) parts: Vec<Parts>,
    /// Running totals after each bill.
    pub(crate) states: Vec<Accumulators>,
    /// What has filled the bands of assistance after each (J-5.5.2-b).
    pub(crate) filled: Vec<i64>,
}

impl Settled {
    pub(crate) fn end(&self) -> Accumulators {
        self.states.last().copied().unwrap_or_default()
    }
}

/// The law of a regime, as it begins the year and as it ends it.
pub(crate) struct Rules([Arc<Snapshot>; 2]);

impl Rules {
    pub(crate) fn of(terms: impl Into<Terms>) -> Self {
        let Terms { regime, readings } = terms.into();
        let (district, year) = match regime {
            Regime::Baodi2017 => (District::Baodi, 2017),
            Regime::Tianjin2021 => (District::Jinghai, 2021),
        };
        let policy = Policy::embedded().unwrap().with_overlay(&readings.overlay()).unwrap();
        let on = |month| policy.for_(district, year, NaiveDate::from_ymd_opt(year, month, 1).unwrap()).unwrap();
        Self([on(1), on(12)])
    }

    /// The law of a bill: that of its first day.
    fn law(&self, case: &Case) -> &Snapshot {
        &self.0[usize::from(case.bill.admitted_on >= MIDYEAR)]
    }

    fn of_year(&self) -> &Snapshot {
        &self.0[1]
    }

    /// The insurances alone.
    pub(crate) fn insurances(&self, cases: &[Case], opening: &Opening) -> Vec<Outcome<Receipt>> {
        receipts_of_year(cases, opening, |case| Ok(self.law(case).law_of_bills())).unwrap()
    }

    /// The same without receipts.
    pub(crate) fn amounts(&self, cases: &[Case], opening: &Opening) -> Result<Vec<Outcome<Amounts>>, Refusals> {
        adjudicate_year(cases, opening, |case| Ok(self.law(case).law_of_bills()), &mut Amounts::default())
    }

    /// The receipts of a year, the person's line included.
    pub(crate) fn receipts(&self, cases: &[Case], opening: &Opening) -> Vec<Receipt> {
        let outcomes = self.insurances(cases, opening).into_iter();
        outcomes.map(|outcome| combine(outcome, Receipt::default(), &self.of_year().own_share).receipt).collect()
    }

    /// What closing the year says.
    pub(crate) fn closed(&self, cases: &[Case], opening: &Opening) -> Receipt {
        let state = self.settle(cases, opening).end();
        let (policy_year, whole_year) = (self.of_year().policy_year, true);
        self.close(&Ended { policy_year, state: &state, opening, whole_year, family_doctor: false }).receipt
    }

    /// What the law refuses of a year.
    pub(crate) fn refusals(&self, cases: &[Case], opening: &Opening) -> Vec<Refusal> {
        self.amounts(cases, opening).err().unwrap_or_default().0
    }

    /// Every payer, bill by bill in the order of the law, and the running totals after each.
    pub(crate) fn settle(&self, cases: &[Case], opening: &Opening) -> Settled {
        self.try_settle(cases, opening).unwrap()
    }

    /// The same, or what the law refuses.
    pub(crate) fn try_settle(&self, cases: &[Case], opening: &Opening) -> Result<Settled, Refusals> {
        let outcomes = self.amounts(cases, opening)?;
        Ok(self.settled(outcomes, cases, |amounts| amounts.total(Payer::Maternity)))
    }

    /// The same with receipts, whose lines say what everybody pays.
    pub(crate) fn try_settle_with_receipts(&self, cases: &[Case], opening: &Opening) -> Result<Settled, Refusals> {
        let outcomes = receipts_of_year(cases, opening, |case| Ok(self.law(case).law_of_bills()))?;
        Ok(self.settled(outcomes, cases, |receipt| receipt.total(Payer::Maternity)))
    }

    fn settled<T>(&self, outcomes: Vec<Outcome<T>>, cases: &[Case], maternity: impl Fn(&T) -> Fen) -> Settled {
        let aids = self.aids(&outcomes, cases);
        let mut settled = Settled::default();
        for (outcome, aid) in outcomes.into_iter().zip(aids) {
            settled.parts.push(parts(&outcome, maternity(&outcome.trace), &aid));
            settled.states.push(outcome.state_after);
            settled.filled.push(aid.base_after.get());
        }
        settled
    }

    /// What everybody pays by the lines of one receipt, the person's included.
    pub(crate) fn explained(&self, cases: &[Case], opening: &Opening) -> Vec<Parts> {
        let outcomes = self.insurances(cases, opening);
        let aids = self.aids(&outcomes, cases);
        let explained = outcomes.into_iter().zip(aids).map(|(outcome, aid)| {
            let (id, total) = (outcome.id, outcome.total.get());
            let shares = combine(outcome, aid.receipt, &self.of_year().own_share).shares;
            Parts {
                id,
                total,
                basic: shares.basic.get(),
                critical: shares.critical_illness.get(),
                maternity: shares.maternity.get(),
                medical: shares.medical_assistance.get(),
                veterans: shares.veterans_assistance.get(),
                person: shares.person.get(),
            }
        });
        explained.collect()
    }

    /// The aid on each bill. As in the service nobody is asked about a person without identities, about a birth (AMB-087) or
    /// about a burden that was settled elsewhere (B-5.1-b), and where the law prints no assistance the receipt says so
    /// (AMB-102).
    fn aids<T>(&self, outcomes: &[Outcome<T>], cases: &[Case]) -> Vec<AidOutcome> {
        let of = |outcome: &Outcome<T>| cases.iter().find(|case| case.id == outcome.id).unwrap();
        let follows = |case: &Case| follows(case.bill.kind);
        let nobody = cases.iter().all(|case| case.identities.is_empty());
        let mut found = match &self.of_year().assistance {
            Ok(law) if !nobody => {
                let asked = outcomes.iter().filter(|outcome| follows(of(outcome)));
                let cases: Vec<_> = asked.map(|outcome| AidCase::of(of(outcome), outcome.aid_base)).collect();
                assess_year(cases.iter().map(|case| (case, law)))
            }
            _ => Vec::new(),
        }
        .into_iter();
        let mut last = AidOutcome {
            id: SettlementId::from(Uuid::nil()),
            receipt: Receipt::default(),
            medical: Fen::ZERO,
            veterans: Fen::ZERO,
            base_after: Fen::ZERO,
            medical_after: Fen::ZERO,
        };
        let mut aid = |outcome: &Outcome<T>| {
            let case = of(outcome);
            let receipt = match &self.of_year().assistance {
                Err(gap) if follows(case) => not_printed(gap, &case.identities),
                _ => Receipt::default(),
            };
            let none = AidOutcome { receipt, medical: Fen::ZERO, veterans: Fen::ZERO, ..last.clone() };
            last = if follows(case) { found.next().unwrap_or(none) } else { none };
            last.clone()
        };
        outcomes.iter().map(&mut aid).collect()
    }

    /// What the year leaves to the next.
    pub(crate) fn close(&self, ended: &Ended<'_>) -> Closing {
        close(ended, self.of_year().outpatient.as_ref().unwrap(), self.of_year().basic.as_ref().ok())
    }

    /// The year that governs.
    pub(crate) fn policy_year(&self) -> i32 {
        self.of_year().policy_year
    }
}

/// What is left to the person is the remainder (AMB-005), nothing where a birth is paid above its cost (AMB-084).
fn parts<T>(outcome: &Outcome<T>, maternity: Fen, aid: &AidOutcome) -> Parts {
    let funds = outcome.basic + outcome.critical + maternity + aid.medical + aid.veterans;
    let person = if maternity.is_zero() { outcome.total - funds } else { outcome.total.above(funds) };
    Parts {
        id: outcome.id,
        total: outcome.total.get(),
        basic: outcome.basic.get(),
        critical: outcome.critical.get(),
        maternity: maternity.get(),
        medical: aid.medical.get(),
        veterans: aid.veterans.get(),
        person: person.get(),
    }
}
