//! Accounts through the generated client.

use juyi_domain::codes::{Class, District, Identity, Office, Payer, PaymentMethod, RefundState, Tier};
use juyi_domain::contribution::declaration::DeclarationState;
use juyi_domain::contribution::declaration::line::Amounts;
use juyi_domain::contribution::prepayment::Term;
use juyi_domain::contribution::refund::Ground;
use juyi_domain::id::{DeclarationId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Receipt, Step};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};
use tonic::Status;

use crate::reconciliation::tests::suite::{JINGHAI, Suite, by, reasons, row};
use crate::store::declaration_lines::{self, Counted};
use crate::store::payments::{self, Payment, Refunded};
use crate::store::prepayments::{self, Prepayment};
use crate::store::refund_steps::{self, RefundStep};
use crate::store::refunds::{self, Refund};

async fn account(suite: &Suite, resident_id: ResidentId) -> Result<pb::Account, Status> {
    let request = pb::GetAccountRequest { resident_id: resident_id.to_string(), policy_year: 2021 };
    let reply = by(Office::Tax, JINGHAI, suite.accounts.clone().get_account(request)).await?;
    Ok(reply.into_inner().account.unwrap())
}

/// Lines in words: kind, payer, yuan, rule.
fn lines(enrolment: &pb::AccountEnrolment) -> Vec<String> {
    let line = |line: &pb::AccountLine| {
        let kind = line.kind().as_str_name().trim_start_matches("ACCOUNT_LINE_KIND_");
        let payer = line.payer().as_str_name().trim_start_matches("PAYER_");
        format!("{kind} {payer} {} {}", line.amount_fen / 100, line.rule_id)
    };
    enrolment.lines.iter().map(line).collect()
}

/// Of every payer, the lines come to the balance, and the balance to what is outstanding.
fn adds_up(account: &pb::Account) -> bool {
    let lines = || account.enrolments.iter().flat_map(|enrolment| &enrolment.lines);
    let sum = |payer: i32, kinds: [pb::AccountLineKind; 2]| -> i64 {
        lines().filter(|line| line.payer == payer && kinds.contains(&line.kind())).map(|line| line.amount_fen).sum()
    };
    let person = account.balances.iter().find(|balance| balance.payer == Payer::Person.to_wire());
    account.outstanding_fen == person.map_or(0, |balance| balance.outstanding_fen)
        && lines().all(|line| account.balances.iter().any(|balance| balance.payer == line.payer))
        && account.balances.iter().all(|balance| {
            use pb::AccountLineKind::{Charge, ChargeReversed, Credit, CreditReversed};
            let (charged, credited) =
                (sum(balance.payer, [Charge, ChargeReversed]), sum(balance.payer, [Credit, CreditReversed]));
            (charged, credited, charged - credited)
                == (balance.charged_fen, balance.credited_fen, balance.outstanding_fen)
        })
}

/// J-3.1-a, J-3.1-b, J-3.3.6-a: 560.00 are due until the last day of the window, and late until 30 June.
#[tokio::test]
async fn who_has_not_paid_learns_until_when_and_how() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let (resident, enrolment) = (suite.context.id(), suite.context.id());
    suite.enrol(resident, enrolment);
    suite.clock.set_day("2020-12-01");
    let found = account(&suite, resident).await.unwrap();
    let unpaid = &found.enrolments[0];
    assert_eq!((found.outstanding_fen, unpaid.state()), (56_000, pb::AccountState::Unpaid));
    assert_eq!(lines(unpaid), ["CHARGE PERSON 560 J-2.1-c"]);
    let due = unpaid.due.as_ref().unwrap();
    let days: Vec<_> = due.days.iter().map(|days| (days.end_date.as_str(), days.rule_id.as_str())).collect();
    assert_eq!(days, [("2020-12-31", "J-4.1-a"), ("2021-06-30", "J-4.1.1-b")]);
    assert_eq!((due.amount_fen, due.days[0].start_date.as_str()), (56_000, "2020-12-01"));
    assert!(due.methods.contains(&PaymentMethod::MobileApp.to_wire()));
    assert!(adds_up(&found));

    suite.clock.set_day("2021-07-01");
    let late = account(&suite, resident).await.unwrap();
    assert!(late.enrolments[0].due.as_ref().unwrap().days.is_empty());

    suite.people.add_identity(&resident.to_string(), Identity::SevereDisability);
    let subsidised = account(&suite, resident).await.unwrap();
    assert_eq!(subsidised.outstanding_fen, 0);
    assert_eq!(lines(&subsidised.enrolments[0]), ["CHARGE PREMIUM_SUBSIDY 560 J-2.3-a"]);
    assert_eq!(subsidised.enrolments[0].lines[0].subsidy_ground, "SEVERELY_DISABLED");
    let methods = &subsidised.enrolments[0].due.as_ref().unwrap().methods;
    assert_eq!(methods, &[PaymentMethod::GovernmentSubsidy.to_wire()]);
}

