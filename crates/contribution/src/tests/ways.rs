//! Ways of payment and what a quote tells of them, through the generated client, in both years.

use juyi_domain::codes::{Category, Class, Desk, District, Identity, Insurance, Office, PaymentMethod, Tier, Window};
use juyi_domain::contribution::codes::{Bank, Login, PaymentPaper, PremiumPart, QrSource};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::quote_premium_request::Subject;
use juyi_testkit::{TestTarget, targets};
use tonic::Status;

use super::calls::{enrolled, payment, reasons, refusal};
use super::office::at_tax;
use super::stand_in::{RESIDENT, Suite, by, farmer, person};

async fn confirm(suite: &Suite, district: District, request: pb::ConfirmPaymentRequest) -> Result<pb::Payment, Status> {
    let mut client = suite.client.clone();
    Ok(by(Office::Tax, district, client.confirm_payment(request)).await?.into_inner().payment.unwrap())
}

/// The payment of the farmer in a way, to be checked alone.
fn by_way(method: PaymentMethod, way: pb::PaymentWay) -> pb::ConfirmPaymentRequest {
    pb::ConfirmPaymentRequest { validate_only: true, method: method.to_wire(), way: Some(way), ..payment("one") }
}

fn counter() -> pb::PaymentWay {
    let paper = PaymentPaper::PaymentNotice.to_wire();
    pb::PaymentWay { bank: Bank::BankOfTianjin.to_wire(), paper, ..Default::default() }
}

/// J-3.3.6-a: each of the five ways, with what it asks for, is stored and read again.
#[tokio::test]
async fn a_payment_remembers_its_way() {
    for on in &targets().await {
        let suite = Suite::of_farmer(on).await;
        let request =
            pb::ConfirmPaymentRequest { validate_only: false, ..by_way(PaymentMethod::BankCounter, counter()) };
        let confirmed = confirm(&suite, District::Jinghai, request).await.unwrap();
        assert_eq!(confirmed.way, Some(counter()), "{}", on.kind);
        let request =
            pb::GetPaymentRequest { resident_id: RESIDENT.to_owned(), payment_id: confirmed.payment_id.clone() };
        let found = at_tax(suite.client.clone().get_payment(request)).await.unwrap().into_inner();
        assert_eq!(found.payment, Some(confirmed), "{}", on.kind);
    }
}

/// J-3.3.6.1-a, J-3.3.6.1-b, J-3.3.6.3-a, J-3.3.6.4-a, J-3.3.6.5-a.
#[tokio::test]
async fn every_way_asks_for_its_own() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    let none = pb::PaymentWay::default;
    let form = pb::PaymentWay {
        paper: PaymentPaper::CashTaxForm.to_wire(),
        paper_number: "F-1".to_owned(),
        ..Default::default()
    };
    let code = pb::PaymentWay { qr_source: QrSource::TaxHall.to_wire(), ..Default::default() };
    let login = |login: Login| pb::PaymentWay { login: login.to_wire(), ..Default::default() };
    let accepted = [
        (PaymentMethod::BankCounter, counter()),
        (PaymentMethod::MobileApp, none()),
        (PaymentMethod::WebTaxOffice, login(Login::NaturalPerson)),
        (PaymentMethod::QrCode, code),
    ];
    // Only a form that was issued, see the tests of notices.
    let unknown = confirm(&suite, District::Jinghai, by_way(PaymentMethod::PosCard, form)).await;
    assert_eq!(reasons(unknown), "ORDER_VIOLATION");
    for (method, way) in accepted {
        confirm(&suite, District::Jinghai, by_way(method, way)).await.unwrap();
    }
    let refused = [
        (PaymentMethod::BankCounter, pb::PaymentWay { paper: 0, ..counter() }, "EVIDENCE_NOT_ACCEPTED", "J-3.3.6.1-a"),
        (PaymentMethod::BankCounter, pb::PaymentWay { bank: 0, ..counter() }, "REQUIRED_FIELD_MISSING", "J-3.3.6.1-b"),
        (PaymentMethod::BankCounter, pb::PaymentWay { bank: 17, ..counter() }, "UNKNOWN_ENUM", ""),
        (PaymentMethod::WebTaxOffice, login(Login::Unit), "CHANNEL_MISMATCH", "J-3.3.6.3-a"),
        (PaymentMethod::QrCode, none(), "REQUIRED_FIELD_MISSING", "J-3.3.6.4-a"),
        (PaymentMethod::PosCard, none(), "ORDER_VIOLATION", "J-3.3.6.5-a"),
        (PaymentMethod::AuthorisedTransfer, none(), "UNKNOWN_ENUM", "J-3.3.6-a"),
    ];
    for (method, way, reason, rule_id) in refused {
        let status = confirm(&suite, District::Jinghai, by_way(method, way)).await.unwrap_err();
        let (found, metadata) = refusal(&status);
        assert_eq!((found.as_str(), metadata.get("rule_id").map_or("", String::as_str)), (reason, rule_id), "{method}");
    }
}

