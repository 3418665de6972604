//! A village, through its township; and the plan of 2017.

use juyi_domain::codes::{District, Office, PaymentMethod};
use juyi_domain::contribution::declaration::DeclarationState as State;
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};

use super::registry::{Coverage, Crowd, person, pupil, villager};
use super::{Site, VILLAGE, by, declare, pay, reasons, refusal};

/// J-3.3.2-b: the township declares, the voucher is the only way.
#[tokio::test]
async fn a_village_pays_by_voucher_alone() {
    for on in &targets().await {
        let site = Site::start(on, &Crowd::of((1..=12).map(villager)), &Coverage::default()).await;
        let school = by(Office::SocialInsurance, site.client.clone().declare(declare("one", VILLAGE))).await;
        assert_eq!(reasons(school), "ROLE_NOT_ALLOWED", "{}", site.kind);
        let declared = site.declare(declare("one", VILLAGE)).await.unwrap();
        assert_eq!(declared.totals.unwrap().payable_fen, 12 * 56_000, "{}", site.kind);
        let refused = refusal(&site.pay(pay("one", &declared)).await.unwrap_err());
        assert_eq!((refused["reasons"].as_str(), refused["rule_id"].as_str()), ("CHANNEL_MISMATCH", "J-3.3.2-b"));
        let method = PaymentMethod::BankInquiryVoucher.to_wire();
        let paid = site.pay(pb::PayDeclarationRequest { method, ..pay("one", &declared) }).await.unwrap();
        assert_eq!((paid.state, site.paid().await), (State::Paid.to_wire(), 12), "{}", site.kind);
    }
}

/// B-7.3.1-a: a school of Baodi declares at the branch; in which way it pays is not printed, and none is refused.
#[tokio::test]
async fn the_plan_of_2017_prints_no_way_of_payment() {
    let of_baodi = |number| {
        let pupil = pupil(number).person.unwrap().enrolments.remove(0);
        let district = District::Baodi.to_string();
        let application_date = "2016-09-20".to_owned();
        person(
            number,
            EnrolmentTerms { district, application_date, policy_year: 2017, unit_id: "120115.S1".to_owned(), ..pupil },
        )
    };
    let on = TestTarget::sqlite();
    let site = Site::start(&on, &Crowd::of((1..=3).map(of_baodi)), &Coverage::default()).await;
    let caller = |office| Some(Caller { office, district: Some(District::Baodi), name: String::new() });
    let request = pb::DeclareRequest { policy_year: 2017, ..declare("one", "120115.S1") };
    let mut client = site.client.clone();
    let reply = Caller::scope(caller(Office::SocialInsurance), client.declare(request)).await.unwrap();
    let declared = reply.into_inner().declaration.unwrap();
    assert_eq!(declared.totals.unwrap().payable_fen, 39_000);
    assert_eq!(declared.receipt.as_ref().unwrap().steps[0].rule_id, "B-7.3.1-a");
    let payment = pb::PayDeclarationRequest { payment_date: "2016-09-25".to_owned(), ..pay("pay", &declared) };
    let half = pb::PayDeclarationRequest { amount_fen: 19_500, ..payment.clone() };
    let refused = Caller::scope(caller(Office::Tax), client.pay_declaration(half)).await;
    assert_eq!(reasons(refused), "AMOUNT_MISMATCH");
    let paid = Caller::scope(caller(Office::Tax), client.pay_declaration(payment)).await.unwrap();
    let paid = paid.into_inner().declaration.unwrap();
    assert_eq!((paid.state, paid.totals.unwrap().confirmed), (State::Paid.to_wire(), 3));
}
