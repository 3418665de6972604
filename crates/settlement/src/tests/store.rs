//! Rows on both databases.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error as Storage, Session};
use juyi_domain::codes::{Class, District, Identity, ProviderLevel, Tier};
use juyi_domain::id::{ResidentId, SettlementId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Receipt, Step};
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{
    CareKind, GeneralFee, ObservationOutcome, OutOfArea, Place, Provider, ProviderKind,
};
use juyi_domain::settlement::case::Standing;
use juyi_domain::settlement::maternity::MaternityEvent;
use juyi_domain::settlement::maternity::event::{Childbirth, DeliveryMode, DeliverySurgery};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_testkit::{databases, prepare_all};
use uuid::Uuid;

use crate::shares::Shares;
use crate::store::entries::{self, Cause, Entry, Kind, Payee};
use crate::store::replaced_covers::{self, Replacement};
use crate::store::settlements::{self, Claim, Cover, Settlement, State};
use crate::store::{migrations, person_years, statements};
use crate::{NAME, ledger};

pub(super) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

pub(super) fn noon() -> DateTime<Utc> {
    "2021-04-01T04:00:00.123456Z".parse().unwrap()
}

pub(super) fn settlement(resident_id: ResidentId, number: u128) -> Settlement {
    let day = "2021-03-01".parse().unwrap();
    Settlement {
        resident_id,
        id: id(number),
        filed_order: i64::try_from(number).unwrap(),
        claim: Claim {
            bill_number: format!("bill-{number}"),
            provider_code: "H1".to_owned(),
            bill: bill(day),
            is_placed: true,
        },
        cover: Cover {
            policy_year: 2021,
            district: District::Jinghai,
            class: Class::Adult,
            tier: Tier::High,
            identities: vec![Identity::SubsistenceAllowance, Identity::SevereDisability],
            standing: Standing { special_disease: true, holidays: Some(false), ..Standing::default() },
        },
        state: State::Settled,
        receipt: Receipt { steps: vec![Step::new("J-6.1-b").moving("deductible_used", Fen::ZERO, Fen::new(7))] }.into(),
        recorded_by: Caller::system(),
        created_at: noon(),
    }
}

/// A bill with everything that one can have.
pub(super) fn bill(day: NaiveDate) -> Bill {
    Bill {
        kind: CareKind::Inpatient,
        provider: Provider {
            kind: ProviderKind::CommunityHealthCentre,
            level: Some(ProviderLevel::Two),
            designated: true,
            reform_registered: true,
            assistance_designated: true,
            home_bed: true,
            village_integrated: true,
        },
        place: Place::Elsewhere {
            category: OutOfArea::TransferPartner,
            region: "110105".to_owned(),
            receiving_level: Some(ProviderLevel::Three),
        },
        admitted_on: day,
        discharged_on: day,
        stay_began_on: Some(day),
        total: Fen::new(10_000),
        in_catalogue: Fen::new(9_000),
        third_party: Some(Fen::new(100)),
        public_health: Fen::new(200),
        observation: Some(ObservationOutcome::Death),
        general_fee: Some(GeneralFee { registration: Fen::new(1), consultation: Fen::new(2), injection: Fen::new(3) }),
        home_bed_days: 7,
        disease_code: "M001".to_owned(),
        maternity: Some(MaternityEvent::Childbirth(Childbirth {
            mode: Some(DeliveryMode::Caesarean),
            surgeries: vec![DeliverySurgery::MyomaRemoval],
            obstetric_complication: true,
            ..Childbirth::default()
        })),
    }
}

pub(super) fn entry(settlement: &Settlement, number: u128, kind: Kind, fen: i64) -> Entry {
    Entry {
        resident_id: settlement.resident_id,
        id: id(number),
        settlement_id: settlement.id,
        kind,
        shares: Shares { total: Fen::new(fen), person: Fen::new(fen), ..Shares::default() },
        receipt: settlement.receipt.clone(),
        cause: Cause::Settlement(settlement.id),
        payee: Some(Payee { district: District::Jinghai, provider_code: "H1".to_owned() }),
        recorded_by: Caller::system(),
        created_at: noon(),
    }
}

async fn is_duplicate(session: &mut Session, settlement: &Settlement) -> bool {
    matches!(settlements::insert(session, settlement).await, Err(Error::Storage(Storage::Duplicate)))
}

