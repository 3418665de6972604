//! Papers of a self-paid claim (B-6.1.2-a, J-6.2.1.1-a, J-10.4-d).

use super::codes::ClaimPaper;
use super::filing::Filing;
use super::params::ClaimParams;
use crate::codes::Class;
use crate::effective::Effective;
use crate::receipt::{Step, Value};
use crate::refusal::{Reason, Refusal};
use crate::settlement::care::{OutOfArea, Place};

/// Checks the papers of every claim. Where the document names none, it asks for papers all the same: one of any kind.
///
/// # Errors
/// `EVIDENCE_NOT_ACCEPTED` with metadata `missing`.
pub fn decide(filing: &Filing<'_>, params: &ClaimParams) -> Result<Step, Refusal> {
    if params.papers.is_empty() && filing.papers.is_empty() {
        let detail = "a claim is filed with its papers";
        return Err(Refusal::new(Reason::EvidenceNotAccepted, detail).at("papers").by(params
            .papers
            .reference
            .rule_id
            .clone()));
    }
    require(filing.papers, &params.papers)
}

/// Checks the proof of a student or child who lives with the parents elsewhere, or is back home; `None` for others.
///
/// # Errors
/// `EVIDENCE_NOT_ACCEPTED` with metadata `missing`.
pub fn decide_elsewhere(filing: &Filing<'_>, params: &ClaimParams) -> Result<Option<Step>, Refusal> {
    let Place::Elsewhere { category, .. } = &filing.bill.place else { return Ok(None) };
    let lives_there = matches!(category, OutOfArea::Residence | OutOfArea::StudentAtHome);
    match &params.student_elsewhere_papers {
        Some(needed) if lives_there && filing.class == Class::StudentChild => require(filing.papers, needed).map(Some),
        _ => Ok(None),
    }
}

fn require(papers: &[ClaimPaper], needed: &Effective<Vec<ClaimPaper>>) -> Result<Step, Refusal> {
    let lacking = needed.iter().filter(|paper| !papers.contains(paper));
    let missing = lacking.map(|paper| paper.as_str()).collect::<Vec<_>>().join(",");
    if missing.is_empty() {
        let count = i64::try_from(papers.len()).unwrap_or(i64::MAX);
        return Ok(Step::by(needed, |needed| joined(needed)).given("papers", count));
    }
    Err(Refusal::new(Reason::EvidenceNotAccepted, format!("the claim lacks {missing}"))
        .at("papers")
        .by(needed.reference.rule_id.clone())
        .with("missing", missing))
}

fn joined(papers: &[ClaimPaper]) -> Value {
    let codes: Vec<_> = papers.iter().map(|paper| paper.as_str()).collect();
    Value::Code(codes.join(",").into())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, elsewhere, filing, paid_bill, tianjin_2021};
    use super::*;

    const ALL_THREE: [ClaimPaper; 3] = [ClaimPaper::Receipt, ClaimPaper::Prescription, ClaimPaper::ItemisedList];

    /// B-6.1.2-a: receipt, prescription and itemised list, each of them.
    #[test]
    fn the_plan_of_2017_names_three_papers() {
        let (bill, law) = (paid_bill(), baodi_2017());
        assert!(decide(&Filing { papers: &ALL_THREE, ..filing(&bill) }, &law).is_ok());
        for missing in ALL_THREE {
            let papers: Vec<_> = ALL_THREE.into_iter().filter(|paper| *paper != missing).collect();
            let refusal = decide(&Filing { papers: &papers, ..filing(&bill) }, &law).unwrap_err();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::EvidenceNotAccepted, Some("B-6.1.2-a")));
            assert_eq!(refusal.metadata, [("missing", missing.to_string())]);
        }
    }

    /// J-6.2.1.1-a: "with the papers concerned".
    #[test]
    fn the_outline_asks_for_papers_without_naming_them() {
        let (bill, law) = (paid_bill(), tianjin_2021());
        assert!(decide(&Filing { papers: &[ClaimPaper::Other], ..filing(&bill) }, &law).is_ok());
        let refusal = decide(&Filing { papers: &[], ..filing(&bill) }, &law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::EvidenceNotAccepted, Some("J-6.2.1.1-a")));
    }

    /// J-10.4-d: of students and children who live elsewhere or are back home, and of nobody else.
    #[test]
    fn a_child_living_elsewhere_brings_a_proof() {
        let law = tianjin_2021();
        let proof = [ClaimPaper::Receipt, ClaimPaper::ProofOfLivingElsewhere];
        for category in [OutOfArea::Residence, OutOfArea::StudentAtHome] {
            let bill = elsewhere(category);
            let of = |class, papers| decide_elsewhere(&Filing { class, papers, ..filing(&bill) }, &law);
            let refusal = of(Class::StudentChild, &proof[..1]).unwrap_err();
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::EvidenceNotAccepted, Some("J-10.4-d")));
            assert!(of(Class::StudentChild, &proof).unwrap().is_some());
            assert_eq!(of(Class::Adult, &proof[..1]), Ok(None));
        }
        for bill in [elsewhere(OutOfArea::TemporaryEmergency), paid_bill()] {
            let traveller = Filing { class: Class::StudentChild, papers: &proof[..1], ..filing(&bill) };
            assert_eq!(decide_elsewhere(&traveller, &law), Ok(None));
        }
    }
}