/// J-3.3.5-a: the tax hall assesses, and issues a notice or the cash tax form.
#[tokio::test]
async fn an_interrupted_employee_pays_with_the_paper_of_the_tax_hall() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let interrupted = EnrolmentTerms {
        category: Category::InterruptedEmployee.to_wire(),
        window: Window::Personal.to_wire(),
        interruption_date: "2020-10-31".to_owned(),
        ..farmer()
    };
    suite.people.add(person(RESIDENT, interrupted));
    let app = |paper: i32| by_way(PaymentMethod::MobileApp, pb::PaymentWay { paper, ..Default::default() });
    assert_eq!(reasons(confirm(&suite, District::Jinghai, app(0)).await), "ORDER_VIOLATION");
    let voucher = app(PaymentPaper::BankInquiryVoucher.to_wire());
    assert_eq!(reasons(confirm(&suite, District::Jinghai, voucher).await), "EVIDENCE_NOT_ACCEPTED");
    confirm(&suite, District::Jinghai, app(PaymentPaper::PaymentNotice.to_wire())).await.unwrap();
    let request = pb::QuotePremiumRequest { subject: Some(enrolled()), ..Default::default() };
    let quoted = suite.client.clone().quote_premium(request).await.unwrap().into_inner();
    let hall = &quoted.collections[0];
    assert_eq!(
        (hall.code.as_str(), hall.desk, hall.rule_id.as_str()),
        ("TAX_HALL", Desk::TaxHall.to_wire(), "J-3.3.5-a")
    );
}

/// J-3.3.1-c: who is enrolled through a unit is paid for in the ways of units.
#[tokio::test]
async fn a_pupil_of_a_unit_is_paid_for_in_its_ways() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let pupil = EnrolmentTerms {
        category: Category::SchoolStudent.to_wire(),
        class: Class::StudentChild.to_wire(),
        tier: Tier::StudentChild.to_wire(),
        unit_id: "120118.SCHOOL".to_owned(),
        desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
        ..farmer()
    };
    suite.people.add(person(RESIDENT, pupil));
    let pay = |method: PaymentMethod| pb::ConfirmPaymentRequest {
        amount_fen: 26_000,
        ..by_way(method, pb::PaymentWay::default())
    };
    let status = confirm(&suite, District::Jinghai, pay(PaymentMethod::MobileApp)).await.unwrap_err();
    let (found, metadata) = refusal(&status);
    assert_eq!(
        (found.as_str(), metadata["allowed"].as_str()),
        ("UNKNOWN_ENUM", "AUTHORISED_TRANSFER,BANK_INQUIRY_VOUCHER")
    );
    confirm(&suite, District::Jinghai, pay(PaymentMethod::AuthorisedTransfer)).await.unwrap();
}

/// J-3.3.4-a, J-3.3.3-a: named with the method they have of their own.
#[tokio::test]
async fn deductions_and_prepayments_have_methods_of_their_own() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    for (method, right) in
        [(PaymentMethod::PensionDeduction, "DeductPremium"), (PaymentMethod::Prepayment, "UsePrepayment")]
    {
        let request = by_way(method, pb::PaymentWay::default());
        let (found, metadata) = refusal(&confirm(&suite, District::Jinghai, request).await.unwrap_err());
        assert!(found == "CHANNEL_MISMATCH" && metadata["right_method"].ends_with(right), "{found}");
    }
}

