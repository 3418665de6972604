//! Papers on which people pay: the township's notice (J-3.3.2-a), the papers of the tax hall for interrupted employees
//! (J-3.3.5-a), and its cash form for everybody who pays by card (J-3.3.6.5-a).

use super::codes::PaymentPaper;
use super::collection::{Payee, maybe_of_person, maybe_of_unit};
use super::params::PaymentParams;
use super::ways::Way;
use crate::codes::{Category, Office, PaymentMethod};
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::registry::authority;

/// A paper that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NoticeRequest {
    /// Who issues it.
    pub office: Office,
    /// Kind of paper.
    pub paper: PaymentPaper,
    /// For whom.
    pub payee: Payee,
}

/// Checks that the office issues this paper to a registered person who pays alone, and gives the clause.
///
/// # Errors
/// `CHANNEL_MISMATCH` for who is declared by an institution (J-3.3.1-b), and where nothing is due (J-2.3-j);
/// `ROLE_NOT_ALLOWED` for special persons, whom their authority declares (J-3.3.1-e), and for a paper of another desk;
/// `UNKNOWN_ENUM` for a paper that nobody issues to the person; `RULE_NOT_DEFINED` where none is printed (2017).
pub fn check(request: &NoticeRequest, params: &PaymentParams) -> Result<String, Refusals> {
    let NoticeRequest { office, paper, payee } = *request;
    require_alone(payee, params)?;
    let of_desk = maybe_of_person(payee, params).into_iter().flat_map(|rule| {
        let offices = rule.desk.map(authority::at).unwrap_or_default();
        rule.papers.iter().map(move |paper| (*paper, offices, &rule.reference.rule_id))
    });
    let before_a_way = params
        .ways
        .values()
        .filter_map(|way| way.after.map(|paper| (paper, [Office::Tax].as_slice(), &way.reference.rule_id)));
    let papers: Vec<_> = of_desk.chain(before_a_way).collect();
    let Some((_, offices, rule_id)) = papers.iter().find(|(issued, ..)| *issued == paper) else {
        let allowed = papers.iter().map(|(paper, ..)| paper.as_str()).collect::<Vec<_>>().join(",");
        let refusal = Refusal::new(Reason::UnknownEnum, format!("{paper} is not issued here; {allowed} are"));
        return Err(refusal.at("kind").with("allowed", allowed).by("J-3.3.2-a").into());
    };
    let mut refusals = Refusals::default();
    if !offices.contains(&office) && office != Office::System {
        let allowed = offices.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(",");
        let refusal = Refusal::new(Reason::RoleNotAllowed, format!("{paper} is issued to the person by {allowed}"));
        refusals.push(refusal.with("office", office).with("allowed", allowed).by((*rule_id).clone()));
    }
    if !payee.owes {
        let detail = "the government pays the whole premium; nothing is left to pay on a notice";
        refusals.push(Refusal::new(Reason::ChannelMismatch, detail).at("enrolment_id").by("J-2.3-j"));
    }
    refusals.into_result()?;
    Ok(rule_id.to_string())
}

/// Who is declared by others pays on no paper.
fn require_alone(payee: Payee, params: &PaymentParams) -> Result<(), Refusal> {
    if params.methods.is_none() {
        return Err(Refusal::new(Reason::RuleNotDefined, "the document prints no paper").at("kind").by("B-7.3.2-a"));
    }
    if maybe_of_unit(payee, params).is_some() {
        let detail = format!("{} is declared by the institution; nobody of them pays on a notice", payee.category);
        return Err(Refusal::new(Reason::ChannelMismatch, detail).at("enrolment_id").by("J-3.3.1-b"));
    }
    if payee.category == Category::SpecialPerson {
        let detail = "special persons are declared by their authority";
        return Err(Refusal::new(Reason::RoleNotAllowed, detail).at("enrolment_id").by("J-3.3.1-e"));
    }
    Ok(())
}

/// A paper that was issued.
#[derive(Clone, Copy, Debug)]
pub struct Issued {
    /// Kind of paper.
    pub paper: PaymentPaper,
    /// What is to be paid on it.
    pub payable: Fen,
    /// True when it was issued for the enrolment that is paid.
    pub own: bool,
}

