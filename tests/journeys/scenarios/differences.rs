//! Comparison of an answer with what a scenario expects, collecting every difference.

use std::collections::BTreeMap;
use std::fmt::Display;

use juyi_domain::codes::Payer;
use juyi_domain::money::Fen;
use juyi_proto::code::{BadCode, Coded};
use juyi_proto::common::v1::value::Kind;
use juyi_proto::common::v1::{Receipt, Value};
use tonic::Status;
use tonic_types::StatusExt;

use super::values::{Expect, Refused, Written};

/// The differences of one step.
pub(crate) struct Differences {
    place: String,
    lines: Vec<String>,
    compared: usize,
}

impl Differences {
    /// None yet, at a place such as `S-24 step 2 (settle)`.
    pub(crate) fn at(place: String) -> Self {
        Self { place, lines: Vec::new(), compared: 0 }
    }

    /// The differences, one a line; a step that compared nothing is one itself.
    pub(crate) fn into_lines(mut self) -> Vec<String> {
        if self.compared == 0 && self.lines.is_empty() {
            self.failed("nothing was compared");
        }
        self.lines
    }

    /// Records a failure that is no comparison.
    pub(crate) fn failed(&mut self, what: impl Display) {
        self.lines.push(format!("{}: {what}", self.place));
    }

    /// Compares a value, when one is expected.
    pub(crate) fn same(&mut self, field: &str, expected: Option<impl Display>, got: impl Display) {
        let Some(expected) = expected else { return };
        self.compared += 1;
        let (expected, got) = (expected.to_string(), got.to_string());
        if expected != got {
            self.lines.push(format!("{}: {field}: expected {expected}, got {got}", self.place));
        }
    }

    /// Compares an amount.
    pub(crate) fn amount(&mut self, field: &str, expected: Option<impl Display>, fen: i64) {
        self.same(field, expected, Fen::new(fen));
    }

    /// Compares a code of the wire.
    pub(crate) fn code<T: Coded + Display>(&mut self, field: &str, expected: Option<T>, number: i32) {
        self.same(field, expected, code::<T>(number));
    }

    /// Compares a list.
    pub(crate) fn list<T: Display>(
        &mut self,
        field: &str,
        expected: Option<&[T]>,
        got: impl IntoIterator<Item = impl Display>,
    ) {
        self.same(field, expected.map(joined), joined(got));
    }

    /// Compares named outputs of a receipt's steps; the last output of a name counts.
    pub(crate) fn found(&mut self, expected: &BTreeMap<String, Written>, receipt: Option<&Receipt>) {
        let outputs = receipt.iter().flat_map(|receipt| &receipt.steps).flat_map(|step| &step.outputs);
        let found: BTreeMap<&str, String> =
            outputs.map(|output| (output.name.as_str(), value(output.value.as_ref()))).collect();
        for (name, expected) in expected {
            let got = found.get(name.as_str()).map_or("nothing", String::as_str);
            self.same(&format!("found.{name}"), Some(&expected.0), got);
        }
    }

    /// The answer with its expected values; `None` for a refusal, which is compared here.
    pub(crate) fn answer<T, A>(&mut self, got: Result<T, Status>, expect: Expect<A>) -> Option<(T, A)> {
        match (got, expect) {
            (Ok(answer), Expect::Answer(expected)) => Some((answer, expected)),
            (Ok(_), Expect::Refusal(refused)) => {
                self.failed(format!("expected {}, got an answer", joined(refused.refused.codes())));
                None
            }
            (Err(status), Expect::Answer(_)) => {
                self.failed(format!("expected an answer, got {}", told(&status)));
                None
            }
            (Err(status), Expect::Refusal(refused)) => {
                self.refusal(&status, &refused);
                None
            }
        }
    }

    fn refusal(&mut self, status: &Status, expected: &Refused) {
        let Some(info) = status.get_details_error_info() else {
            return self.failed(format!("expected {}, got {status}", joined(expected.refused.codes())));
        };
        let sorted = |mut codes: Vec<String>| {
            codes.sort();
            joined(codes)
        };
        let reasons = info.metadata.get("reasons").map_or("", String::as_str);
        let got = sorted(reasons.split(',').map(str::to_owned).collect());
        self.same("refused", Some(sorted(expected.refused.codes())), got);
        for (key, expected) in &expected.because {
            let got = info.metadata.get(key).map_or("nothing", String::as_str);
            self.same(&format!("because.{key}"), Some(&expected.0), got);
        }
    }

    /// Compares the rule ids of a receipt in order.
    pub(crate) fn receipt(&mut self, expected: Option<&[String]>, receipt: &Receipt) {
        self.list("receipt", expected, receipt.steps.iter().map(|step| &step.rule_id));
    }

    /// Compares the sum of a payer's lines in a receipt with the amount of the answer, whatever is expected.
    pub(crate) fn lines_of(&mut self, receipt: &Receipt, payer: Payer, fen: i64) {
        let payments = receipt.steps.iter().filter_map(|step| step.payment.as_ref());
        let sum: i64 = payments.filter(|line| line.payer == payer.to_wire()).map(|line| line.amount_fen).sum();
        self.same(&format!("payment lines of {payer}"), Some(Fen::new(fen)), Fen::new(sum));
    }
}

/// A code of the wire as it is written; `-` when not given.
pub(crate) fn code<T: Coded + Display>(number: i32) -> String {
    match T::from_wire(number) {
        Ok(code) => code.to_string(),
        Err(BadCode::Missing) => "-".to_owned(),
        Err(BadCode::Unknown) => format!("unknown code {number}"),
    }
}

/// A refusal in one line.
pub(crate) fn told(status: &Status) -> String {
    let reasons = status.get_details_error_info().and_then(|info| info.metadata.get("reasons").cloned());
    format!("{} ({})", reasons.unwrap_or_else(|| status.code().to_string()), status.message())
}

fn joined(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    format!("[{}]", items.join(", "))
}

/// A value of a receipt as a scenario writes it.
fn value(value: Option<&Value>) -> String {
    match value.and_then(|value| value.kind.as_ref()) {
        None => String::new(),
        Some(Kind::Fen(fen)) => Fen::new(*fen).to_string(),
        Some(Kind::Rate(text) | Kind::Date(text) | Kind::Code(text)) => text.clone(),
        Some(Kind::Count(count)) => count.to_string(),
        Some(Kind::Period(range)) => format!("{}/{}", range.start_date, range.end_date),
    }
}
