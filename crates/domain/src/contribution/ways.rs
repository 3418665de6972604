//! Whether a premium was paid in a way that the law allows, with the papers that the way asks for (J-3.3.6-a and its
//! points, J-3.3.5-a). A document that prints no ways refuses none.

use super::codes::{Bank, Login, PaymentPaper, QrSource};
use super::collection::{Payee, maybe_of_person, maybe_of_unit};
use super::params::{PaymentParams, WayRule};
use crate::codes::PaymentMethod;
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal, Refusals};

/// What is told of a payment beside its method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Bank whose counter took it.
    pub bank: Option<Bank>,
    /// Paper that was presented.
    pub paper: Option<PaymentPaper>,
    /// Number of that paper.
    pub paper_number: Option<String>,
    /// How the payer entered the electronic tax office.
    pub login: Option<Login>,
    /// Where the QR code was taken from.
    pub qr_source: Option<QrSource>,
}

/// Checks the way of one person's payment. Subsidies, deductions and prepayments have rules of their own.
///
/// # Errors
/// `UNKNOWN_ENUM` for a method that is not open to the payer (J-3.3.6-a, J-3.3.1-c) or a bank without agreement
/// (J-3.3.6.1-b); `EVIDENCE_NOT_ACCEPTED` without a paper of the way (J-3.3.6.1-a, J-3.3.5-a); `ORDER_VIOLATION` before
/// the form or the assessment (J-3.3.6.5-a, J-3.3.5-a); `CHANNEL_MISMATCH` for another login (J-3.3.6.3-a);
/// `REQUIRED_FIELD_MISSING`; `VALUE_NOT_ALLOWED` for what belongs to another way.
pub fn check(method: PaymentMethod, way: &Way, payee: Payee, params: &PaymentParams) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    refusals.keep(belongs(method, way));
    let Some(alone) = &params.methods else { return refusals.into_result() };
    let unit = maybe_of_unit(payee, params);
    let (open, rule_id) = match unit {
        Some(unit) => (&unit.methods, &unit.reference.rule_id),
        None => (&alone.value, &alone.reference.rule_id),
    };
    if !open.contains(&method) {
        let allowed = open.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(",");
        let refusal = Refusal::new(Reason::UnknownEnum, format!("{method} is not open here; {allowed} are"));
        refusals.push(refusal.at("method").with("allowed", allowed).by(rule_id.clone()));
        return refusals.into_result();
    }
    if let Some(rule) = params.ways.get(&method) {
        refusals.keep(asks(rule, way));
    }
    if method == PaymentMethod::BankCounter {
        refusals.keep(bank(way, params));
    }
    if unit.is_none() {
        refusals.keep(assessed(way, payee, params));
    }
    refusals.into_result()
}

/// What belongs to one way is not told of another.
fn belongs(method: PaymentMethod, way: &Way) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let other = [
        ("way.login", way.login.is_some(), PaymentMethod::WebTaxOffice),
        ("way.qr_source", way.qr_source.is_some(), PaymentMethod::QrCode),
    ];
    for (field, given, of) in other {
        if given && method != of {
            refusals.push(Refusal::new(Reason::ValueNotAllowed, format!("{field} belongs to {of}")).at(field));
        }
    }
    if way.paper_number.is_some() && way.paper.is_none() {
        let refusal = Refusal::new(Reason::RequiredFieldMissing, "the number is of which paper?");
        refusals.push(refusal.at("way.paper"));
    }
    refusals.into_result()
}

fn asks(rule: &Effective<WayRule>, way: &Way) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let rule_id = &rule.reference.rule_id;
    if !rule.papers.is_empty() && !way.paper.is_some_and(|paper| rule.papers.contains(&paper)) {
        refusals.push(not_presented(&rule.papers).by(rule_id.clone()));
    }
    if let Some(form) = rule.after {
        let issued = way.paper == Some(form) && way.paper_number.is_some();
        if !issued {
            let detail = format!("{form} is issued first; give it as the paper, with its number");
            let refusal = Refusal::new(Reason::OrderViolation, detail).at("way.paper_number");
            refusals.push(refusal.with("needed", form).by(rule_id.clone()));
        }
    }
    match way.login {
        _ if rule.logins.is_empty() => {}
        None => refusals.push(missing("way.login").by(rule_id.clone())),
        Some(login) if !rule.logins.contains(&login) => {
            let allowed = rule.logins.iter().map(|login| login.as_str()).collect::<Vec<_>>().join(",");
            let detail = format!("premiums of residents are paid after a login as {allowed}, not as {login}");
            let refusal = Refusal::new(Reason::ChannelMismatch, detail).at("way.login");
            refusals.push(refusal.with("allowed", allowed).by(rule_id.clone()));
        }
        Some(_) => {}
    }
    if !rule.qr_sources.is_empty() {
        match way.qr_source {
            None => refusals.push(missing("way.qr_source").by(rule_id.clone())),
            Some(source) if !rule.qr_sources.contains(&source) => {
                let detail = format!("a code taken from {source} pays no premium");
                refusals.push(Refusal::new(Reason::UnknownEnum, detail).at("way.qr_source").by(rule_id.clone()));
            }
            Some(_) => {}
        }
    }
    refusals.into_result()
}