/// Checks the number of a notice or a cash form with which somebody paid; the bank's inquiry voucher is known to the bank
/// alone. `issued` is the paper with that number.
///
/// # Errors
/// `ORDER_VIOLATION` where the way of payment comes after a form that was never issued (J-3.3.6.5-a);
/// `EVIDENCE_NOT_ACCEPTED` for a number that stands on no paper of this enrolment, kind and amount.
pub fn check_presented(
    method: PaymentMethod,
    way: &Way,
    payable: Fen,
    issued: Option<Issued>,
    params: &PaymentParams,
) -> Result<(), Refusal> {
    let paper = match (way.paper, &way.paper_number) {
        (Some(paper @ (PaymentPaper::PaymentNotice | PaymentPaper::CashTaxForm)), Some(_)) => paper,
        _ => return Ok(()),
    };
    if params.methods.is_none() || issued.is_some_and(|it| it.own && it.paper == paper && it.payable == payable) {
        return Ok(());
    }
    let rule = params.ways.get(&method);
    let refusal = match (rule.and_then(|rule| rule.after), issued) {
        (Some(form), None) => {
            let detail = format!("{form} is issued first; none has this number");
            Refusal::new(Reason::OrderViolation, detail).with("needed", form)
        }
        _ => {
            let detail = format!("no {paper} with this number was issued for this enrolment and amount");
            Refusal::new(Reason::EvidenceNotAccepted, detail)
        }
    };
    Err(refusal.at("way.paper_number").by(rule.map_or("J-3.3.6-a".into(), |rule| rule.reference.rule_id.clone())))
}

