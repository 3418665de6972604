//! Premiums prepaid by academic years (J-3.3.3-a, J-3.3.3-b).

mod term;
mod year;

pub use self::term::Term;
pub use self::year::{Taken, check_prepaid_year, covered};

use crate::codes::{InstitutionKind, Payer};
use crate::effective::{Effective, Gap};
use crate::money::Fen;
use crate::receipt::{Receipt, Step, Value};
use crate::refusal::{Reason, Refusal, Refusals};

/// Parameters of prepayment for one policy year.
#[derive(Clone, Debug, PartialEq)]
pub struct PrepaymentParams {
    /// Institutions whose students may prepay (J-3.3.3-a); a gap where the document has no such rule (2017).
    pub institutions: Result<Effective<Vec<InstitutionKind>>, Gap>,
    /// True where the amount is the premium of the year of payment times the years (AMB-036). Not printed; an operator
    /// who knows the rule sets it.
    pub premium_times_years: Result<Effective<bool>, Gap>,
}

/// A prepayment as it is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Policy year of the enrolment it is made with.
    pub policy_year: i32,
    /// Years to be prepaid.
    pub term: Term,
    /// Kinds of institution the person attends on the day of payment.
    pub attends: Vec<InstitutionKind>,
    /// What the premium of the enrolment's year comes to for the person.
    pub payable: Fen,
    /// Amount given by the tax office; `None` asks for it to be computed.
    pub amount: Option<Fen>,
}

/// A term that began before the years whose law is loaded, as the tax office tells it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Years that were prepaid.
    pub term: Term,
    /// Kinds of institution the person attends on the day of recording.
    pub attends: Vec<InstitutionKind>,
    /// Amount paid then.
    pub amount: Fen,
}

/// A prepayment as it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What the person pays for the whole term.
    pub amount: Fen,
    /// How it was reached.
    pub receipt: Receipt,
}

/// Decides a prepayment. It pays the premium of the enrolment it is made with; what it comes to for the years after is
/// the tax office's to say (AMB-036).
///
/// # Errors
/// `RULE_NOT_DEFINED` for a year without the rule and for an amount to be computed for more than the running year;
/// `CLASS_NOT_ELIGIBLE` for anybody but students of higher-education schools; `CHANNEL_MISMATCH` for who owes nothing;
/// `DATE_ORDER` for a term that ends before it begins or does not begin with the enrolment; `AMOUNT_MISMATCH` for less
/// than the running year.
pub fn decide(request: &Request, params: &PrepaymentParams) -> Result<Decision, Refusals> {
    let institutions = params.institutions.as_ref().map_err(|gap| Refusals::from(gap.clone()))?;
    let rule_id = || institutions.reference.rule_id.clone();
    let mut refusals = Refusals::default();
    refusals.keep(require_student(&request.attends, institutions));
    let term = request.term;
    if term.first_year == request.policy_year {
        refusals.keep(term.check());
    } else {
        let detail = format!("the term begins with the enrolment's year {}", request.policy_year);
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("last_policy_year"));
    }
    if request.payable.is_zero() {
        let detail = "nothing is due from the person; the way of payment is GOVERNMENT_SUBSIDY";
        refusals.push(Refusal::new(Reason::ChannelMismatch, detail).at("enrolment_id").by("J-2.3-j"));
    }
    let amount = refusals.keep(amount(request, params));
    if let Some(amount) = amount.filter(|amount| *amount < request.payable) {
        let detail = format!("the term costs {amount} yuan, its first year alone {}", request.payable);
        let refusal = Refusal::new(Reason::AmountMismatch, detail).at("amount_fen");
        refusals.push(refusal.with("due_fen", request.payable.get()).with("paid_fen", amount.get()).by(rule_id()));
    }
    refusals.into_result()?;
    let Some(amount) = amount else { return Err(Refusals::default()) };
    Ok(taken(step(institutions, term).given("premium", request.payable), amount))
}

/// Decides about a term that was taken before the suite knew it: who, which years and how much, as the tax office tells
/// it. It pays no year now; each is paid when it comes.
///
/// # Errors
/// `RULE_NOT_DEFINED` for a year without the rule; `CLASS_NOT_ELIGIBLE`; those of [`Term::check`].
pub fn record(recorded: &Recorded, params: &PrepaymentParams) -> Result<Decision, Refusals> {
    let institutions = params.institutions.as_ref().map_err(|gap| Refusals::from(gap.clone()))?;
    let mut refusals = Refusals::default();
    refusals.keep(require_student(&recorded.attends, institutions));
    refusals.keep(recorded.term.check());
    refusals.into_result()?;
    Ok(taken(step(institutions, recorded.term), recorded.amount))
}

fn require_student(attends: &[InstitutionKind], institutions: &Effective<Vec<InstitutionKind>>) -> Result<(), Refusal> {
    if attends.iter().any(|kind| institutions.value.contains(kind)) {
        return Ok(());
    }
    let detail = "only students of higher-education schools prepay by academic years";
    let refusal = Refusal::new(Reason::ClassNotEligible, detail).at("resident_id");
    Err(refusal.by(institutions.reference.rule_id.clone()))
}

fn step(institutions: &Effective<Vec<InstitutionKind>>, term: Term) -> Step {
    Step::by(institutions, |kinds| codes(kinds))
        .given("academic_years", Value::Count(term.academic_years.into()))
        .given("first_policy_year", Value::Count(term.first_year.into()))
        .given("last_policy_year", Value::Count(term.last_year.into()))
}

