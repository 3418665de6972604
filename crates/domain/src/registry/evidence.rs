//! Certificates that open a class to who is registered elsewhere, and papers presented at the desk (J-3.1-c, B-2.2-a).

use super::application::Application;
use super::category::Standing;
use super::circumstances::Circumstances;
use super::facts::Certificate;
use super::params::EnrolmentParams;
use super::unit::Unit;
use crate::codes::{Category, CertificateKind, Paper};
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal};

/// What lets a child in: the registration in Tianjin, or a certificate of the list. Its code.
///
/// # Errors
/// As [`certificate`].
pub fn local_or_certificate(
    circumstances: &Circumstances,
    list: &Effective<Vec<CertificateKind>>,
) -> Result<&'static str, Refusal> {
    if circumstances.is_local() {
        return Ok("LOCAL");
    }
    certificate(circumstances, list).map(CertificateKind::as_str)
}

/// The first certificate held that the list accepts. A paper outside the list is never accepted silently: where the list
/// is open, a manual decision accepts it (AMB-014).
///
/// # Errors
/// `EVIDENCE_NOT_ACCEPTED` with metadata `accepted_papers`.
pub fn certificate(
    circumstances: &Circumstances,
    list: &Effective<Vec<CertificateKind>>,
) -> Result<CertificateKind, Refusal> {
    let accepted = |certificate: &&Certificate| {
        let decided = certificate.kind != CertificateKind::OtherOfficial || certificate.manual_decision_id.is_some();
        decided && list.contains(&certificate.kind)
    };
    if let Some(certificate) = circumstances.certificates.iter().find(accepted) {
        return Ok(certificate.kind);
    }
    let detail = if list.contains(&CertificateKind::OtherOfficial) {
        "a registration in Tianjin or one of these papers is needed; another one needs a manual decision"
    } else {
        "a registration in Tianjin or one of these papers is needed; the list is closed"
    };
    let papers: Vec<&str> = list.iter().map(|kind| kind.as_str()).collect();
    Err(Refusal::new(Reason::EvidenceNotAccepted, detail)
        .at("facts")
        .with("accepted_papers", papers.join(","))
        .by(list.reference.rule_id.clone()))
}