/// Checks the number of a cash tax form, which is printed on it; a notice gets its number when it is issued.
///
/// # Errors
/// `REQUIRED_FIELD_MISSING`, `VALUE_NOT_ALLOWED`.
pub fn check_number(paper: PaymentPaper, form_number: &str) -> Result<(), Refusal> {
    let (reason, detail) = match (paper, form_number.is_empty()) {
        (PaymentPaper::CashTaxForm, true) => (Reason::RequiredFieldMissing, "form_number stands on the cash tax form"),
        (PaymentPaper::PaymentNotice, false) => (Reason::ValueNotAllowed, "a notice gets its number when it is issued"),
        _ => return Ok(()),
    };
    Err(Refusal::new(reason, detail).at("form_number").by("J-3.3.5-a"))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::ways_2021;
    use super::*;
    use crate::codes::Class;

    const NOTICE: PaymentPaper = PaymentPaper::PaymentNotice;
    const FORM: PaymentPaper = PaymentPaper::CashTaxForm;
    const FARMER: Payee = Payee { category: Category::RuralResident, class: Class::Adult, of_unit: false, owes: true };

    fn issues(office: Office, paper: PaymentPaper, payee: Payee) -> Result<String, Vec<(Reason, Option<String>)>> {
        check(&NoticeRequest { office, paper, payee }, &ways_2021()).map_err(|refusals| {
            refusals.0.into_iter().map(|refusal| (refusal.reason, refusal.rule_id.map(String::from))).collect()
        })
    }

    fn refused<T>(reason: Reason, rule_id: &str) -> Result<T, Vec<(Reason, Option<String>)>> {
        Err(vec![(reason, Some(rule_id.to_owned()))])
    }

    fn by(rule_id: &str) -> Result<String, Vec<(Reason, Option<String>)>> {
        Ok(rule_id.to_owned())
    }

    /// J-3.3.2-a: the township's notice for its residents; J-3.3.6.5-a: the cash form is the tax hall's.
    #[test]
    fn a_township_issues_notices_to_residents() {
        for category in [Category::RuralResident, Category::UrbanResident, Category::Newborn] {
            assert_eq!(issues(Office::Township, NOTICE, Payee { category, ..FARMER }), by("J-3.3.2-a"));
            assert_eq!(issues(Office::Tax, FORM, Payee { category, ..FARMER }), by("J-3.3.6.5-a"));
        }
        assert_eq!(issues(Office::Tax, NOTICE, FARMER), refused(Reason::RoleNotAllowed, "J-3.3.2-a"));
        assert_eq!(issues(Office::Township, FORM, FARMER), refused(Reason::RoleNotAllowed, "J-3.3.6.5-a"));
        let voucher = PaymentPaper::BankInquiryVoucher;
        assert_eq!(issues(Office::Township, voucher, FARMER), refused(Reason::UnknownEnum, "J-3.3.2-a"));
        let free = Payee { owes: false, ..FARMER };
        assert_eq!(issues(Office::Township, NOTICE, free), refused(Reason::ChannelMismatch, "J-2.3-j"));
    }

    /// J-3.3.5-a: the tax hall issues a notice or a cash form to interrupted employees.
    #[test]
    fn the_tax_hall_issues_papers_to_interrupted_employees() {
        let employee = Payee { category: Category::InterruptedEmployee, ..FARMER };
        for paper in [NOTICE, FORM] {
            assert_eq!(issues(Office::Tax, paper, employee), by("J-3.3.5-a"));
        }
        assert_eq!(issues(Office::Township, NOTICE, employee), refused(Reason::RoleNotAllowed, "J-3.3.5-a"));
        assert!(check_number(FORM, "").is_err() && check_number(NOTICE, "1").is_err());
        assert!(check_number(FORM, "1").is_ok() && check_number(NOTICE, "").is_ok());
    }

    /// J-3.3.1-b, J-3.3.1-e: institutions and authorities declare.
    #[test]
    fn who_is_declared_by_others_gets_no_notice() {
        let pupil = Payee { category: Category::SchoolStudent, class: Class::StudentChild, of_unit: true, owes: true };
        let special = Payee { category: Category::SpecialPerson, ..FARMER };
        for (office, paper) in [(Office::Township, NOTICE), (Office::Tax, FORM)] {
            assert_eq!(issues(office, paper, pupil), refused(Reason::ChannelMismatch, "J-3.3.1-b"));
            assert_eq!(issues(office, paper, special), refused(Reason::RoleNotAllowed, "J-3.3.1-e"));
        }
    }

    /// J-3.3.6.5-a, J-3.3.6.1-a: what is presented was issued, for this enrolment, in this kind and over this amount.
    #[test]
    fn a_paper_that_is_named_was_issued() {
        let way = |paper| Way { paper: Some(paper), paper_number: Some("1".to_owned()), ..Way::default() };
        let presented = |method, paper, issued| {
            check_presented(method, &way(paper), Fen::yuan(560), issued, &ways_2021()).map_err(|refusal| refusal.reason)
        };
        let (card, counter) = (PaymentMethod::PosCard, PaymentMethod::BankCounter);
        let of = |paper| Issued { paper, payable: Fen::yuan(560), own: true };
        assert_eq!(presented(card, FORM, Some(of(FORM))), Ok(()));
        assert_eq!(presented(counter, NOTICE, Some(of(NOTICE))), Ok(()));
        assert_eq!(presented(counter, PaymentPaper::BankInquiryVoucher, None), Ok(()));
        assert_eq!(presented(card, FORM, None), Err(Reason::OrderViolation));
        assert_eq!(presented(counter, NOTICE, None), Err(Reason::EvidenceNotAccepted));
        let others = [of(NOTICE), Issued { payable: Fen::yuan(910), ..of(FORM) }, Issued { own: false, ..of(FORM) }];
        for other in others {
            assert_eq!(presented(card, FORM, Some(other)), Err(Reason::EvidenceNotAccepted));
        }
        let unnumbered = Way { paper_number: None, ..way(NOTICE) };
        assert_eq!(check_presented(counter, &unnumbered, Fen::yuan(560), None, &ways_2021()), Ok(()));
    }

    /// The plan of 2017 prints no paper, and asks for none.
    #[test]
    fn no_paper_is_printed_for_2017() {
        let law = PaymentParams::default();
        let request = NoticeRequest { office: Office::Township, paper: NOTICE, payee: FARMER };
        assert!(check(&request, &law).unwrap_err().has(Reason::RuleNotDefined));
        let way = Way { paper: Some(FORM), paper_number: Some("1".to_owned()), ..Way::default() };
        assert_eq!(check_presented(PaymentMethod::PosCard, &way, Fen::yuan(380), None, &law), Ok(()));
    }
}