fn missing(field: &'static str) -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, format!("{field} is required for this way of payment")).at(field)
}

fn not_presented(papers: &[PaymentPaper]) -> Refusal {
    let accepted = papers.iter().map(|paper| paper.as_str()).collect::<Vec<_>>().join(",");
    Refusal::new(Reason::EvidenceNotAccepted, format!("one of {accepted} is presented"))
        .at("way.paper")
        .with("accepted", accepted)
}

/// The counter of a bank by agreement (J-3.3.6.1-b).
fn bank(way: &Way, params: &PaymentParams) -> Result<(), Refusal> {
    let Some(banks) = &params.banks else { return Ok(()) };
    match way.bank {
        None => Err(missing("way.bank").by(banks.reference.rule_id.clone())),
        Some(bank) if !banks.contains(&bank) => {
            let detail = format!("{bank} has no agreement");
            Err(Refusal::new(Reason::UnknownEnum, detail).at("way.bank").by(banks.reference.rule_id.clone()))
        }
        Some(_) => Ok(()),
    }
}

/// An interrupted employee pays with what the tax hall issued when it assessed the amount (J-3.3.5-a). Elsewhere the
/// township prints a notice (J-3.3.2-a), which only the ways that ask for it need.
fn assessed(way: &Way, payee: Payee, params: &PaymentParams) -> Result<(), Refusal> {
    let Some(rule) = maybe_of_person(payee, params).filter(|rule| rule.desk == Some(crate::codes::Desk::TaxHall))
    else {
        return Ok(());
    };
    let accepted = rule.papers.iter().map(|paper| paper.as_str()).collect::<Vec<_>>().join(",");
    match way.paper {
        Some(paper) if rule.papers.contains(&paper) => Ok(()),
        Some(_) => Err(not_presented(&rule.papers).by(rule.reference.rule_id.clone())),
        None => {
            let detail = format!("the tax hall assesses first and issues one of {accepted}");
            let refusal = Refusal::new(Reason::OrderViolation, detail).at("way.paper").with("needed", accepted);
            Err(refusal.by(rule.reference.rule_id.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::ways_2021;
    use super::*;
    use crate::codes::{Category, Class};

    const FARMER: Payee = Payee { category: Category::RuralResident, class: Class::Adult, of_unit: false, owes: true };
    const PUPIL: Payee =
        Payee { category: Category::SchoolStudent, class: Class::StudentChild, of_unit: true, owes: true };
    const EMPLOYEE: Payee = Payee { category: Category::InterruptedEmployee, ..FARMER };

    fn counter() -> Way {
        let paper = Some(PaymentPaper::PaymentNotice);
        Way { bank: Some(Bank::BankOfTianjin), paper, ..Way::default() }
    }

    fn with(paper: PaymentPaper) -> Way {
        Way { paper: Some(paper), ..Way::default() }
    }

    fn check_2021(method: PaymentMethod, way: &Way, payee: Payee) -> Vec<(Reason, String)> {
        let refusals = check(method, way, payee, &ways_2021()).err().unwrap_or_default().0;
        let found = refusals.iter().map(|it| (it.reason, it.rule_id.as_deref().unwrap_or_default().to_owned()));
        found.collect()
    }

    fn refused(reason: Reason, rule_id: &str) -> Vec<(Reason, String)> {
        vec![(reason, rule_id.to_owned())]
    }

    /// J-3.3.6-a: five ways for a person, J-3.3.1-c: two for a unit.
    #[test]
    fn a_person_has_five_ways_and_a_unit_two() {
        let unknown = refused(Reason::UnknownEnum, "J-3.3.6-a");
        assert_eq!(check_2021(PaymentMethod::AuthorisedTransfer, &Way::default(), FARMER), unknown);
        assert_eq!(check_2021(PaymentMethod::BankInquiryVoucher, &Way::default(), FARMER), unknown);
        for method in [PaymentMethod::AuthorisedTransfer, PaymentMethod::BankInquiryVoucher] {
            assert_eq!(check_2021(method, &Way::default(), PUPIL), []);
        }
        let unknown = refused(Reason::UnknownEnum, "J-3.3.1-c");
        assert_eq!(check_2021(PaymentMethod::MobileApp, &Way::default(), PUPIL), unknown);
        let at_home = Payee { of_unit: false, ..PUPIL };
        assert_eq!(check_2021(PaymentMethod::MobileApp, &Way::default(), at_home), []);
    }

    /// J-3.3.6.1-a: one of the two papers.
    #[test]
    fn a_counter_asks_for_a_paper() {
        let counters = PaymentMethod::BankCounter;
        assert_eq!(check_2021(counters, &counter(), FARMER), []);
        let voucher = Way { paper: Some(PaymentPaper::BankInquiryVoucher), ..counter() };
        assert_eq!(check_2021(counters, &voucher, FARMER), []);
        let not_accepted = refused(Reason::EvidenceNotAccepted, "J-3.3.6.1-a");
        for paper in [None, Some(PaymentPaper::CashTaxForm)] {
            assert_eq!(check_2021(counters, &Way { paper, ..counter() }, FARMER), not_accepted);
        }
    }

    /// J-3.3.6.1-b: sixteen banks, and no other.
    #[test]
    fn a_counter_is_that_of_a_bank_by_agreement() {
        assert_eq!(Bank::ALL.len(), 16);
        for bank in Bank::ALL {
            assert_eq!(check_2021(PaymentMethod::BankCounter, &Way { bank: Some(*bank), ..counter() }, FARMER), []);
        }
        let unnamed = Way { bank: None, ..counter() };
        let missing = refused(Reason::RequiredFieldMissing, "J-3.3.6.1-b");
        assert_eq!(check_2021(PaymentMethod::BankCounter, &unnamed, FARMER), missing);
        let mut fewer = ways_2021();
        fewer.banks.as_mut().unwrap().value.retain(|bank| *bank != Bank::BankOfTianjin);
        let refusals = check(PaymentMethod::BankCounter, &counter(), FARMER, &fewer).unwrap_err();
        assert_eq!(refusals.0[0].reason, Reason::UnknownEnum);
    }

    /// J-3.3.6.2-a: the app asks for nothing more.
    #[test]
    fn the_app_is_self_service() {
        assert_eq!(check_2021(PaymentMethod::MobileApp, &Way::default(), FARMER), []);
        let stray = Way { login: Some(Login::Unit), qr_source: Some(QrSource::TaxHall), ..Way::default() };
        let refusals = check(PaymentMethod::MobileApp, &stray, FARMER, &ways_2021()).unwrap_err();
        assert!(refusals.0.iter().all(|refusal| refusal.reason == Reason::ValueNotAllowed));
        assert_eq!(refusals.0.len(), 2);
    }

    /// J-3.3.6.3-a: as a natural person.
    #[test]
    fn the_web_office_is_entered_as_a_natural_person() {
        let by = |login| Way { login, ..Way::default() };
        let web = PaymentMethod::WebTaxOffice;
        assert_eq!(check_2021(web, &by(Some(Login::NaturalPerson)), FARMER), []);
        assert_eq!(check_2021(web, &by(Some(Login::Unit)), FARMER), refused(Reason::ChannelMismatch, "J-3.3.6.3-a"));
        assert_eq!(check_2021(web, &by(None), FARMER), refused(Reason::RequiredFieldMissing, "J-3.3.6.3-a"));
    }

    /// J-3.3.6.4-a: posted at a township or a tax hall, or on the notice.
    #[test]
    fn a_code_has_a_source() {
        for source in QrSource::ALL {
            let way = Way { qr_source: Some(*source), ..Way::default() };
            assert_eq!(check_2021(PaymentMethod::QrCode, &way, FARMER), []);
        }
        let missing = refused(Reason::RequiredFieldMissing, "J-3.3.6.4-a");
        assert_eq!(check_2021(PaymentMethod::QrCode, &Way::default(), FARMER), missing);
    }

    /// J-3.3.6.5-a: the form first.
    #[test]
    fn a_card_pays_after_the_form_is_issued() {
        let form = with(PaymentPaper::CashTaxForm);
        let numbered = Way { paper_number: Some("F-1".to_owned()), ..form.clone() };
        assert_eq!(check_2021(PaymentMethod::PosCard, &numbered, FARMER), []);
        let too_early = refused(Reason::OrderViolation, "J-3.3.6.5-a");
        for way in [Way::default(), form, Way { paper: Some(PaymentPaper::PaymentNotice), ..numbered }] {
            assert_eq!(check_2021(PaymentMethod::PosCard, &way, FARMER), too_early);
        }
    }

    /// J-3.3.5-a: what the tax hall issued.
    #[test]
    fn an_interrupted_employee_pays_with_the_paper_of_the_tax_hall() {
        let app = PaymentMethod::MobileApp;
        for paper in [PaymentPaper::PaymentNotice, PaymentPaper::CashTaxForm] {
            assert_eq!(check_2021(app, &with(paper), EMPLOYEE), []);
        }
        assert_eq!(check_2021(app, &Way::default(), EMPLOYEE), refused(Reason::OrderViolation, "J-3.3.5-a"));
        let voucher = with(PaymentPaper::BankInquiryVoucher);
        assert_eq!(check_2021(app, &voucher, EMPLOYEE), refused(Reason::EvidenceNotAccepted, "J-3.3.5-a"));
    }

    /// The plan of 2017 prints no ways: none is refused, and no paper demanded.
    #[test]
    fn a_document_without_ways_refuses_none() {
        let law = PaymentParams::default();
        for method in [PaymentMethod::BankCounter, PaymentMethod::PosCard, PaymentMethod::AuthorisedTransfer] {
            for payee in [FARMER, PUPIL, EMPLOYEE] {
                assert_eq!(check(method, &Way::default(), payee, &law), Ok(()));
            }
        }
    }
}
