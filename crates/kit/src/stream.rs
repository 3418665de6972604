//! What callers stream to a service, message by message.

use std::time::Duration;

use juyi_domain::refusal::{Reason, Refusal};
use tokio::sync::mpsc::Sender;
use tonic::{Code, Status, Streaming};

use crate::context::Context;
use crate::error::Error;

/// How long the next message, or taking an answer, may take. The call as a whole has no such end.
pub const WITHIN: Duration = Duration::from_secs(60);

/// The next message; `None` at the end of the stream. `advice` tells the caller what to do when it broke off.
///
/// # Errors
/// `TIMED_OUT` when nothing came in time or the stream broke off, `MESSAGE_TOO_LARGE`, and `VALUE_NOT_ALLOWED` for bytes
/// that are no message of the contract.
pub async fn next<T>(stream: &mut Streaming<T>, advice: &str) -> Result<Option<T>, Error> {
    let message = tokio::time::timeout(WITHIN, stream.message()).await.map_err(|_| {
        let detail = format!("nothing came for {} s; {advice}", WITHIN.as_secs());
        Refusal::new(Reason::TimedOut, detail)
    })?;
    message.map_err(|status| broken(&status, advice))
}

/// The transport refuses a message in the middle of a stream before any code of ours sees it.
fn broken(status: &Status, advice: &str) -> Error {
    match status.code() {
        Code::OutOfRange => Refusal::new(Reason::MessageTooLarge, status.message()).into(),
        Code::Internal if status.message().starts_with("failed to decode Protobuf message") => {
            Refusal::new(Reason::ValueNotAllowed, "the message cannot be read as the contract says").into()
        }
        // Nobody is there to read the answer.
        _ => Refusal::new(Reason::TimedOut, format!("the stream broke off; {advice}")).into(),
    }
}

/// False when nobody takes the answer: the caller left, reads nothing for too long, or the process ends.
pub async fn send<T>(context: &Context, answers: &Sender<T>, answer: T) -> bool {
    tokio::select! {
        () = context.shutdown().cancelled() => false,
        sent = tokio::time::timeout(WITHIN, answers.send(answer)) => matches!(sent, Ok(Ok(()))),
    }
}
