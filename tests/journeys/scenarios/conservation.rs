//! What the national platform asks of every settlement (`docs/national-names.md`), asked of all that a scenario leaves: its
//! claims and births as well, and what later bills made of earlier ones.

use juyi_domain::codes::{Office, Payer};
use juyi_domain::money::Fen;
use juyi_proto::common::v1::value::Kind;
use juyi_proto::settlement::v1 as settlement;
use juyi_tests::offices::by;

use super::differences::{Differences, told};
use super::stage::{Actor, Stage};

/// The differences of every settlement of the people of a scenario.
pub(crate) async fn of_everybody(stage: &Stage<'_>) -> Result<Vec<String>, String> {
    let (mut lines, mut found) = (Vec::new(), 0);
    for actor in stage.actors() {
        for settlement in settlements(stage, actor).await? {
            found += 1;
            let place = format!("{} at its end, {} {}", stage.id, actor.person.id, settlement.settlement_id);
            let mut differences = Differences::at(place);
            conserved(&settlement, &mut differences);
            lines.extend(differences.into_lines());
        }
    }
    if found < stage.bills.len() {
        return Err(format!("{found} settlements of {} bills", stage.bills.len()));
    }
    Ok(lines)
}

async fn settlements(stage: &Stage<'_>, actor: &Actor) -> Result<Vec<settlement::Settlement>, String> {
    let resident_id = actor.resident_id.clone();
    let request = settlement::ListSettlementsRequest { resident_id, page_size: 100, ..Default::default() };
    let answer = by(Office::Provider, stage.clients.settlement.clone().list_settlements(request)).await;
    Ok(answer.map_err(|status| told(&status))?.settlements)
}

/// Every payer pays what its lines say; funds and person together the bill, and what is outside and inside too; the entries
/// sum to what is in force, and a reversed settlement owes nothing.
pub(crate) fn conserved(got: &settlement::Settlement, differences: &mut Differences) {
    let Some(shares) = &got.shares else { return differences.failed("no shares") };
    let posted = got.entries.iter().filter_map(|entry| entry.shares.as_ref());
    let mut sums = [0; 4];
    for entry in posted {
        sums = std::array::from_fn(|at| sums[at] + wholes(entry)[at]);
    }
    for (at, name) in ["total", "eligible", "funds", "person"].into_iter().enumerate() {
        differences.amount(&format!("{name} of the entries"), Some(Fen::new(wholes(shares)[at])), sums[at]);
    }
    if got.state() == settlement::SettlementState::Reversed {
        return differences.same("a reversed settlement", Some("owes nothing"), owed(shares));
    }
    let Some(receipt) = &got.receipt else { return differences.failed("no receipt") };
    for (payer, fen) in parts(shares) {
        differences.lines_of(receipt, payer, fen);
    }
    let [total, eligible, funds, person] = wholes(shares);
    let paid = Fen::new(total + shares.maternity_above_cost_fen);
    differences.amount("funds and person", Some(paid), funds + person);
    let mut inputs = receipt.steps.iter().flat_map(|step| &step.inputs);
    let outside = inputs.rfind(|input| input.name == "out_of_scope").and_then(|input| input.value.as_ref());
    let Some(Kind::Fen(outside)) = outside.and_then(|value| value.kind.as_ref()) else {
        return differences.failed("the receipt does not say what is out of scope");
    };
    differences.amount("what is outside and inside", Some(Fen::new(total)), outside + eligible);
}

const fn parts(shares: &settlement::Shares) -> [(Payer, i64); 6] {
    [
        (Payer::BasicFund, shares.basic_fund_fen),
        (Payer::CriticalIllness, shares.critical_illness_fen),
        (Payer::MedicalAssistance, shares.medical_assistance_fen),
        (Payer::VeteransAssistance, shares.veterans_assistance_fen),
        (Payer::Maternity, shares.maternity_fen),
        (Payer::Person, shares.person_fen),
    ]
}

/// Total, eligible, what the funds pay together, and the person.
fn wholes(shares: &settlement::Shares) -> [i64; 4] {
    let all: i64 = parts(shares).iter().map(|(_, fen)| fen).sum();
    [shares.total_fen, shares.eligible_fen, all - shares.person_fen, shares.person_fen]
}

fn owed(shares: &settlement::Shares) -> &'static str {
    if *shares == settlement::Shares::default() { "owes nothing" } else { "owes something" }
}
