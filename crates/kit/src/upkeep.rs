//! Work beside the calls: what a call, or a process that died, left half done is brought to its end.

use std::fmt::Display;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Does a round of work at the start and then again and again, until the process stops. A round that fails is told as
/// `failing`, and the next one tries again. One under way at the stop is dropped: what is half done is in a transaction.
pub async fn run<F, E>(shutdown: &CancellationToken, every: Duration, failing: &'static str, round: impl Fn() -> F)
where
    F: Future<Output = Result<(), E>>,
    E: Display,
{
    let mut turn = tokio::time::interval(every);
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = turn.tick() => {}
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            done = round() => if let Err(error) = done {
                tracing::warn!(%error, "{failing}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A failure is followed by another round; the stop ends the one that hangs.
    #[tokio::test]
    async fn rounds_go_on_until_the_process_stops() {
        let (shutdown, rounds) = (CancellationToken::new(), AtomicUsize::new(0));
        let round = async || match rounds.fetch_add(1, Ordering::Relaxed) {
            0 => Err("not yet"),
            1 => Ok(()),
            _ => {
                shutdown.cancel();
                std::future::pending().await
            }
        };
        run(&shutdown, Duration::from_millis(1), "rounds wait", round).await;
        assert_eq!(rounds.into_inner(), 3);
    }
}
