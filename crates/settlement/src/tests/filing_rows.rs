//! Filings as rows on both databases, and the standing they give a bill.

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{Class, District, ProviderLevel, Tier};
use juyi_domain::dates::Period;
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{CareKind, OutOfArea, Place, Provider, ProviderKind};
use juyi_domain::settlement::case::Standing;
use juyi_domain::settlement::filings::codes::{
    Arrangement, ClaimMode, DiagnosisRoute, FilingState, HolidayKind, TransferRoute,
};
use juyi_domain::settlement::filings::disease::SpecialDisease;
use juyi_domain::settlement::filings::institution::Institution;
use juyi_domain::settlement::filings::partner::Partnership;
use juyi_domain::settlement::filings::region::Region;
use juyi_domain::settlement::filings::register::{Details, Registered};
use juyi_domain::settlement::filings::student::{Holiday, StudentAtHome};
use juyi_domain::settlement::filings::transfer::Transfer;
use juyi_kit::caller::Caller;
use juyi_policy::Policy;
use juyi_testkit::database::TestDatabase;
use juyi_testkit::databases;
use uuid::Uuid;

use crate::store::filing_steps::{self, FilingStep};
use crate::store::filings::{self, Filing};
use crate::store::migrations;
use crate::store::partnerships::{self, Partner};
use crate::store::school_calendars::{self, Calendar};
use crate::store::settlements::{Claim, Cover};
use crate::{NAME, standing};

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn region(code: &str) -> Region {
    Region::maybe_parse(code).unwrap()
}

fn filing(number: u128, details: Details, first: &str, last: Option<&str>) -> Filing {
    Filing {
        resident_id: id(7),
        id: id(number),
        district: District::Jinghai,
        registered: Registered { details, first_on: day(first), last_on: last.map(day), state: FilingState::InForce },
        recorded_by: Caller::system(),
        created_at: "2021-04-01T04:00:00.123456Z".parse().unwrap(),
    }
}

fn transfer() -> Details {
    let target = Institution {
        provider_code: "H9".to_owned(),
        level: Some(ProviderLevel::Three),
        region: region("310101"),
        designated: true,
    };
    Details::Transfer(Transfer {
        route: TransferRoute::OutOfCity,
        issuer_code: "H1".to_owned(),
        issuer_responsible: true,
        target,
        target_networked: true,
        mode: ClaimMode::Direct,
    })
}

fn disease() -> Details {
    Details::Disease(SpecialDisease {
        disease_code: "M01600".to_owned(),
        route: DiagnosisRoute::CityInstitution,
        institution_code: "H1".to_owned(),
        institution_qualified: true,
        papers: Vec::new(),
    })
}

fn student() -> Details {
    let unit_id = "school".to_owned();
    Details::Student(StudentAtHome { home_province: region("130000"), unit_id, returned_on: None })
}

fn claim(kind: CareKind, provider: &str, on: &str, place: Place) -> Claim {
    let bill = Bill {
        kind,
        provider: Provider {
            kind: ProviderKind::Hospital,
            level: Some(ProviderLevel::Two),
            designated: true,
            reform_registered: false,
            assistance_designated: false,
            home_bed: false,
            village_integrated: false,
        },
        place,
        admitted_on: day(on),
        discharged_on: day(on),
        stay_began_on: None,
        total: Fen::yuan(100),
        in_catalogue: Fen::yuan(100),
        third_party: None,
        public_health: Fen::ZERO,
        observation: None,
        general_fee: None,
        home_bed_days: 0,
        disease_code: if kind == CareKind::SpecialOutpatient { "M01600".to_owned() } else { String::new() },
        maternity: None,
    };
    Claim { bill_number: "1".to_owned(), provider_code: provider.to_owned(), bill, is_placed: true }
}

fn elsewhere(category: OutOfArea, code: &str) -> Place {
    let receiving_level = (category == OutOfArea::TransferPartner).then_some(ProviderLevel::Three);
    Place::Elsewhere { category, region: code.to_owned(), receiving_level }
}