/// J-2.2-a: nothing is charged for what comes with the premium.
#[tokio::test]
async fn a_separate_charge_is_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    let charge = |amount_fen| pb::InsuranceCharge { insurance: Insurance::Accident.to_wire(), amount_fen };
    let request = pb::ConfirmPaymentRequest { charges: vec![charge(3_000)], ..payment("one") };
    let (found, metadata) = refusal(&confirm(&suite, District::Jinghai, request).await.unwrap_err());
    assert_eq!((found.as_str(), metadata["rule_id"].as_str()), ("AMOUNT_MISMATCH", "J-2.2-a"));
    assert_eq!((metadata["due_fen"].as_str(), metadata["paid_fen"].as_str()), ("0", "3000"));
    let request = pb::ConfirmPaymentRequest { charges: vec![charge(0)], ..payment("two") };
    confirm(&suite, District::Jinghai, request).await.unwrap();
}

/// The plan of 2017 prints no ways: none is refused and no paper demanded.
#[tokio::test]
async fn a_payment_of_2017_may_come_in_any_way() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let terms = EnrolmentTerms {
            policy_year: 2017,
            district: District::Baodi.to_string(),
            application_date: "2016-11-11".to_owned(),
            ..farmer()
        };
        suite.people.add(person(RESIDENT, terms));
        for method in [PaymentMethod::BankCounter, PaymentMethod::PosCard, PaymentMethod::AuthorisedTransfer] {
            let request = pb::ConfirmPaymentRequest {
                amount_fen: 38_000,
                payment_date: "2016-11-12".to_owned(),
                ..by_way(method, pb::PaymentWay::default())
            };
            confirm(&suite, District::Baodi, request).await.unwrap();
        }
    }
}

fn farmer_of(year: i32, district: District, applied: &str) -> pb::PremiumFacts {
    pb::PremiumFacts {
        policy_year: year,
        district: district.to_string(),
        class: Class::Adult.to_wire(),
        tier: Tier::Middle.to_wire(),
        category: Category::RuralResident.to_wire(),
        application_date: applied.to_owned(),
        ..Default::default()
    }
}

async fn quote(
    suite: &Suite,
    facts: pb::PremiumFacts,
    parts: &[PremiumPart],
) -> Result<pb::QuotePremiumResponse, Status> {
    let required_parts = parts.iter().map(|part| part.to_wire()).collect();
    let request =
        pb::QuotePremiumRequest { subject: Some(Subject::Facts(facts)), required_parts, ..Default::default() };
    Ok(suite.client.clone().quote_premium(request).await?.into_inner())
}

/// J-2.3-b, J-2.3-f: the identities that are in force on the day of application, and no others, grant the subsidy.
#[tokio::test]
async fn a_subsidy_hangs_on_the_day_of_application() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let held = |identity: Identity, start: &str, end: &str| pb::IdentityHeld {
        identity: identity.to_wire(),
        start_date: start.to_owned(),
        end_date: end.to_owned(),
    };
    let on_day = |applied: &str| pb::PremiumFacts {
        identities_held: vec![
            held(Identity::SubsistenceAllowance, "2020-10-01", "2020-11-30"),
            held(Identity::SevereDisability, "2020-11-15", ""),
        ],
        ..farmer_of(2021, District::Jinghai, applied)
    };
    let expected = [
        ("2020-09-30", "", 56_000),
        ("2020-10-01", "J-2.3-b", 0),
        ("2020-11-15", "J-2.3-f", 0),
        ("2020-11-30", "J-2.3-f", 0),
        ("2020-12-01", "J-2.3-a", 0),
    ];
    for (applied, rule_id, payable) in expected {
        let quote = quote(&suite, on_day(applied), &[]).await.unwrap().quote.unwrap();
        assert_eq!((quote.payable_fen, quote.payable_fen + quote.subsidy_fen), (payable, 56_000), "{applied}");
        let ground = quote.ground.unwrap_or_default();
        assert_eq!(ground.rule_id, rule_id, "{applied}");
        if rule_id == "J-2.3-f" {
            let by = [Identity::SubsistenceAllowance, Identity::SevereDisability].map(Coded::to_wire);
            assert_eq!((ground.identities.as_slice(), ground.in_force_date.as_str()), (&by[..], applied));
        }
    }
    let backwards = pb::PremiumFacts {
        identities_held: vec![held(Identity::LowIncome, "2020-10-02", "2020-10-01")],
        ..farmer_of(2021, District::Jinghai, "2020-10-01")
    };
    assert_eq!(reasons(quote(&suite, backwards, &[]).await), "DATE_ORDER");
}

