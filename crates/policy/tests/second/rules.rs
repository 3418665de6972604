//! The rules in use, asked the way settlement asks them.

use std::sync::Arc;

use chrono::NaiveDate;
use juyi_domain::assistance::outpatient::OutpatientVenue;
use juyi_domain::assistance::year::{AidCase, Care, assess_year};
use juyi_domain::codes::{District, ProviderLevel};
use juyi_domain::id::SettlementId;
use juyi_domain::receipt::Receipt;
use juyi_domain::settlement::accumulators::{Accumulators, Opening};
use juyi_domain::settlement::care::{CareKind, ObservationOutcome, Place, ProviderKind};
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::one_stop::combine;
use juyi_domain::settlement::trace::Amounts;
use juyi_domain::settlement::year::{Outcome, adjudicate_year, receipts_of_year};
use juyi_policy::{Policy, Snapshot};

use crate::engine::Regime;

/// What everybody pays on a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) id: SettlementId,
    pub(crate) total: i64,
    pub(crate) basic: i64,
    pub(crate) critical: i64,
    pub(crate) medical: i64,
    pub(crate) veterans: i64,
    pub(crate) person: i64,
}

/// The law of a regime.
pub(crate) struct Rules(Arc<Snapshot>);

impl Rules {
    pub(crate) fn of(regime: Regime) -> Self {
        let (district, year) = match regime {
            Regime::Baodi2017 => (District::Baodi, 2017),
            Regime::Tianjin2021 => (District::Jinghai, 2021),
        };
        let on = NaiveDate::from_ymd_opt(year, 6, 1).unwrap();
        Self(Policy::embedded().unwrap().for_(district, year, on).unwrap())
    }

    /// The insurances alone.
    pub(crate) fn insurances(&self, cases: &[Case], opening: &Opening) -> Vec<Outcome<Receipt>> {
        receipts_of_year(cases, opening, |_| Ok(self.0.law_of_bills())).unwrap()
    }

    /// The same without receipts.
    pub(crate) fn amounts(&self, cases: &[Case], opening: &Opening) -> Vec<Outcome<Amounts>> {
        adjudicate_year(cases, opening, |_| Ok(self.0.law_of_bills()), &mut Amounts::default()).unwrap()
    }

    /// Every payer, and the running totals at the end.
    pub(crate) fn settle(&self, cases: &[Case], opening: &Opening) -> (Vec<Parts>, Accumulators) {
        let outcomes = self.insurances(cases, opening);
        let end = outcomes.last().map_or_else(Accumulators::default, |outcome| outcome.state_after);
        let aid = match &self.0.assistance {
            Ok(params) => {
                let aided: Vec<AidCase> = outcomes.iter().map(|outcome| aid_case(outcome, cases)).collect();
                assess_year(&aided, params).into_iter().map(|aid| aid.receipt).collect()
            }
            Err(_) => vec![Receipt::default(); outcomes.len()],
        };
        let parts = outcomes.into_iter().zip(aid).map(|(outcome, aid)| {
            let (id, total) = (outcome.id, outcome.total.get());
            let shares = combine(outcome, aid).shares;
            Parts {
                id,
                total,
                basic: shares.basic.get(),
                critical: shares.critical_illness.get(),
                medical: shares.medical_assistance.get(),
                veterans: shares.veterans_assistance.get(),
                person: shares.person.get(),
            }
        });
        (parts.collect(), end)
    }
}

fn aid_case(outcome: &Outcome<Receipt>, cases: &[Case]) -> AidCase {
    let case = cases.iter().find(|case| case.id == outcome.id).unwrap();
    let provider = &case.bill.provider;
    let venue = match (provider.kind, provider.level) {
        _ if case.bill.place != Place::Local => OutpatientVenue::Other,
        (ProviderKind::Hospital, Some(ProviderLevel::One)) | (ProviderKind::CommunityHealthCentre, _) => {
            OutpatientVenue::LevelOne
        }
        (ProviderKind::Hospital, Some(ProviderLevel::Two)) if provider.reform_registered => {
            OutpatientVenue::LevelTwoReformed
        }
        _ => OutpatientVenue::Other,
    };
    let outpatient =
        case.bill.kind == CareKind::Outpatient || case.bill.observation == Some(ObservationOutcome::SentHome);
    AidCase {
        care: if outpatient { Care::Outpatient(venue) } else { Care::Inpatient },
        id: outcome.id,
        base: outcome.aid_base,
        service_on: case.bill.began_on(),
        aid_designated: case.bill.provider.assistance_designated,
        identities: case.identities.clone(),
    }
}
