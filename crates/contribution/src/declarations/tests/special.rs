//! Special persons, declared by their authority.

use juyi_domain::codes::{Category, District, Identity, Office, PaymentMethod};
use juyi_domain::contribution::declaration::{DeclarationState as State, Declarer};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::registry::v1 as registry;
use juyi_testkit::targets;

use super::registry::{Coverage, Crowd, enrolment, held, person, resident, terms, villager};
use super::{Site, by, pay, reasons, told};

fn special(number: u32, identity: Identity) -> registry::EnrolledPerson {
    let category = Category::SpecialPerson.to_wire();
    let application_date = "2020-08-20".to_owned();
    held(person(number, EnrolmentTerms { category, application_date, ..terms(number) }), identity)
}

fn request(request_id: &str, numbers: impl IntoIterator<Item = u32>) -> pb::DeclareSpecialPersonsRequest {
    let persons = numbers.into_iter();
    pb::DeclareSpecialPersonsRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        persons: persons
            .map(|number| pb::EnrolmentRef { resident_id: resident(number), enrolment_id: enrolment(number) })
            .collect(),
    }
}

/// J-3.3.1-e: after registration, by the responsible authority and nobody else; J-2.3-j: the government pays.
#[tokio::test]
async fn an_authority_declares_its_own() {
    for on in &targets().await {
        let people = (1..=5).map(|number| special(number, Identity::LowIncome));
        let others = [special(6, Identity::SevereDisability), villager(7)];
        let site = Site::start(on, &Crowd::of(people.chain(others)), &Coverage::default()).await;
        let declare =
            |office, request| by(office, async { site.client.clone().declare_special_persons(request).await });
        for (numbers, expected) in
            [(vec![1, 6], "ROLE_NOT_ALLOWED"), (vec![1, 7], "CHANNEL_MISMATCH"), (vec![1, 8], "ORDER_VIOLATION")]
        {
            let refused = declare(Office::CivilAffairs, request("one", numbers)).await;
            assert_eq!(reasons(refused), expected, "{}", site.kind);
        }
        let by_township = declare(Office::Township, request("one", [1])).await;
        assert_eq!(reasons(by_township), "ROLE_NOT_ALLOWED", "{}", site.kind);
        let twice = declare(Office::CivilAffairs, request("one", [1, 1])).await;
        assert_eq!(reasons(twice), "VALUE_NOT_ALLOWED", "{}", site.kind);

        let declared = declare(Office::CivilAffairs, request("one", 1..=5)).await.unwrap().declaration.unwrap();
        let totals = declared.totals.unwrap();
        assert_eq!((totals.persons, totals.subsidised, totals.payable_fen), (5, 5, 0), "{}", site.kind);
        assert_eq!(
            (declared.declarer, declared.unit_id.as_str()),
            (Declarer::Authority.to_wire(), "CIVIL_AFFAIRS.120118")
        );
        let again = declare(Office::CivilAffairs, request("one", 1..=5)).await.unwrap().declaration.unwrap();
        assert_eq!(again, declared, "{}", site.kind);
        let nobody = declare(Office::CivilAffairs, request("two", [1, 2])).await;
        assert_eq!(reasons(nobody), "DUPLICATE_DECLARATION", "{}", site.kind);

        assert_eq!(reasons(site.pay(pay("pay", &declared)).await), "CHANNEL_MISMATCH", "{}", site.kind);
        let method = PaymentMethod::GovernmentSubsidy.to_wire();
        let paid = site.pay(pb::PayDeclarationRequest { method, ..pay("pay", &declared) }).await.unwrap();
        assert_eq!((paid.state, paid.totals.unwrap().confirmed), (State::Paid.to_wire(), 5), "{}", site.kind);
        assert!(told(&site.coverage).iter().all(|fact| fact.fully_subsidised), "{}", site.kind);
    }
}

/// J-3.3.1-e, J-2.3-j: one voucher of the treasury pays for any number of declarations, of which no receipt is awaited; they
/// are read by their authority, in their district, and by those who collect.
#[tokio::test]
async fn the_treasury_pays_for_many() {
    for on in &targets().await {
        let people = (1..=2).map(|number| special(number, Identity::LowIncome));
        let site = Site::start(on, &Crowd::of(people), &Coverage::default()).await;
        let method = PaymentMethod::GovernmentSubsidy.to_wire();
        for number in 1..=2 {
            let request = request(&format!("d-{number}"), [number]);
            let declared = by(Office::CivilAffairs, site.client.clone().declare_special_persons(request)).await;
            let declared = declared.unwrap().declaration.unwrap();
            let voucher_number = "TREASURY".to_owned();
            let payment =
                pb::PayDeclarationRequest { method, voucher_number, ..pay(&format!("p-{number}"), &declared) };
            let paid = site.pay(payment).await.unwrap();
            assert_eq!((paid.totals.unwrap().confirmed, paid.marks.len()), (1, 0), "{}", site.kind);

            let get = pb::GetDeclarationRequest { declaration_id: declared.declaration_id };
            let read = |caller: Caller| {
                let (mut client, get) = (site.client.clone(), get.clone());
                Caller::scope(Some(caller), async move { client.get_declaration(get).await })
            };
            let of = |office, district| Caller { office, district: Some(district), name: "test".to_owned() };
            read(of(Office::CivilAffairs, District::Jinghai)).await.unwrap();
            for other in [
                of(Office::DisabledPersonsFederation, District::Jinghai),
                of(Office::CivilAffairs, District::Baodi),
                of(Office::Tax, District::Baodi),
            ] {
                assert_eq!(reasons(read(other).await), "ROLE_NOT_ALLOWED", "{}", site.kind);
            }
        }
    }
}
