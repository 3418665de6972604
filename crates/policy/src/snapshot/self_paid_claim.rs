//! Parameters of self-paid claims.

use juyi_domain::codes::Category;
use juyi_domain::settlement::claims::codes::ClaimDesk;
use juyi_domain::settlement::claims::params::{ClaimParams, DeskRule, LeaverDesk};
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::{Reader, settle};

/// Columns of a desk.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    categories: Vec<Category>,
    desks: Vec<ClaimDesk>,
    #[serde(default)]
    by_institution: bool,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<ClaimParams, LoadError> {
    let rules = reader.each::<Row<Rule>>("self_paid_claim.desk")?;
    let desks = rules.into_iter().map(|(_, row)| {
        row.map(|Row(rule)| DeskRule {
            categories: rule.categories.clone(),
            desks: rule.desks.clone(),
            by_institution: rule.by_institution,
        })
    });
    let mut leaver_desks = Vec::new();
    for (key, desk) in reader.each::<ClaimDesk>("self_paid_claim.leaver_desk")? {
        let registration = reader.code(&desk.name, key)?;
        leaver_desks.push(desk.map(|desk| LeaverDesk { registration, desk: *desk }));
    }
    Ok(ClaimParams {
        desks: desks.collect(),
        leaver_desks,
        elsewhere_desk: reader.maybe("self_paid_claim.elsewhere_desk")?,
        maternity_desk: reader.maybe("self_paid_claim.maternity_desk")?,
        papers: reader.required("self_paid_claim.papers")?,
        student_elsewhere_papers: reader.maybe("self_paid_claim.student_elsewhere_papers")?,
        limit_days: settle(reader.get("self_paid_claim.limit_days"))?,
        handed_over_to: reader.required("self_paid_claim.handed_over_to")?,
        paid_by: reader.required("self_paid_claim.paid_by")?,
        paid_by_the_city: reader.maybe("self_paid_claim.paid_by_the_city")?,
        to_activated_account: reader.maybe("self_paid_claim.to_activated_account")?,
        account_with_first_claim: reader.maybe("self_paid_claim.account_with_first_claim")?,
        card_at_provider: reader.maybe("self_paid_claim.card_at_provider")?,
    })
}
