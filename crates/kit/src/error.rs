//! One error for every service, and its one conversion into a gRPC status.

use std::collections::HashMap;

use juyi_domain::refusal::{Kind, Reason, Refusal, Refusals};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// The `domain` of every `ErrorInfo`.
pub const DOMAIN: &str = "juyi";

/// Why a call fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules, the configuration or the state refuse.
    #[error(transparent)]
    Refused(#[from] Refusals),
    /// The database fails.
    #[error(transparent)]
    Storage(#[from] juyi_db::Error),
    /// Another service of the suite answered with an error.
    #[error("peer answered {}", .0.code())]
    Peer(Box<Status>),
    /// Stored or received data do not have the form the code guarantees.
    #[error("{0}")]
    Fault(&'static str),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Peer(Box::new(status))
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusals) => from_refusals(&refusals),
            Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended) => {
                let detail = "another writer changed this record at the same time; try again";
                from_refusals(&Refusal::new(Reason::RevisionConflict, detail).into())
            }
            Error::Storage(storage) => {
                tracing::error!(error = %storage, "storage failed");
                let reason = match storage {
                    juyi_db::Error::Corrupt { .. } => Reason::InternalFault,
                    _ => Reason::StorageUnavailable,
                };
                from_refusals(&Refusal::new(reason, "the database did not answer as expected").into())
            }
            // A refusal keeps its meaning across services; anything else says only that the peer is not there.
            Error::Peer(status) if status.get_details_error_info().is_some() => *status,
            Error::Peer(status) => {
                tracing::error!(code = ?status.code(), "peer failed");
                let refusal = Refusal::new(Reason::PeerUnavailable, "another service of the suite did not answer");
                from_refusals(&refusal.into())
            }
            Error::Fault(what) => {
                tracing::error!(what, "internal fault");
                from_refusals(&Refusal::new(Reason::InternalFault, "an internal fault was logged").into())
            }
        }
    }
}

/// Answers a call: the one place where an error becomes a status.
///
/// # Errors
/// The status of the error.
pub async fn answer<T>(work: impl Future<Output = Result<T, Error>>) -> Result<tonic::Response<T>, Status> {
    work.await.map(tonic::Response::new).map_err(Status::from)
}

/// The gRPC code of a kind of failure.
#[must_use]
pub const fn code(kind: Kind) -> Code {
    match kind {
        Kind::InvalidArgument => Code::InvalidArgument,
        Kind::NotFound => Code::NotFound,
        Kind::PermissionDenied => Code::PermissionDenied,
        Kind::AlreadyExists => Code::AlreadyExists,
        Kind::FailedPrecondition => Code::FailedPrecondition,
        Kind::Aborted => Code::Aborted,
        Kind::OutOfRange => Code::OutOfRange,
        Kind::Unimplemented => Code::Unimplemented,
        Kind::Unavailable => Code::Unavailable,
        Kind::Internal => Code::Internal,
    }
}

/// The status of all failing conditions: the gravest kind gives code and reason, every condition stands in the
/// details, and a person at a desk finds the Chinese text.
#[must_use]
pub fn from_refusals(refusals: &Refusals) -> Status {
    let all = &refusals.0;
    let Some(first) = all.iter().min_by_key(|refusal| refusal.reason.kind()) else {
        return Status::internal("refused without a reason");
    };
    let mut metadata: HashMap<String, String> =
        first.metadata.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    if let Some(rule_id) = &first.rule_id {
        metadata.insert("rule_id".to_owned(), rule_id.to_string());
    }
    let codes: Vec<_> = all.iter().map(|refusal| refusal.reason.code()).collect();
    metadata.insert("reasons".to_owned(), codes.join(","));

    let mut details = ErrorDetails::with_error_info(first.reason.code(), DOMAIN, metadata);
    for refusal in all {
        if refusal.reason.kind() == Kind::InvalidArgument {
            details.add_bad_request_violation(
                refusal.field.as_deref().unwrap_or_default(),
                format!("{}: {}", refusal.reason, refusal.detail),
            );
        } else {
            let subject = refusal.rule_id.as_deref().or(refusal.field.as_deref()).unwrap_or_default();
            details.add_precondition_failure_violation(refusal.reason.code(), subject, refusal.detail.as_str());
        }
    }
    let mut messages: Vec<_> = all.iter().map(|refusal| refusal.reason.message_zh()).collect();
    messages.dedup();
    details.set_localized_message("zh-CN", messages.join("；"));
    Status::with_error_details(code(first.reason.kind()), refusals.to_string(), details)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_stands_in_the_status() {
        let mut refusals = Refusals::default();
        refusals.push(Refusal::new(Reason::WindowClosed, "closed since 2021-07-01").by("J-3.1-b"));
        refusals.push(Refusal::new(Reason::RequiredFieldMissing, "tier is required").at("tier"));
        let status = from_refusals(&refusals);
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("REQUIRED_FIELD_MISSING", "juyi"));
        assert_eq!(info.metadata["reasons"], "WINDOW_CLOSED,REQUIRED_FIELD_MISSING");
        assert_eq!(details.bad_request().unwrap().field_violations[0].field, "tier");
        assert_eq!(details.precondition_failure().unwrap().violations[0].subject, "J-3.1-b");
        assert_eq!(details.localized_message().unwrap().locale, "zh-CN");
    }

    #[test]
    fn a_peers_refusal_keeps_its_meaning_and_its_crash_does_not_leak() {
        let refusal = from_refusals(&Refusal::new(Reason::PersonNotFound, "no such person").into());
        assert_eq!(Status::from(Error::from(refusal)).code(), Code::NotFound);
        let crash = Status::from(Error::from(Status::unknown("secret text")));
        assert_eq!(crash.code(), Code::Unavailable);
        assert!(!crash.message().contains("secret"));
    }
}
