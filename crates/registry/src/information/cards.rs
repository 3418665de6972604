//! The social security card (J-11-a to J-11.2-g, J-12-a, J-12-b).

use juyi_domain::effective::Effective;
use juyi_domain::information::card::{self, Application, GuideEntry};
use juyi_domain::information::card_outlets::{self, BankStanding};
use juyi_domain::information::params::{CardStepRow, CardWay, ContactTopic};
use juyi_kit::error::Error;
use juyi_kit::wire::receipt;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law_of_year;
use crate::registry::Registry;

pub(crate) async fn get_card_guide(
    registry: &Registry,
    request: pb::GetCardGuideRequest,
) -> Result<pb::GetCardGuideResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let way: Option<CardWay> = fields.maybe_code("way", request.way);
    let (year, way) = fields.finish((year, way))?;
    let law = law_of_year(&registry.context, year)?;
    let entries = card::guide(way, &law.information)?;
    let hotline = law.information.contacts.iter().find(|contact| contact.topic == ContactTopic::Card);
    Ok(pb::GetCardGuideResponse {
        entries: entries.iter().map(entry).collect(),
        hotline: hotline.and_then(|contact| contact.phone.clone()).unwrap_or_default(),
    })
}

fn entry(entry: &GuideEntry) -> pb::CardGuideEntry {
    let step = |step: &Effective<CardStepRow>| pb::CardStep {
        text: step.text.clone(),
        rule_id: step.reference.rule_id.to_string(),
    };
    pb::CardGuideEntry {
        way: entry.channel.way.to_wire(),
        channel: entry.channel.channel.to_wire(),
        channel_name: entry.channel.value.name.clone(),
        steps: entry.steps.iter().map(step).collect(),
        rule_id: entry.channel.reference.rule_id.to_string(),
    }
}

pub(crate) async fn check_card_application(
    registry: &Registry,
    request: pb::CheckCardApplicationRequest,
) -> Result<pb::CheckCardApplicationResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let application = Application {
        way: fields.code("way", request.way),
        channel: fields.code("channel", request.channel),
        applied_on: fields.date("application_date", &request.application_date),
        by_representative: request.by_representative,
        original_shown: request.original_shown,
        signed: request.signed,
        loss_reported: request.loss_reported,
        bank_loss_notice: request.bank_loss_notice,
    };
    let (year, application) = fields.finish((year, application))?;
    let district = law_of_year(&registry.context, year)?.district;
    let law = registry.context.policy().for_(district, year, application.applied_on)?;
    let issue = card::check(&application, &law.information)?;
    Ok(pb::CheckCardApplicationResponse {
        card_date: issue.card_on.map(|day| day.to_string()).unwrap_or_default(),
        settlement_from_date: issue.settles_from.map(|day| day.to_string()).unwrap_or_default(),
        receipt: Some(receipt(&issue.receipt)),
    })
}

pub(crate) async fn look_up_card_bank(
    registry: &Registry,
    request: pb::LookUpCardBankRequest,
) -> Result<pb::LookUpCardBankResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let bank = fields.text("bank", &request.bank, 1..=40);
    let (year, bank) = fields.finish((year, bank))?;
    let law = law_of_year(&registry.context, year)?;
    let standing = match card_outlets::look_up_bank(&bank, &law.information)? {
        BankStanding::Named => pb::CardBankStanding::Named,
        BankStanding::Unknown => pb::CardBankStanding::Unknown,
    };
    Ok(pb::LookUpCardBankResponse {
        standing: standing.into(),
        named_banks: law.information.card_banks.iter().map(|bank| bank.value.clone()).collect(),
        rule_id: "J-12-b".to_owned(),
    })
}

pub(crate) async fn list_card_outlets(
    registry: &Registry,
    request: pb::ListCardOutletsRequest,
) -> Result<pb::ListCardOutletsResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let year = fields.finish(year)?;
    let law = law_of_year(&registry.context, year)?;
    let outlets = card_outlets::list(request.with_addresses, &law.information)?;
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    Ok(pb::ListCardOutletsResponse {
        kinds: outlets.kinds.iter().map(|kind| kind.value.clone()).collect(),
        more_than: count(*outlets.more_than),
        banks_announced: count(*outlets.banks_announced),
        rule_id: outlets.more_than.reference.rule_id.to_string(),
    })
}
