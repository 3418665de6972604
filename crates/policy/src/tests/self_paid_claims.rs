//! Self-paid claims, as both documents print them.

use juyi_domain::codes::{Category, District, Office};
use juyi_domain::settlement::claims::codes::{ClaimDesk, ClaimPaper, LeaverRegistration};
use juyi_domain::settlement::claims::params::ClaimParams;

use crate::Policy;

fn law(district: District, policy_year: i32, overlay: &str) -> ClaimParams {
    let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
    let on = format!("{policy_year}-03-01").parse().unwrap();
    policy.for_(district, policy_year, on).unwrap().self_paid_claims.clone()
}

/// Every category has one desk of its own; leavers of 2021 have theirs by registration.
fn covers_everybody(law: &ClaimParams) {
    for category in Category::ALL {
        let rules = law.desks.iter().filter(|rule| rule.categories.contains(category)).count();
        let leaver = *category == Category::SchoolLeaver && !law.leaver_desks.is_empty();
        assert_eq!(rules, usize::from(!leaver), "{category}");
    }
}

/// J-6.2.1.1-a to -f, J-6.2.1.2-a, J-6.2.1.2-b, J-10.4-c, J-10.4-d, J-6.1-a, J-6.2.2.2-a.
#[test]
fn the_outline_of_2021() {
    let law = law(District::Jinghai, 2021, "");
    covers_everybody(&law);
    let ids =
        |desk| law.desks.iter().filter(move |rule| rule.desks.contains(&desk)).map(|rule| &*rule.reference.rule_id);
    assert_eq!(ids(ClaimDesk::TownshipService).collect::<Vec<_>>(), ["J-6.2.1.1-a", "J-6.2.1.1-a"]);
    assert_eq!(ids(ClaimDesk::DistrictMedicalInsuranceBranch).collect::<Vec<_>>(), ["J-6.2.1.1-d"]);
    let leavers: Vec<_> = law.leaver_desks.iter().map(|rule| (rule.registration, rule.desk)).collect();
    assert_eq!(
        leavers,
        [
            (LeaverRegistration::Local, ClaimDesk::TownshipService),
            (LeaverRegistration::NotLocal, ClaimDesk::DistrictMedicalInsuranceBranch)
        ]
    );
    assert_eq!(law.maternity_desk.unwrap().reference.rule_id, "J-6.2.2.2-a");
    assert_eq!(law.elsewhere_desk.unwrap().reference.rule_id, "J-10.4-c");
    assert_eq!(law.student_elsewhere_papers.unwrap().value, [ClaimPaper::ProofOfLivingElsewhere]);
    let gap = law.limit_days.unwrap_err();
    assert_eq!((&*gap.rule_id, gap.configurable), ("J-6.2.1.1-c", true));
    assert_eq!(law.handed_over_to.value, [Office::MedicalInsurance]);
    assert_eq!(law.paid_by.reference.rule_id, "J-6.2.1.1-e");
    assert_eq!(law.to_activated_account.unwrap().reference.rule_id, "J-6.2.1.2-a");
    assert_eq!(law.account_with_first_claim.unwrap().reference.rule_id, "J-6.2.1.2-b");
    assert_eq!(law.card_at_provider.unwrap().reference.rule_id, "J-6.1-a");
}

/// B-6.1.2-a, B-6.1.2-b.
#[test]
fn the_plan_of_2017() {
    let law = law(District::Baodi, 2017, "");
    covers_everybody(&law);
    assert_eq!(law.papers.value, [ClaimPaper::Receipt, ClaimPaper::Prescription, ClaimPaper::ItemisedList]);
    assert_eq!(law.desks[0].desks, [ClaimDesk::School]);
    assert!(law.to_activated_account.is_none() && law.card_at_provider.is_none() && law.elsewhere_desk.is_none());
}

/// AMB-089: an operator's limit takes the place of the gap.
#[test]
fn a_limit_can_be_set() {
    let overlay = "[[set]]\nparameter = 'tianjin-2021.self_paid_claim.limit_days'\nvalue = 180\nsince = 2021-01-01\n\
        source = { document = '津医保局发〔2021〕9号', section = '第一条' }\n";
    assert_eq!(law(District::Jinghai, 2021, overlay).limit_days.unwrap().value, 180);
}