/// J-3.3.1-c: who waits for the payment of a declaration is told so, as nobody pays beside it.
#[tokio::test]
async fn what_is_due_names_the_declaration_that_waits() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let (resident, enrolment) = (suite.context.id(), suite.context.id());
        suite.enrol(resident, enrolment);
        let due = async || account(&suite, resident).await.unwrap().enrolments[0].due.clone().unwrap();
        assert_eq!(due().await.declaration_id, "", "{}", on.kind);
        let declaration: DeclarationId = suite.context.id();
        let amounts = Amounts { personal: Fen::yuan(560), subsidy: Fen::ZERO, payable: Fen::yuan(560), prepaid: false };
        let counted = Counted {
            resident_id: resident,
            enrolment_id: enrolment,
            class: Class::Adult,
            tier: Tier::Middle,
            amounts,
            subsidy_ground: None,
        };
        let mut session = suite.database.begin().await.unwrap();
        declaration_lines::begin(&mut session, declaration, "", &[counted]).await.unwrap();
        declaration_lines::declare_rest(&mut session, declaration, "").await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(due().await.declaration_id, declaration.to_string(), "{}", on.kind);
    }
}

/// J-3.5-a, J-3.5-b: paid, refunded and paid again; every entry stays.
#[tokio::test]
async fn payments_and_reversals_all_show() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let first = suite.payment("V-1");
        suite.enrol(first.resident_id, first.enrolment_id);
        suite.book(&first).await;
        let paid = account(&suite, first.resident_id).await.unwrap();
        assert_eq!((paid.outstanding_fen, paid.enrolments[0].state()), (0, pb::AccountState::Paid), "{}", on.kind);
        let credit = &paid.enrolments[0].lines[1];
        let facts = (credit.voucher_number.as_str(), credit.booked_date.as_str(), credit.method);
        assert_eq!(facts, ("V-1", "2020-11-12", PaymentMethod::MobileApp.to_wire()), "{}", on.kind);
        assert!(adds_up(&paid) && paid.enrolments[0].due.is_none(), "{}", on.kind);

        let refund = suite.refund(&first, "2020-12-01").await;
        let refunded = account(&suite, first.resident_id).await.unwrap();
        assert_eq!(refunded.outstanding_fen, -56_000, "{}", on.kind);
        assert_eq!(refunded.enrolments[0].state(), pb::AccountState::Refunded, "{}", on.kind);
        assert!(adds_up(&refunded), "{}", on.kind);

        let again = Payment {
            id: suite.context.id(),
            voucher_number: "V-2".to_owned(),
            paid_on: "2020-12-20".parse().unwrap(),
            ..first.clone()
        };
        suite.book(&again).await;
        let found = account(&suite, first.resident_id).await.unwrap();
        let expected = [
            "CHARGE PERSON 560 J-2.1-c",
            "CREDIT PERSON 560 J-2.1-c",
            "CHARGE_REVERSED PERSON -560 J-3.5-b",
            "CHARGE PERSON 560 J-2.1-c",
            "CREDIT PERSON 560 J-2.1-c",
        ];
        assert_eq!(lines(&found.enrolments[0]), expected, "{}", on.kind);
        assert_eq!(found.enrolments[0].lines[2].refund_id, refund.to_string(), "{}", on.kind);
        assert_eq!(found.enrolments[0].state(), pb::AccountState::Paid, "{}", on.kind);
        assert!(adds_up(&found), "{}", on.kind);
    }
}

