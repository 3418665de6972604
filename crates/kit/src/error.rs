//! One error for every service, and its one conversion into a gRPC status.

use std::collections::HashMap;

use juyi_domain::refusal::{Kind, Reason, Refusal, Refusals};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// The `domain` of every `ErrorInfo`.
pub const DOMAIN: &str = "juyi";

/// Conditions that one status names.
pub const MOST_NAMED: usize = 20;

/// Bytes of message and details in the headers. Clients refuse headers that are too long, and the whole answer with them:
/// gRPC's own at 8 KiB, hyper's at 16 KiB.
pub const ROOM: usize = 7_500;

/// Bytes of the message, which says in short what the details say.
const MESSAGE: usize = 800;
/// Bytes of each text of a condition.
const TEXT: usize = 600;

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

/// The status of the failing conditions: the gravest kind gives code and reason, the conditions stand in the details, and
/// a person at a desk finds the Chinese text. It always fits into the headers that clients take ([`ROOM`]): of more
/// conditions it names the first, and how many there are besides.
#[must_use]
pub fn from_refusals(refusals: &Refusals) -> Status {
    let all = &refusals.0;
    let Some(gravest) = (0..all.len()).min_by_key(|index| all.get(*index).map(|refusal| refusal.reason.kind())) else {
        return Status::internal("refused without a reason");
    };
    let mut named = all.len().min(MOST_NAMED);
    loop {
        let status = naming(all, gravest, named);
        if named <= 1 || bytes(&status) <= ROOM {
            return status;
        }
        named -= 1;
    }
}

/// The status that names so many conditions, the gravest among them.
fn naming(all: &[Refusal], gravest: usize, named: usize) -> Status {
    let before = if gravest < named { named } else { named - 1 };
    let mut told: Vec<Refusal> = all.iter().take(before).cloned().collect();
    told.extend(all.get(gravest).filter(|_| gravest >= named).cloned());
    let first = told.get(gravest.min(named - 1)).cloned();
    let mut metadata = HashMap::new();
    let more = all.len() - named;
    if more > 0 {
        metadata.insert("more_reasons".to_owned(), more.to_string());
        told.push(Refusal::new(Reason::MoreReasons, format!("{more} more conditions fail")));
    }
    let codes: Vec<_> = told.iter().map(|refusal| refusal.reason.code()).collect();
    metadata.insert("reasons".to_owned(), codes.join(","));
    let reason = first.as_ref().map_or(Reason::MoreReasons, |first| first.reason);
    if let Some(first) = &first {
        metadata.extend(first.metadata.iter().map(|(key, value)| ((*key).to_owned(), clipped(value, TEXT))));
        metadata.extend(first.rule_id.iter().map(|rule_id| ("rule_id".to_owned(), rule_id.to_string())));
    }

    let mut details = ErrorDetails::with_error_info(reason.code(), DOMAIN, metadata);
    for refusal in &told {
        let detail = clipped(&refusal.detail, TEXT);
        if refusal.reason.kind() == Kind::InvalidArgument {
            let field = refusal.field.as_deref().unwrap_or_default();
            details.add_bad_request_violation(field, format!("{}: {detail}", refusal.reason));
        } else {
            let subject = refusal.rule_id.as_deref().or(refusal.field.as_deref()).unwrap_or_default();
            details.add_precondition_failure_violation(refusal.reason.code(), subject, detail);
        }
    }
    let mut messages: Vec<_> = Vec::new();
    for refusal in &told {
        if !messages.contains(&refusal.reason.message_zh()) {
            messages.push(refusal.reason.message_zh());
        }
    }
    details.set_localized_message("zh-CN", messages.join("；"));
    Status::with_error_details(code(reason.kind()), clipped(&Refusals(told).to_string(), MESSAGE), details)
}

/// What a status takes in the headers, in which the message is percent-encoded and the details are in Base64.
fn bytes(status: &Status) -> usize {
    let encoded = |byte: u8| if byte.is_ascii_alphanumeric() { 1 } else { 3 };
    status.message().bytes().map(encoded).sum::<usize>() + status.details().len().div_ceil(3) * 4
}

/// The beginning of a text that is longer than so many bytes.
fn clipped(text: &str, most: usize) -> String {
    if text.len() <= most { text.to_owned() } else { format!("{}...", &text[..text.floor_char_boundary(most)]) }
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

    /// What clients would refuse is never made, whatever is refused.
    #[test]
    fn a_status_always_fits_into_the_headers_and_says_what_it_leaves_out() {
        let row = |number: usize| {
            let detail = format!("care_kind of row {number} is required, and no kind can stand in for it");
            Refusal::new(Reason::RequiredFieldMissing, detail).at("rows.care_kind").with("row", number)
        };
        let status = from_refusals(&Refusals((1..=1_000).map(row).collect()));
        assert!(bytes(&status) <= ROOM);
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!(details.bad_request().unwrap().field_violations.len(), MOST_NAMED);
        assert_eq!(info.metadata["more_reasons"], "980");
        assert!(info.metadata["reasons"].ends_with(",REQUIRED_FIELD_MISSING,MORE_REASONS"));
        assert_eq!(info.metadata["row"], "1");
        let more = &details.precondition_failure().unwrap().violations[0];
        assert_eq!((more.r#type.as_str(), more.description.as_str()), ("MORE_REASONS", "980 more conditions fail"));
        assert_eq!(details.localized_message().unwrap().message, "缺少必填项；另有其他问题未逐条列出");

        // Long texts make the list shorter; one condition alone always fits.
        let long =
            |_| Refusal::new(Reason::SettleAnew, "值".repeat(2_000)).by("J-5.1-a").with("parameter", "x".repeat(9_000));
        for count in [1, 2, 20, 21] {
            let status = from_refusals(&Refusals((0..count).map(long).collect()));
            assert!(bytes(&status) <= ROOM, "{count}: {}", bytes(&status));
            let named = status.get_error_details().precondition_failure().unwrap().violations.len();
            assert!(named >= 1 && named <= count);
        }
    }

    /// Twenty conditions are named without a word about more, one more is not.
    #[test]
    fn what_fits_is_named_whole() {
        let refusals = |count| Refusals(vec![Refusal::new(Reason::WindowClosed, "closed").by("J-3.1-b"); count]);
        for (count, more) in [(20, None), (21, Some("1"))] {
            let info = from_refusals(&refusals(count)).get_details_error_info().unwrap();
            assert_eq!(info.metadata.get("more_reasons").map(String::as_str), more);
        }
    }

    /// The gravest condition gives code and reason wherever it stands, and is named.
    #[test]
    fn the_gravest_condition_is_named_wherever_it_stands() {
        let mut refusals = Refusals(vec![Refusal::new(Reason::WindowClosed, "closed"); 100]);
        refusals.push(Refusal::new(Reason::UnknownEnum, "tier is not a code").at("tier").with("tier", 9));
        let status = from_refusals(&refusals);
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        let info = details.error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.metadata["tier"].as_str()), ("UNKNOWN_ENUM", "9"));
        assert_eq!(info.metadata["more_reasons"], "81");
        assert_eq!(details.bad_request().unwrap().field_violations[0].field, "tier");
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