async fn fill(on: &TestDatabase) {
    let mut session = on.database.begin().await.unwrap();
    filings::advance(&mut session, id(7)).await.unwrap();
    for filing in [
        filing(1, transfer(), "2021-03-10", Some("2022-03-10")),
        filing(2, disease(), "2021-02-01", None),
        filing(3, student(), "2021-01-23", Some("2021-02-28")),
    ] {
        filings::insert(&mut session, &filing).await.unwrap();
    }
    let partner = Partner {
        id: id(11),
        partnership: Partnership {
            receiving_code: "H9".to_owned(),
            partner_code: "H7".to_owned(),
            arrangement: Arrangement::MedicalConsortium,
            document_number: "A-1".to_owned(),
        },
        first_on: day("2021-01-01"),
        last_on: Some(day("2021-06-30")),
        recorded_by: Caller::system(),
        created_at: "2021-04-01T04:00:00Z".parse().unwrap(),
    };
    partnerships::insert(&mut session, &partner).await.unwrap();
    assert_eq!(partnerships::page(&mut session, "H9", None, 5).await.unwrap(), [partner]);
    let period = Period::maybe_inclusive(day("2021-01-23"), day("2021-02-20")).unwrap();
    let calendar = Calendar {
        unit_id: "school".to_owned(),
        year: 2021,
        holidays: vec![Holiday { kind: HolidayKind::Winter, period }],
        recorded_by: Caller::system(),
        created_at: "2021-04-01T04:00:00Z".parse().unwrap(),
    };
    school_calendars::insert(&mut session, &calendar).await.unwrap();
    assert_eq!(school_calendars::maybe_find(&mut session, "school", 2021).await.unwrap(), Some(calendar));
    session.commit().await.unwrap();
}

async fn ask(session: &mut Session, claim: &Claim) -> Standing {
    let cover = Cover {
        policy_year: 2021,
        district: District::Jinghai,
        class: Class::Adult,
        tier: Tier::Middle,
        identities: Vec::new(),
        standing: Standing::default(),
    };
    let policy = Policy::embedded().unwrap();
    standing::find(session, &policy, (id::<ResidentId>(7), claim), &cover).await.unwrap()
}

/// J-10.1.3-a, J-10.2.2-d, J-10.3.2-c, J-5.1.T-k, J-7-6, J-10.5.1-a: the standing on the day the stay began.
#[tokio::test]
async fn the_registers_say_what_counts_on_the_day() {
    for on in &databases(NAME, &migrations()).await {
        fill(on).await;
        let session = &mut on.database.read().await.unwrap();
        let stay = |category, code, provider, day| claim(CareKind::Inpatient, provider, day, elsewhere(category, code));
        let mut confirmed = async |claim| ask(session, &claim).await.elsewhere;
        assert!(confirmed(stay(OutOfArea::ApprovedTransfer, "310101", "H9", "2022-03-10")).await, "{}", on.kind);
        assert!(!confirmed(stay(OutOfArea::ApprovedTransfer, "310101", "H9", "2022-03-11")).await);
        assert!(confirmed(stay(OutOfArea::TransferPartner, "310101", "H7", "2021-06-30")).await);
        assert!(!confirmed(stay(OutOfArea::TransferPartner, "310101", "H7", "2021-07-01")).await);
        assert!(!confirmed(stay(OutOfArea::SelfChosen, "310101", "H9", "2021-04-01")).await);

        let special = |day| claim(CareKind::SpecialOutpatient, "H1", day, Place::Local);
        assert!(ask(session, &special("2021-02-01")).await.special_disease);
        assert!(!ask(session, &special("2021-01-31")).await.special_disease, "{}", on.kind);

        let visit = |day| claim(CareKind::Outpatient, "any", day, elsewhere(OutOfArea::StudentAtHome, "130102"));
        let standing = ask(session, &visit("2021-02-20")).await;
        assert_eq!((standing.elsewhere, standing.holidays), (true, Some(true)));
        assert_eq!(ask(session, &visit("2021-02-21")).await.holidays, Some(false));
        assert_eq!(ask(session, &visit("2021-03-01")).await, Standing::default(), "{}", on.kind);
    }
}

#[tokio::test]
async fn a_filing_keeps_its_steps() {
    for on in &databases(NAME, &migrations()).await {
        fill(on).await;
        let mut session = on.database.begin().await.unwrap();
        let mut found = filings::maybe_find(&mut session, id(7), id(1)).await.unwrap().unwrap();
        assert_eq!(found, filing(1, transfer(), "2021-03-10", Some("2022-03-10")), "{}", on.kind);
        found.registered.state = FilingState::Withdrawn;
        found.registered.last_on = None;
        filings::update(&mut session, &found).await.unwrap();
        let step = FilingStep {
            state: FilingState::Withdrawn,
            last_on: None,
            reason: "filed in error".to_owned(),
            recorded_by: Caller::system(),
            created_at: found.created_at,
        };
        filing_steps::insert(&mut session, (id(7), id(1)), 1, &step).await.unwrap();
        assert_eq!(filing_steps::list(&mut session, id(7), id(1)).await.unwrap(), [step]);
        let page = filings::page(&mut session, id(7), Some(id(1)), 1).await.unwrap();
        assert_eq!(page, [filing(2, disease(), "2021-02-01", None)], "{}", on.kind);
        assert_eq!(filings::of_resident(&mut session, id(7)).await.unwrap().len(), 3);
        assert!(filings::maybe_find(&mut session, id(8), id(1)).await.unwrap().is_none());
    }
}