/// J-3.5-a, J-3.5-b: accepted the payment counts, verified the money is owed, paid back nothing is.
#[tokio::test]
async fn a_refund_shows_how_far_it_has_come() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let payment = suite.payment("V-1");
        suite.enrol(payment.resident_id, payment.enrolment_id);
        suite.book(&payment).await;
        let mut receipt = Receipt::default();
        receipt.push(Step::new("J-3.5-a").paying(Payer::Person, Fen::yuan(-560)));
        let mut refund = Refund {
            resident_id: payment.resident_id,
            id: suite.context.id(),
            payment_id: payment.id,
            enrolment_id: payment.enrolment_id,
            policy_year: 2021,
            district: JINGHAI,
            ground: Ground::Withdrawal,
            applied_on: "2020-12-01".parse().unwrap(),
            benefit_start: "2021-01-01".parse().unwrap(),
            refund: Fen::yuan(560),
            receipt,
            state: RefundState::Accepted,
            replacing_payment_id: None,
            recorded_by: payment.recorded_by.clone(),
            created_at: suite.context.now(),
        };
        let mut session = suite.database.begin().await.unwrap();
        refunds::insert(&mut session, &refund).await.unwrap();
        session.commit().await.unwrap();
        let accepted = account(&suite, payment.resident_id).await.unwrap();
        assert_eq!((accepted.outstanding_fen, accepted.enrolments[0].lines.len()), (0, 2), "{}", on.kind);
        assert_eq!(accepted.enrolments[0].refunds[0].state, RefundState::Accepted.to_wire(), "{}", on.kind);

        for (state, day, outstanding) in
            [(RefundState::Verified, "2020-12-02", -56_000), (RefundState::Repaid, "2020-12-09", 0)]
        {
            let on_day: chrono::NaiveDate = day.parse().unwrap();
            let from = refund.state;
            refund.state = state;
            let mut session = suite.database.begin().await.unwrap();
            refunds::update(&mut session, &refund, from).await.unwrap();
            let step = RefundStep {
                state,
                on: on_day,
                reason: String::new(),
                voucher_number: (state == RefundState::Repaid).then(|| "R-1".to_owned()),
                decided: None,
                recorded_by: payment.recorded_by.clone(),
                created_at: suite.context.now(),
            };
            refund_steps::insert(&mut session, refund.resident_id, refund.id, &step).await.unwrap();
            if state == RefundState::Verified {
                let reversed = Refunded { id: refund.id, on: on_day };
                assert!(payments::refund(&mut session, payment.resident_id, payment.id, reversed).await.unwrap());
            }
            session.commit().await.unwrap();
            let found = account(&suite, payment.resident_id).await.unwrap();
            assert_eq!(found.outstanding_fen, outstanding, "{} {state}", on.kind);
            assert!(adds_up(&found), "{} {state}", on.kind);
            let shown = &found.enrolments[0].refunds[0];
            assert_eq!((shown.state, shown.verification_date.as_str()), (state.to_wire(), "2020-12-02"), "{}", on.kind);
            assert_eq!(found.enrolments[0].lines.last().unwrap().rule_id, "J-3.5-a", "{}", on.kind);
        }
    }
}