fn taken(step: Step, amount: Fen) -> Decision {
    let mut receipt = Receipt::default();
    receipt.push(step.found("prepaid", amount).paying(Payer::Person, amount));
    Decision { amount, receipt }
}

fn codes(kinds: &[InstitutionKind]) -> Value {
    Value::Code(kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",").into())
}

/// The amount given, or the one that can be computed.
fn amount(request: &Request, params: &PrepaymentParams) -> Result<Fen, Refusal> {
    let years = request.term.policy_years();
    match (request.amount, &params.premium_times_years) {
        (Some(amount), _) => Ok(amount),
        (None, _) if years == 1 => Ok(request.payable),
        (None, Ok(known)) if known.value => Ok((0..years).map(|_| request.payable).sum()),
        (None, Ok(_)) => {
            let detail = "the documents do not say what several academic years cost; the tax office gives the amount";
            Err(Refusal::new(Reason::RuleNotDefined, detail).at("amount_fen").by("J-3.3.3-a"))
        }
        (None, Err(gap)) => Err(Refusal::from(gap.clone()).at("amount_fen")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn law() -> PrepaymentParams {
        PrepaymentParams {
            institutions: Ok(Effective::printed(vec![InstitutionKind::HigherEducation], "J-3.3.3-a")),
            premium_times_years: Err(Gap {
                parameter: "prepayment.premium_times_years".into(),
                rule_id: "J-3.3.3-a".into(),
                configurable: false,
            }),
        }
    }

    fn four_years(amount: Option<i64>) -> Request {
        Request {
            policy_year: 2021,
            term: Term { first_year: 2021, last_year: 2024, academic_years: 4 },
            attends: vec![InstitutionKind::HigherEducation],
            payable: Fen::yuan(260),
            amount: amount.map(Fen::yuan),
        }
    }

    /// J-3.3.3-a: a term of 2020 to 2022 that was taken in 2019.
    #[test]
    fn a_term_from_before_is_recorded() {
        let term = Term { first_year: 2020, last_year: 2022, academic_years: 3 };
        let told = Recorded { term, attends: vec![InstitutionKind::HigherEducation], amount: Fen::yuan(690) };
        let decision = record(&told, &law()).unwrap();
        assert_eq!((decision.amount, decision.receipt.total(Payer::Person)), (Fen::yuan(690), Fen::yuan(690)));
        let pupil = Recorded { attends: vec![InstitutionKind::PrimaryOrSecondary], ..told.clone() };
        assert!(record(&pupil, &law()).unwrap_err().has(Reason::ClassNotEligible));
        let endless = Recorded { term: Term { last_year: 2090, ..term }, ..told };
        assert!(record(&endless, &law()).unwrap_err().has(Reason::ValueNotAllowed));
    }

    fn reasons(request: &Request) -> Vec<(Reason, String)> {
        let refusals = decide(request, &law()).unwrap_err();
        refusals.0.into_iter().map(|it| (it.reason, it.rule_id.unwrap_or_default().into_owned())).collect()
    }

    /// J-3.3.3-a: the amount is given; computing it for more than the running year has no rule (AMB-036).
    #[test]
    fn the_tax_office_says_what_several_years_cost() {
        let decision = decide(&four_years(Some(1_040)), &law()).unwrap();
        assert_eq!((decision.amount, decision.receipt.total(Payer::Person)), (Fen::yuan(1_040), Fen::yuan(1_040)));
        assert!(decision.receipt.applies("J-3.3.3-a"));
        assert_eq!(reasons(&four_years(None)), [(Reason::RuleNotDefined, "J-3.3.3-a".to_owned())]);
        let mut one = four_years(None);
        one.term.last_year = 2021;
        assert_eq!(decide(&one, &law()).unwrap().amount, Fen::yuan(260));
    }

    /// AMB-036: an operator who knows the rule says so.
    #[test]
    fn a_configured_rule_computes_it() {
        let of = |known| PrepaymentParams { premium_times_years: Ok(Effective::printed(known, "J-3.3.3-a")), ..law() };
        assert_eq!(decide(&four_years(None), &of(true)).unwrap().amount, Fen::yuan(1_040));
        assert!(decide(&four_years(None), &of(false)).unwrap_err().has(Reason::RuleNotDefined));
    }

    /// J-3.3.3-a.
    #[test]
    fn others_do_not_prepay() {
        for attends in [vec![], vec![InstitutionKind::SecondaryVocational], vec![InstitutionKind::PrimaryOrSecondary]] {
            let other = Request { attends, ..four_years(Some(1_040)) };
            assert_eq!(reasons(&other), [(Reason::ClassNotEligible, "J-3.3.3-a".to_owned())]);
        }
        let free = Request { payable: Fen::ZERO, ..four_years(Some(1_040)) };
        assert_eq!(reasons(&free), [(Reason::ChannelMismatch, "J-2.3-j".to_owned())]);
    }

    /// J-3.3.3-a: the term begins with the running year and is paid with at least its premium.
    #[test]
    fn the_running_year_is_part_of_it() {
        assert_eq!(reasons(&four_years(Some(259)))[0].0, Reason::AmountMismatch);
        let mut later = four_years(Some(1_040));
        later.term.first_year = 2022;
        assert_eq!(reasons(&later)[0].0, Reason::DateOrder);
        later.term = Term { first_year: 2021, last_year: 2020, academic_years: 1 };
        assert_eq!(reasons(&later)[0].0, Reason::DateOrder);
    }
}
