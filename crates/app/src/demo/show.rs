//! Receipts as tables a person can read.

use std::net::SocketAddr;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use juyi_domain::codes::Payer;
use juyi_domain::money::{Fen, Rate};
use juyi_proto::code::Coded;
use juyi_proto::common::v1 as pb;
use juyi_proto::common::v1::value::Kind;

use super::family::Family;
use crate::command::say;

const WIDTH: u16 = 132;

pub(crate) fn heading(title: &str) {
    say(&format!("\n━━ {title}"));
}

/// One row per step: rule, clause, what it used, what it gave.
pub(crate) fn receipt(of: &str, receipt: Option<&pb::Receipt>) {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["rule", "clause", "used", "gives"]);
    for step in receipt.map_or(&[][..], |receipt| &receipt.steps) {
        let clause = format!("{}\n{}", step.title, step.clause);
        table.add_row([step.rule_id.clone(), clause, used(step), gives(step)]);
    }
    say(&format!("receipt of {of}\n{table}"));
}

fn used(step: &pb::Step) -> String {
    let facts = step.inputs.iter().map(|fact| format!("{} {}", fact.name, value(fact.value.as_ref())));
    let law = step.parameters.iter().map(|parameter| {
        let name = parameter.name.rsplit('.').next().unwrap_or_default();
        format!("law: {name} = {} (since {})", value(parameter.value.as_ref()), parameter.since_date)
    });
    facts.chain(law).collect::<Vec<_>>().join("\n")
}

fn gives(step: &pb::Step) -> String {
    let found = step.outputs.iter().map(|found| format!("{} {}", found.name, value(found.value.as_ref())));
    let totals = step
        .accumulators
        .iter()
        .map(|total| format!("{}: {} → {}", total.name, Fen::new(total.before_fen), Fen::new(total.after_fen)));
    let pays = step.payment.iter().map(|line| {
        let payer = Payer::from_wire(line.payer).map_or("?", Payer::as_str);
        format!("{payer} pays {}", Fen::new(line.amount_fen))
    });
    found.chain(totals).chain(pays).chain(step.marks.iter().cloned()).collect::<Vec<_>>().join("\n")
}

fn value(value: Option<&pb::Value>) -> String {
    match value.and_then(|value| value.kind.as_ref()) {
        None => String::new(),
        Some(Kind::Fen(fen)) => Fen::new(*fen).to_string(),
        Some(Kind::Rate(rate)) => {
            rate.parse().ok().and_then(Rate::maybe_from_decimal).map_or_else(|| rate.clone(), |rate| rate.to_string())
        }
        Some(Kind::Date(date)) => date.clone(),
        Some(Kind::Period(period)) => format!("{} to {}", period.start_date, period.end_date),
        Some(Kind::Count(count)) => count.to_string(),
        Some(Kind::Code(code)) => code.clone(),
    }
}

/// How to go on by hand while the demo stays up.
pub(crate) fn invitation(address: SocketAddr, family: &Family) {
    heading("the suite stays up; stop it with Ctrl-C");
    say(&format!(
        "grpcurl -plaintext {address} list\n\
         grpcurl -plaintext -H 'x-juyi-office: MEDICAL_INSURANCE' -d '{{\"resident_id\":\"{id}\",\"policy_year\":2021}}' \
         {address} juyi.settlement.v1.SettlementService/GetAccumulators\n\
         grpcurl -plaintext -H 'x-juyi-office: MEDICAL_INSURANCE' -d '{{\"resident_id\":\"{id}\"}}' \
         {address} juyi.settlement.v1.SettlementService/ListSettlements",
        id = family.mother,
    ));
}
