//! The law of claims of both years, and a sound claim that the tests change.

use super::account::{Account, AtFiling};
use super::codes::{AccountKind, AccountState, ClaimDesk, ClaimPaper, LeaverRegistration};
use super::filing::Filing;
use super::params::{ClaimParams, DeskRule, LeaverDesk};
use crate::codes::{Category, Class, District, Office};
use crate::dates::written::day;
use crate::effective::{Effective, Gap};
use crate::money::Fen;
use crate::settlement::bill::Bill;
use crate::settlement::care::{OutOfArea, Place};
use crate::settlement::fixtures;

fn gap(rule_id: &'static str) -> Gap {
    Gap { parameter: "self_paid_claim.limit_days".into(), rule_id: rule_id.into(), configurable: true }
}

fn rule(desks: &[ClaimDesk], rule_id: &'static str, of: impl Fn(Category) -> bool) -> Effective<DeskRule> {
    let categories = Category::ALL.iter().copied().filter(|category| of(*category)).collect();
    let by_institution = !desks.contains(&ClaimDesk::TownshipService);
    Effective::printed(DeskRule { categories, desks: desks.to_vec(), by_institution }, rule_id)
}

pub(crate) fn tianjin_2021() -> ClaimParams {
    use Category::{NurseryChild, SchoolLeaver, SchoolStudent, WelfareResident};
    let of_branch = |category| matches!(category, SchoolStudent | NurseryChild | WelfareResident);
    let township = [ClaimDesk::TownshipService, ClaimDesk::CommunityWorkstation];
    let leaver = |registration, desk| Effective::printed(LeaverDesk { registration, desk }, "J-6.2.1.1-f");
    let branch = ClaimDesk::DistrictMedicalInsuranceBranch;
    ClaimParams {
        desks: vec![
            rule(&township, "J-6.2.1.1-a", |category| !of_branch(category) && category != SchoolLeaver),
            rule(&[branch], "J-6.2.1.1-d", of_branch),
        ],
        leaver_desks: vec![
            leaver(LeaverRegistration::Local, ClaimDesk::TownshipService),
            leaver(LeaverRegistration::NotLocal, branch),
        ],
        elsewhere_desk: Some(Effective::printed(branch, "J-10.4-c")),
        maternity_desk: Some(Effective::printed(ClaimDesk::TownshipService, "J-6.2.2.2-a")),
        papers: Effective::printed(Vec::new(), "J-6.2.1.1-a"),
        student_elsewhere_papers: Some(Effective::printed(vec![ClaimPaper::ProofOfLivingElsewhere], "J-10.4-d")),
        limit_days: Err(gap("J-6.2.1.1-c")),
        handed_over_to: Effective::printed(vec![Office::MedicalInsurance], "J-6.2.1.1-b"),
        paid_by: Effective::printed(vec![Office::MedicalInsurance], "J-6.2.1.1-e"),
        paid_by_the_city: Some(Effective::printed(true, "J-6.2.1.1-e")),
        to_activated_account: Some(Effective::printed(true, "J-6.2.1.2-a")),
        account_with_first_claim: Some(Effective::printed(true, "J-6.2.1.2-b")),
        card_at_provider: Some(Effective::printed(true, "J-6.1-a")),
    }
}

pub(crate) fn baodi_2017() -> ClaimParams {
    let of_school = |category| matches!(category, Category::SchoolStudent | Category::NurseryChild);
    let papers = vec![ClaimPaper::Receipt, ClaimPaper::Prescription, ClaimPaper::ItemisedList];
    ClaimParams {
        desks: vec![
            rule(&[ClaimDesk::School], "B-6.1.2-b", of_school),
            rule(&[ClaimDesk::TownshipService], "B-6.1.2-b", |category| !of_school(category)),
        ],
        leaver_desks: Vec::new(),
        elsewhere_desk: None,
        maternity_desk: None,
        papers: Effective::printed(papers, "B-6.1.2-a"),
        student_elsewhere_papers: None,
        limit_days: Err(gap("B-6.1.2-b")),
        handed_over_to: Effective::printed(vec![Office::SocialInsurance], "B-6.1.2-b"),
        paid_by: Effective::printed(vec![Office::SocialInsurance], "B-6.1.1-a"),
        paid_by_the_city: None,
        to_activated_account: None,
        account_with_first_claim: None,
        card_at_provider: None,
    }
}

/// A stay in the city from 1 to 12 March.
pub(crate) fn paid_bill() -> Bill {
    Bill { discharged_on: day("2021-03-12"), ..fixtures::bill(day("2021-03-01"), Fen::yuan(20_000)) }
}

/// The same stay in Beijing.
pub(crate) fn elsewhere(category: OutOfArea) -> Bill {
    Bill { place: Place::Elsewhere { category, region: "110105".to_owned(), receiving_level: None }, ..paid_bill() }
}

/// The claim of a farmer with a card, at the township of the own district, on 1 April.
pub(crate) fn filing(bill: &Bill) -> Filing<'_> {
    Filing {
        bill,
        category: Category::RuralResident,
        class: Class::Adult,
        insured_district: District::Jinghai,
        desk: ClaimDesk::TownshipService,
        desk_district: Some(District::Jinghai),
        by_institution: false,
        leaving: None,
        papers: &[ClaimPaper::Receipt, ClaimPaper::Prescription, ClaimPaper::ItemisedList],
        filed_on: day("2021-04-01"),
        flagged_late: false,
        account: AtFiling {
            on_record: Some(Account { kind: AccountKind::Card, state: AccountState::Activated }),
            ..AtFiling::default()
        },
    }
}