/// B-4-a: 30.00 + 70.00 = 100.00; B-5.5-a, B-5.5-b: 380.00 borne by the treasury; AMB-045, J-2.2-b: not printed.
#[tokio::test]
async fn parts_that_are_not_printed_are_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let baodi = || pb::PremiumFacts { tier: 0, ..farmer_of(2017, District::Baodi, "") };
    let aided = pb::PremiumFacts { identities: vec![Identity::LowIncome.to_wire()], ..baodi() };
    let printed = [PremiumPart::GovernmentPart, PremiumPart::Increase];
    let quoted = quote(&suite, aided.clone(), &printed).await.unwrap();
    assert!(quoted.collections.is_empty());
    let found = quoted.quote.unwrap();
    assert_eq!((found.personal_fen, found.payable_fen, found.government_fen), (38_000, 0, Some(80_000)));
    assert_eq!(found.treasury_claim_fen, Some(38_000));
    let increase = found.increase.unwrap();
    assert_eq!((increase.personal_fen, increase.government_fen, increase.total_fen), (3_000, 7_000, 10_000));
    assert_eq!(reasons(quote(&suite, aided, &[PremiumPart::PreviousYear]).await), "RULE_NOT_DEFINED");
    assert_eq!(reasons(quote(&suite, baodi(), &[]).await), "REQUIRED_FIELD_MISSING");

    let jinghai = || farmer_of(2021, District::Jinghai, "");
    for part in PremiumPart::ALL {
        assert_eq!(reasons(quote(&suite, jinghai(), &[*part]).await), "RULE_NOT_DEFINED", "{part}");
    }
    let found = quote(&suite, jinghai(), &[]).await.unwrap().quote.unwrap();
    assert_eq!((found.government_fen, found.increase, found.treasury_claim_fen), (None, None, None));
}

/// J-3.3.2-a, J-3.3.2-b, J-3.3.4-a, J-3.3.6-a: who collects from a rural resident, where and how.
#[tokio::test]
async fn a_quote_tells_who_collects() {
    let on = TestTarget::sqlite();
    let suite = Suite::of_farmer(&on).await;
    let request = pb::QuotePremiumRequest { subject: Some(enrolled()), ..Default::default() };
    let found = suite.client.clone().quote_premium(request).await.unwrap().into_inner().collections;
    let told: Vec<_> = found.iter().map(|it| (it.code.as_str(), it.collector, it.desk, it.rule_id.as_str())).collect();
    let (tax, agency) = (Office::Tax.to_wire(), Office::SocialInsurance.to_wire());
    let (township, centre) = (Desk::TownshipService.to_wire(), Desk::CitySocialInsuranceCentre.to_wire());
    let expected = [
        ("TOWNSHIP", tax, township, "J-3.3.2-a"),
        ("VILLAGE", tax, township, "J-3.3.2-b"),
        ("DEDUCTION", agency, centre, "J-3.3.4-a"),
    ];
    assert_eq!(told, expected);
    assert_eq!((found[0].methods.len(), found[0].methods_rule_id.as_str()), (5, "J-3.3.6-a"));
    assert_eq!(found[1].methods, [PaymentMethod::BankInquiryVoucher.to_wire()]);

    suite.people.add_identity(RESIDENT, Identity::SevereDisability);
    let request = pb::QuotePremiumRequest { subject: Some(enrolled()), ..Default::default() };
    let free = suite.client.clone().quote_premium(request).await.unwrap().into_inner().collections;
    assert!(free.iter().all(|it| it.methods == [PaymentMethod::GovernmentSubsidy.to_wire()]));
    assert_eq!(free.len(), 2);
}
