//! Papers on which people pay who are declared by no unit: the township's notice (J-3.3.2-a), and the papers of the tax
//! hall for interrupted employees (J-3.3.5-a).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{Category, Office, UnknownCode, codes};
use crate::effective::{Effective, Gap};
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};

codes! {
    /// Kind of paper.
    NoticeKind {
        /// Payment notice (缴费通知单).
        PaymentNotice = "PAYMENT_NOTICE",
        /// Tax form for cash (税收缴款书（税务收现专用）).
        CashTaxForm = "CASH_TAX_FORM",
    }
}

/// Which papers the law prints.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeParams {
    /// Papers of the township (J-3.3.2-a); not printed for 2017.
    pub of_township: Result<Effective<Vec<NoticeKind>>, Gap>,
    /// Papers of the tax hall (J-3.3.5-a); not printed for 2017.
    pub of_tax_hall: Result<Effective<Vec<NoticeKind>>, Gap>,
}

/// A paper that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NoticeRequest {
    /// Who issues it.
    pub office: Office,
    /// Kind of paper.
    pub kind: NoticeKind,
    /// Category of the enrolment.
    pub category: Category,
    /// What the person owes.
    pub due: Fen,
}

/// Checks that the office issues this paper to a registered person, and gives the clause.
///
/// # Errors
/// `CHANNEL_MISMATCH` for who is declared by an institution (J-3.3.1-b), and where nothing is due (J-2.3-j);
/// `ROLE_NOT_ALLOWED` for special persons, whom their authority declares (J-3.3.1-e), and for the other issuer's people;
/// `UNKNOWN_ENUM` for a paper that the office does not issue; the gap where none is printed.
pub fn check(request: &NoticeRequest, params: &NoticeParams) -> Result<String, Refusals> {
    let (issuer, papers) = issuer(request.category, params)?;
    let papers = papers.as_ref().map_err(|gap| Refusal::from(gap.clone()))?;
    let rule_id = papers.reference.rule_id.clone();
    let mut refusals = Refusals::default();
    if request.office != issuer && request.office != Office::System {
        let detail = format!("the paper of {} is issued by {issuer}", request.category);
        refusals.push(
            Refusal::new(Reason::RoleNotAllowed, detail)
                .with("office", request.office)
                .with("allowed", issuer)
                .by(rule_id.clone()),
        );
    }
    if !papers.contains(&request.kind) {
        let allowed = papers.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        let refusal = Refusal::new(Reason::UnknownEnum, format!("{issuer} issues {allowed}"));
        refusals.push(refusal.at("kind").with("allowed", allowed).by(rule_id.clone()));
    }
    if request.due.is_zero() {
        let detail = "the government pays the whole premium; nothing is left to pay on a notice";
        refusals.push(Refusal::new(Reason::ChannelMismatch, detail).at("enrolment_id").by("J-2.3-j"));
    }
    refusals.into_result()?;
    Ok(rule_id.into_owned())
}

type Papers = Result<Effective<Vec<NoticeKind>>, Gap>;

/// Who issues the paper of a category.
fn issuer(category: Category, params: &NoticeParams) -> Result<(Office, &Papers), Refusal> {
    match category {
        Category::InterruptedEmployee => Ok((Office::Tax, &params.of_tax_hall)),
        Category::SchoolStudent | Category::NurseryChild | Category::WelfareResident | Category::Detainee => {
            let detail = format!("{category} is declared by the institution; nobody of them pays on a notice");
            Err(Refusal::new(Reason::ChannelMismatch, detail).at("enrolment_id").by("J-3.3.1-b"))
        }
        Category::SpecialPerson => {
            let detail = "special persons are declared by their authority";
            Err(Refusal::new(Reason::RoleNotAllowed, detail).at("enrolment_id").by("J-3.3.1-e"))
        }
        Category::PreschoolChild
        | Category::Newborn
        | Category::SchoolLeaver
        | Category::RuralResident
        | Category::UrbanResident
        | Category::CertificateHolder
        | Category::LocalStudyingElsewhere => Ok((Office::Township, &params.of_township)),
    }
}