#[tokio::test]
async fn an_account_is_of_one_year_and_seen_in_its_district() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let (resident, enrolment) = (suite.context.id(), suite.context.id());
    assert_eq!(reasons(account(&suite, resident).await), "PERSON_NOT_FOUND");
    suite.enrol(resident, enrolment);
    let request = |policy_year| pb::GetAccountRequest { resident_id: resident.to_string(), policy_year };
    let mut client = suite.accounts.clone();
    let other_year = by(Office::Tax, JINGHAI, client.get_account(request(2017))).await.unwrap();
    assert!(other_year.into_inner().account.unwrap().enrolments.is_empty());
    let elsewhere = by(Office::Tax, District::Nankai, client.get_account(request(2021))).await;
    assert_eq!(reasons(elsewhere), "ROLE_NOT_ALLOWED");
    let nothing = by(Office::Tax, JINGHAI, client.get_account(pb::GetAccountRequest::default())).await;
    assert_eq!(reasons(nothing), "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING");
}

/// J-3.3.1-c: one voucher for all; what was refunded of it, and what the tax side has otherwise.
#[tokio::test]
async fn a_unit_sees_its_vouchers_and_what_is_open() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let declaration = suite.context.id();
        let school: Vec<Payment> = (0..3).map(|_| suite.of_unit("U-1", "school", Some(declaration))).collect();
        for payment in &school {
            suite.book(payment).await;
        }
        let mut subsidised = suite.of_unit("U-1", "school", Some(declaration));
        subsidised.amount = Fen::ZERO;
        subsidised.method = PaymentMethod::GovernmentSubsidy;
        subsidised.quote.payable = Fen::ZERO;
        subsidised.quote.subsidy = Fen::yuan(560);
        subsidised.quote.receipt = Receipt::default();
        subsidised.quote.receipt.push(Step::new("J-2.3-l").paying(Payer::PremiumSubsidy, Fen::yuan(560)));
        suite.book(&subsidised).await;
        suite.book(&suite.of_unit("U-2", "nursery", None)).await;
        suite.refund(&school[0], "2020-12-01").await;
        suite.state("S-1", &[]).await.unwrap();

        suite.declare("school", (Fen::yuan(1_680), Fen::yuan(1_120)), DeclarationState::Paid).await;
        suite.declare("school", (Fen::yuan(260), Fen::ZERO), DeclarationState::Declared).await;
        suite.declare("school", (Fen::yuan(260), Fen::ZERO), DeclarationState::Withdrawn).await;
        suite.declare("nursery", (Fen::yuan(260), Fen::ZERO), DeclarationState::Declared).await;
        let request = pb::GetUnitAccountRequest {
            district: JINGHAI.to_string(),
            unit_id: "school".to_owned(),
            policy_year: 2021,
        };
        let mut client = suite.accounts.clone();
        let found = by(Office::Education, JINGHAI, client.get_unit_account(request.clone())).await.unwrap();
        let found = found.into_inner().account.unwrap();
        let sums = [found.declared_fen, found.paid_fen, found.outstanding_fen, found.refunded_fen, found.subsidy_fen];
        assert_eq!(sums, [194_000, 168_000, 26_000, 56_000, 56_000], "{}", on.kind);
        assert_eq!((found.confirmed_fen, found.exception_fen), (112_000, 56_000), "{}", on.kind);
        assert_eq!(found.declared_fen, found.confirmed_fen + found.exception_fen + found.outstanding_fen);
        assert!(!found.has_more_payments, "{}", on.kind);
        assert_eq!((found.open_exceptions, found.open_difference_fen), (1, -168_000), "{}", on.kind);
        assert_eq!(found.payments.len(), 1, "{}", on.kind);
        let payment = &found.payments[0];
        let persons = (payment.persons, payment.refunded_persons, payment.voucher_number.as_str());
        assert_eq!(persons, (4, 1, "U-1"), "{}", on.kind);
        assert_eq!((payment.amount_fen, payment.refunded_fen), (168_000, 56_000), "{}", on.kind);
        assert_eq!(payment.declaration_id, declaration.to_string(), "{}", on.kind);
        let elsewhere = by(Office::Education, District::Nankai, client.get_unit_account(request)).await;
        assert_eq!(reasons(elsewhere), "ROLE_NOT_ALLOWED", "{}", on.kind);
    }
}