/// J-A1.3-j: a stay that goes on after the day began before it.
#[tokio::test]
async fn a_stay_that_goes_on_is_found() {
    for test in databases(NAME, &migrations()).await {
        let mut stay = settlement(id(1), 2);
        stay.claim.bill.discharged_on = "2021-03-05".parse().unwrap();
        let mut session = test.database.begin().await.unwrap();
        settlements::insert(&mut session, &stay).await.unwrap();
        for (day, expected) in [("2021-02-28", 1), ("2021-03-01", 1), ("2021-03-04", 1), ("2021-03-05", 0)] {
            let day = day.parse().unwrap();
            let found = settlements::begun_after(&mut session, id(1), day, None, 10).await.unwrap();
            assert_eq!(found.len(), expected, "{} {day}", test.kind);
        }
    }
}

#[tokio::test]
async fn every_statement_prepares() {
    prepare_all(NAME, &migrations(), &statements()).await;
}

#[tokio::test]
async fn a_year_comes_back_as_it_was_stored() {
    for test in databases(NAME, &migrations()).await {
        let resident_id = id(1);
        let (one, mut two) = (settlement(resident_id, 1), settlement(resident_id, 2));
        two.cover.identities.clear();
        // Nothing was posted for it that would explain it.
        two.receipt = Arc::default();
        two.claim.bill.stay_began_on = "2020-12-20".parse().ok();
        let posted = [entry(&one, 11, Kind::Settlement, 10_000), entry(&one, 12, Kind::Adjustment, -1)];
        let mut session = test.database.begin().await.unwrap();
        assert!(person_years::advance(&mut session, &[(resident_id, 2021, 1)]).await.unwrap());
        for settlement in [&two, &one] {
            settlements::insert(&mut session, settlement).await.unwrap();
        }
        for entry in posted.iter().rev() {
            entries::insert(&mut session, entry).await.unwrap();
        }
        session.commit().await.unwrap();

        let mut session = test.database.read().await.unwrap();
        let year = ledger::load(&mut session, resident_id, 2021).await.unwrap();
        assert_eq!(year.revision, 1);
        let found: Vec<_> = year.accounts.iter().map(|account| account.settlement.clone()).collect();
        assert_eq!(found, [one.clone(), two], "{}", test.kind);
        assert_eq!(year.accounts[0].entries, posted);
        assert_eq!(year.accounts[0].shares().total, Fen::new(9_999));
        assert_eq!(year.totals().insurance.deductible_used, Fen::new(7));

        let page = settlements::page(&mut session, resident_id, Some(one.id), 5).await.unwrap();
        assert_eq!(page, [(id(2), 2021)]);
        assert_eq!(settlements::page(&mut session, resident_id, None, 5).await.unwrap().len(), 2);
        assert_eq!(settlements::maybe_find_year(&mut session, resident_id, one.id).await.unwrap(), Some(2021));
        assert_eq!(settlements::maybe_find_year(&mut session, id(2), one.id).await.unwrap(), None);
        assert_eq!(ledger::load(&mut session, resident_id, 2020).await.unwrap(), ledger::Year::default());
    }
}