/// The papers that an applicant in person has not presented. Institutions, villages and authorities vouch for their
/// people; a household or a committee does not. What a unit that nobody knows might vouch for is not asked.
#[must_use]
pub fn maybe_missing(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Option<Refusal> {
    if application.unit.as_ref().map_or(application.unit_id.is_some(), Unit::vouches) {
        return None;
    }
    let rule = params.papers.iter().find(|rule| rule.category == standing.category)?;
    let presented = |paper: &&Paper| !application.papers.contains(paper);
    let missing: Vec<&str> = rule.papers.iter().filter(presented).map(|paper| paper.as_str()).collect();
    if missing.is_empty() {
        return None;
    }
    let missing = missing.join(",");
    Some(
        Refusal::new(Reason::EvidenceNotAccepted, format!("papers are missing: {missing}"))
            .at("papers")
            .with("missing_papers", missing)
            .by(rule.reference.rule_id.clone()),
    )
}

/// A student whom the school registers without having verified who the student is (J-3.2.1-b).
#[must_use]
pub fn maybe_unverified(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Option<Refusal> {
    let rule = params.verified_students.as_ref().filter(|rule| rule.value)?;
    let attendance = &application.circumstances.attendance.as_ref()?.what;
    let by_school = standing.category == Category::SchoolStudent && application.unit_id.is_some();
    (by_school && !attendance.verified).then(|| {
        Refusal::new(Reason::EvidenceNotAccepted, "the school verifies the student's identity before it registers")
            .at("facts")
            .by(rule.reference.rule_id.clone())
    })
}

/// Somebody filed at the desk of special persons whom no authority's list names (J-3.2.5-a, B-7.3.3-a).
#[must_use]
pub fn maybe_unconfirmed(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Option<Refusal> {
    let rule = params.desks.iter().find(|rule| rule.category == Category::SpecialPerson)?;
    let filed = rule.desks.contains(&application.desk) && standing.registrar.is_none();
    (filed && !application.has_ground_of_the_school()).then(|| {
        let detail = "no identity is recorded on that day that makes a special person";
        Refusal::new(Reason::EvidenceNotAccepted, detail).at("desk").by(rule.reference.rule_id.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{
        attending, baodi_2017, certified, decide_standing, farmer, from_elsewhere, holding, left_school, tianjin_2021,
        village,
    };
    use super::*;
    use crate::codes::{Desk, Identity, InstitutionKind, LeavingReason, UnitKind};
    use crate::dates::written::day;

    fn missing(application: &Application, params: &EnrolmentParams) -> Option<(String, String)> {
        let standing = decide_standing(application, params);
        let refusal = maybe_missing(&standing, application, params)?;
        Some((refusal.metadata[0].1.clone(), refusal.rule_id.unwrap().into_owned()))
    }

    fn without_papers(application: Application) -> Application {
        Application { papers: Vec::new(), ..application }
    }

    /// J-3.1-c: an identity paper, and supporting material where the category rests on a paper.
    #[test]
    fn an_applicant_presents_papers() {
        let law = tianjin_2021();
        let needed = |papers: &str| Some((papers.to_owned(), "J-3.1-c".to_owned()));
        assert_eq!(missing(&farmer(), &law), None);
        assert_eq!(missing(&without_papers(farmer()), &law), needed("IDENTITY_PAPER"));
        let holder = certified(CertificateKind::TianjinResidencePermit, from_elsewhere(farmer()));
        assert_eq!(missing(&holder, &law), needed("SUPPORTING_MATERIAL"));
        let leaver = left_school(LeavingReason::Withdrawn, without_papers(farmer()));
        assert_eq!(missing(&leaver, &law), needed("IDENTITY_PAPER,SUPPORTING_MATERIAL"));
    }

    /// J-3.1-c: a village vouches for its people; a township, a household or a committee stands in for no paper.
    #[test]
    fn villages_and_authorities_present_none() {
        let by =
            |unit: Unit| Application { unit_id: Some(unit.id.clone()), unit: Some(unit), ..without_papers(farmer()) };
        assert_eq!(missing(&by(village("120118.4")), &tianjin_2021()), None);
        for kind in [UnitKind::Township, UnitKind::Household, UnitKind::Community, UnitKind::SpecialAccount] {
            let unit = Unit { kind, ..village("120118.4") };
            let needed = Some(("IDENTITY_PAPER".to_owned(), "J-3.1-c".to_owned()));
            assert_eq!(missing(&by(unit), &tianjin_2021()), needed, "{kind}");
        }
        let special = holding(&[Identity::LowIncome], without_papers(farmer()));
        assert_eq!(missing(&special, &tianjin_2021()), None);
    }

    /// B-2.2-a: a newborn needs a valid identity document; nothing is printed for others.
    #[test]
    fn in_baodi_a_newborn_has_an_identity_document() {
        let newborn = Application { born_on: day("2020-09-30"), ..without_papers(farmer()) };
        let refused = missing(&newborn, &baodi_2017());
        assert_eq!(refused, Some(("IDENTITY_PAPER".to_owned(), "B-2.2-a".to_owned())));
        assert_eq!(missing(&without_papers(farmer()), &baodi_2017()), None);
    }

    /// J-3.2.5-a, B-7.3.3-a: a row that no authority confirmed. J-3.2.5-d has an answer of its own.
    #[test]
    fn the_centre_takes_whom_a_list_names() {
        for (law, desk, rule_id) in [
            (tianjin_2021(), Desk::CityMedicalInsuranceCentre, "J-3.2.5-a"),
            (baodi_2017(), Desk::CitySocialInsuranceCentre, "B-7.3.3-a"),
        ] {
            let check = |identities: &[Identity]| {
                let person = holding(identities, Application { desk, ..farmer() });
                maybe_unconfirmed(&decide_standing(&person, &law), &person, &law).and_then(|refusal| refusal.rule_id)
            };
            assert_eq!(check(&[Identity::SingleParentFamily]).as_deref(), Some(rule_id));
            assert_eq!(check(&[Identity::LowIncome]), None);
            assert_eq!(check(&[Identity::StudentLoan]), None);
        }
        let farmer = farmer();
        let law = tianjin_2021();
        assert_eq!(maybe_unconfirmed(&decide_standing(&farmer, &law), &farmer, &law), None);
    }

    /// J-3.2.1-b; 2017 prints no such duty.
    #[test]
    fn a_school_verifies_before_it_registers() {
        let by_school = |verified| {
            let mut student = attending(InstitutionKind::PrimaryOrSecondary, farmer());
            student.circumstances.attendance.as_mut().unwrap().what.verified = verified;
            Application { unit_id: Some("120118.S1".to_owned()), ..student }
        };
        let check = |student: &Application, law: &EnrolmentParams| {
            maybe_unverified(&decide_standing(student, law), student, law).and_then(|refusal| refusal.rule_id)
        };
        assert_eq!(check(&by_school(false), &tianjin_2021()).as_deref(), Some("J-3.2.1-b"));
        assert_eq!(check(&by_school(true), &tianjin_2021()), None);
        assert_eq!(check(&by_school(false), &baodi_2017()), None);
    }
}