/// J-A1.3-k: a year shows the exceptions of its own payments and declarations, not those of the year beside it; one that
/// the tax side alone knows has no year here, and each year shows it.
#[tokio::test]
async fn a_unit_sees_the_open_exceptions_of_the_year() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let declaration = suite.declare("school", (Fen::yuan(560), Fen::yuan(560)), DeclarationState::Paid).await;
        suite.book(&suite.of_unit("U-1", "school", Some(declaration))).await;
        suite.book(&Payment { amount: Fen::yuan(260), ..suite.of_unit("U-2", "school", None) }).await;
        suite.book(&Payment { policy_year: 2017, ..suite.of_unit("U-3", "school", None) }).await;
        let open = async |policy_year| {
            let (district, unit_id) = (JINGHAI.to_string(), "school".to_owned());
            let request = pb::GetUnitAccountRequest { district, unit_id, policy_year };
            let found = by(Office::Education, JINGHAI, suite.accounts.clone().get_unit_account(request)).await.unwrap();
            let found = found.into_inner().account.unwrap();
            (found.open_exceptions, found.open_difference_fen)
        };
        suite.state("S-1", &[]).await.unwrap();
        assert_eq!((open(2021).await, open(2017).await), ((2, -82_000), (1, -56_000)), "{}", on.kind);

        let unknown = Payment { amount: Fen::yuan(10), ..suite.of_unit("U-4", "school", None) };
        suite.state("S-2", &[row(&unknown)]).await.unwrap();
        assert_eq!((open(2021).await, open(2017).await), ((3, -81_000), (2, -55_000)), "{}", on.kind);
    }
}

/// J-3.3.3-a, J-3.3.3-b: what a term took, what its years used, and what is left.
#[tokio::test]
async fn a_prepaid_term_shows_what_is_left_of_it() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let payment = Payment { method: PaymentMethod::Prepayment, ..suite.payment("V-1") };
        suite.enrol(payment.resident_id, payment.enrolment_id);
        let term = Term { first_year: 2020, last_year: 2022, academic_years: 3 };
        let prepaid = Prepayment {
            resident_id: payment.resident_id,
            id: suite.context.id(),
            enrolment_id: None,
            district: payment.district,
            term,
            amount: Fen::yuan(1_680),
            paid_on: payment.paid_on,
            voucher_number: payment.voucher_number.clone(),
            receipt: Receipt::default(),
            recorded_by: payment.recorded_by.clone(),
            created_at: payment.created_at,
        };
        let mut session = suite.database.begin().await.unwrap();
        prepayments::insert(&mut session, &prepaid).await.unwrap();
        session.commit().await.unwrap();
        let unpaid = account(&suite, payment.resident_id).await.unwrap();
        assert_eq!(lines(&unpaid.enrolments[0]), ["CHARGE PERSON 560 J-2.1-c", "CREDIT PERSON 560 J-3.3.3-b"]);
        let due = unpaid.enrolments[0].due.clone().unwrap();
        assert_eq!((due.amount_fen, due.methods), (0, vec![PaymentMethod::Prepayment.to_wire()]), "{}", on.kind);
        let left = unpaid.prepaid.clone().unwrap();
        assert_eq!((left.taken_fen, left.used_fen, left.left_fen), (168_000, 0, 168_000), "{}", on.kind);
        assert!(adds_up(&unpaid) && unpaid.outstanding_fen == 0, "{}", on.kind);

        suite.book(&payment).await;
        let left = account(&suite, payment.resident_id).await.unwrap().prepaid.unwrap();
        assert_eq!((left.taken_fen, left.used_fen, left.left_fen), (168_000, 56_000, 112_000), "{}", on.kind);
    }
}
