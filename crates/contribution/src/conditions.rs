//! What a refusal says, ours or the registry's.

use std::collections::HashMap;

use juyi_domain::refusal::{Kind, Reason};
use juyi_kit::error::Error;
use juyi_proto::common::v1::Condition;
use tonic::Status;
use tonic_types::StatusExt;

/// The reasons of a refusal; none for what is no refusal.
pub(crate) fn reasons(error: &Error) -> Vec<Reason> {
    let found = match error {
        Error::Refused(refusals) => refusals.0.iter().map(|refusal| refusal.reason).collect(),
        Error::Peer(status) => told(status),
        Error::Storage(_) | Error::Fault(_) => Vec::new(),
    };
    if found.iter().any(|reason| reason.kind() >= Kind::Aborted) { Vec::new() } else { found }
}

/// The reasons that a status tells.
fn told(status: &Status) -> Vec<Reason> {
    let Some(info) = status.get_details_error_info() else { return Vec::new() };
    let codes = info.metadata.get("reasons").map_or(info.reason.as_str(), String::as_str);
    codes.split(',').filter_map(|code| Reason::ALL.iter().copied().find(|reason| reason.code() == code)).collect()
}

/// The failing conditions of a refusal; what is no refusal stays an error.
pub(crate) fn conditions(status: &Status) -> Result<Vec<Condition>, Status> {
    let Some(info) = status.get_details_error_info() else { return Err(status.clone()) };
    let reasons = told(status);
    if reasons.is_empty() || reasons.iter().any(|reason| reason.kind() >= Kind::Aborted) {
        return Err(status.clone());
    }
    let condition = |reason: Reason| Condition {
        reason: reason.code().to_owned(),
        rule_id: info.metadata.get("rule_id").cloned().unwrap_or_default(),
        detail: status.message().to_owned(),
        message: reason.message_zh().to_owned(),
        metadata: facts(&info.metadata),
    };
    Ok(reasons.into_iter().map(condition).collect())
}

fn facts(metadata: &HashMap<String, String>) -> HashMap<String, String> {
    metadata.iter().filter(|(key, _)| !matches!(key.as_str(), "reasons" | "rule_id")).map(own).collect()
}

fn own((key, value): (&String, &String)) -> (String, String) {
    (key.clone(), value.clone())
}