#[tokio::test]
async fn the_year_moves_from_the_revision_that_was_read() {
    for test in databases(NAME, &migrations()).await {
        let mut session = test.database.begin().await.unwrap();
        for (revision, moved) in [(2, true), (1, false), (2, false), (4, false), (3, true)] {
            // The first writer of a year makes its row, at whatever revision it planned.
            let outcome = person_years::advance(&mut session, &[(id(1), 2021, revision)]).await.unwrap();
            assert_eq!(outcome, moved, "{}: {revision}", test.kind);
        }
        assert_eq!(person_years::revision(&mut session, id(1), 2021).await.unwrap(), 3);
        assert_eq!(person_years::revision(&mut session, id(1), 2017).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_bill_number_is_free_again_after_a_reversal() {
    for test in databases(NAME, &migrations()).await {
        let resident_id = id(1);
        let one = settlement(resident_id, 1);
        let again = Settlement { claim: one.claim.clone(), ..settlement(resident_id, 2) };
        let mut session = test.database.begin().await.unwrap();
        settlements::insert(&mut session, &one).await.unwrap();
        session.commit().await.unwrap();
        assert!(is_duplicate(&mut test.database.begin().await.unwrap(), &again).await, "{}", test.kind);

        let mut session = test.database.begin().await.unwrap();
        let in_force = settlements::maybe_find_of_bill(&mut session, resident_id, &one.claim).await.unwrap();
        assert_eq!(in_force, Some(one.id));
        settlements::set_state(&mut session, resident_id, one.id, State::Reversed).await.unwrap();
        let in_force = settlements::maybe_find_of_bill(&mut session, resident_id, &one.claim).await.unwrap();
        assert_eq!(in_force, None::<SettlementId>);
        settlements::insert(&mut session, &again).await.unwrap();
        session.commit().await.unwrap();
        let year = ledger::load(&mut test.database.read().await.unwrap(), resident_id, 2021).await.unwrap();
        assert_eq!(year.in_force().len(), 1);
        assert_eq!(year.maybe_find(one.id).unwrap().settlement.state, State::Reversed);
    }
}

/// A receipt is stored with the entry that it explains, and again only where a later one moves no money.
#[tokio::test]
async fn the_newest_explanation_is_told() {
    for test in databases(NAME, &migrations()).await {
        let (resident_id, one) = (id(1), settlement(id(1), 1));
        let other = Receipt { steps: vec![Step::new("J-6.1-b")] };
        let reversal = Entry { receipt: Arc::default(), ..entry(&one, 12, Kind::Reversal, -7) };
        let mut session = test.database.begin().await.unwrap();
        settlements::insert(&mut session, &one).await.unwrap();
        for posted in [entry(&one, 11, Kind::Settlement, 7), reversal] {
            entries::insert(&mut session, &posted).await.unwrap();
        }
        for (explanation, told) in [(None, &*one.receipt), (Some(&other), &other), (None, &*one.receipt)] {
            settlements::set_explanation(&mut session, resident_id, one.id, explanation).await.unwrap();
            let year = ledger::load(&mut session, resident_id, 2021).await.unwrap();
            assert_eq!(&*year.accounts[0].settlement.receipt, told, "{}", test.kind);
            assert_eq!(year.accounts[0].maybe_explanation(), explanation);
        }
        assert_eq!(entries::receipt(&mut session, resident_id, id(11)).await.unwrap(), *one.receipt);
        assert!(entries::receipt(&mut session, resident_id, id(13)).await.is_err());
    }
}

#[tokio::test]
async fn an_entry_belongs_to_a_settlement() {
    for test in databases(NAME, &migrations()).await {
        let orphan = entry(&settlement(id(1), 1), 11, Kind::Settlement, 1);
        let mut session = test.database.begin().await.unwrap();
        assert!(entries::insert(&mut session, &orphan).await.is_err(), "{}", test.kind);
    }
}

/// What a recomputation replaces is kept; district and year of a settlement stay.
#[tokio::test]
async fn a_cover_is_replaced_and_kept() {
    for test in databases(NAME, &migrations()).await {
        let (resident_id, one) = (id(1), settlement(id(1), 1));
        let by = Replacement { id: id(9), recorded_by: Caller::system(), created_at: noon() };
        let caused = Entry { cause: Cause::Recomputation(by.id), ..entry(&one, 12, Kind::Adjustment, -1) };
        let cover =
            Cover { tier: Tier::Low, identities: Vec::new(), standing: Standing::default(), ..one.cover.clone() };
        let mut session = test.database.begin().await.unwrap();
        settlements::insert(&mut session, &one).await.unwrap();
        replaced_covers::insert(&mut session, &by, (resident_id, one.id), &one.cover).await.unwrap();
        settlements::set_cover(&mut session, resident_id, one.id, &cover).await.unwrap();
        entries::insert(&mut session, &caused).await.unwrap();
        session.commit().await.unwrap();
        let session = &mut test.database.read().await.unwrap();
        let year = ledger::load(session, resident_id, 2021).await.unwrap();
        assert_eq!(year.accounts[0].settlement, Settlement { cover, ..one.clone() }, "{}", test.kind);
        assert_eq!(year.accounts[0].entries, [caused]);
        assert_eq!(replaced_covers::count(session, resident_id, one.id).await.unwrap(), 1);
        assert_eq!(replaced_covers::count(session, resident_id, id(2)).await.unwrap(), 0);
    }
}