/// Checks the number of a cash tax form, which is printed on it; a notice gets its number when it is issued.
///
/// # Errors
/// `REQUIRED_FIELD_MISSING`, `VALUE_NOT_ALLOWED`.
pub fn check_number(kind: NoticeKind, form_number: &str) -> Result<(), Refusal> {
    let (reason, detail) = match (kind, form_number.is_empty()) {
        (NoticeKind::CashTaxForm, true) => (Reason::RequiredFieldMissing, "form_number stands on the cash tax form"),
        (NoticeKind::PaymentNotice, false) => (Reason::ValueNotAllowed, "a notice gets its number when it is issued"),
        _ => return Ok(()),
    };
    Err(Refusal::new(reason, detail).at("form_number").by("J-3.3.5-a"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tianjin_2021() -> NoticeParams {
        let notice = vec![NoticeKind::PaymentNotice];
        NoticeParams {
            of_township: Ok(Effective::printed(notice, "J-3.3.2-a")),
            of_tax_hall: Ok(Effective::printed(NoticeKind::ALL.to_vec(), "J-3.3.5-a")),
        }
    }

    fn farmer() -> NoticeRequest {
        NoticeRequest {
            office: Office::Township,
            kind: NoticeKind::PaymentNotice,
            category: Category::RuralResident,
            due: Fen::yuan(560),
        }
    }

    fn refused(request: &NoticeRequest) -> Vec<(Reason, Option<String>)> {
        let refusals = check(request, &tianjin_2021()).err().unwrap_or_default();
        refusals.0.into_iter().map(|refusal| (refusal.reason, refusal.rule_id.map(String::from))).collect()
    }

    fn by(reason: Reason, rule_id: &str) -> Vec<(Reason, Option<String>)> {
        vec![(reason, Some(rule_id.to_owned()))]
    }

    /// J-3.3.2-a: the township's notice for its residents.
    #[test]
    fn a_township_issues_notices_to_residents() {
        assert_eq!(check(&farmer(), &tianjin_2021()).as_deref(), Ok("J-3.3.2-a"));
        for category in [Category::UrbanResident, Category::CertificateHolder, Category::Newborn] {
            assert_eq!(refused(&NoticeRequest { category, ..farmer() }), []);
        }
        let tax = NoticeRequest { office: Office::Tax, ..farmer() };
        assert_eq!(refused(&tax), by(Reason::RoleNotAllowed, "J-3.3.2-a"));
        let form = NoticeRequest { kind: NoticeKind::CashTaxForm, ..farmer() };
        assert_eq!(refused(&form), by(Reason::UnknownEnum, "J-3.3.2-a"));
        assert_eq!(refused(&NoticeRequest { due: Fen::ZERO, ..farmer() }), by(Reason::ChannelMismatch, "J-2.3-j"));
    }

    /// J-3.3.5-a: the tax hall issues a notice or a cash form to interrupted employees.
    #[test]
    fn the_tax_hall_issues_papers_to_interrupted_employees() {
        let category = Category::InterruptedEmployee;
        for kind in NoticeKind::ALL {
            let request = NoticeRequest { category, office: Office::Tax, kind: *kind, ..farmer() };
            assert_eq!(check(&request, &tianjin_2021()).as_deref(), Ok("J-3.3.5-a"));
        }
        assert_eq!(refused(&NoticeRequest { category, ..farmer() }), by(Reason::RoleNotAllowed, "J-3.3.5-a"));
        assert!(check_number(NoticeKind::CashTaxForm, "").is_err());
        assert!(check_number(NoticeKind::PaymentNotice, "1").is_err());
        assert!(
            check_number(NoticeKind::CashTaxForm, "1").is_ok() && check_number(NoticeKind::PaymentNotice, "").is_ok()
        );
    }

    /// J-3.3.1-b, J-3.3.1-e: institutions and authorities declare.
    #[test]
    fn who_is_declared_by_others_gets_no_notice() {
        let pupil = NoticeRequest { category: Category::SchoolStudent, ..farmer() };
        assert_eq!(refused(&pupil), by(Reason::ChannelMismatch, "J-3.3.1-b"));
        let special = NoticeRequest { category: Category::SpecialPerson, ..farmer() };
        assert_eq!(refused(&special), by(Reason::RoleNotAllowed, "J-3.3.1-e"));
    }

    /// The plan of 2017 prints no paper.
    #[test]
    fn no_paper_is_printed_for_2017() {
        let gap = || Gap { parameter: "notice.of_township".into(), rule_id: "B-7.3.2-a".into(), configurable: false };
        let params = NoticeParams { of_township: Err(gap()), of_tax_hall: Err(gap()) };
        assert!(check(&farmer(), &params).unwrap_err().has(Reason::RuleNotDefined));
    }
}
