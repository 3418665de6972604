//! Serving a component on a listener that is already bound.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::edge::EdgeLayer;

/// How long calls in flight may last after the signal to stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// Why a listener cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The address is not `host:port`.
    #[error("listen.address is not an IP address and port")]
    BadAddress,
    /// Beyond loopback without saying so.
    #[error(
        "{0} is beyond loopback, where callers are not authenticated; set listen.insecure = true on a private network"
    )]
    BeyondLoopback(SocketAddr),
    /// The system refuses.
    #[error("cannot listen on {0}: {1}")]
    Refused(SocketAddr, std::io::Error),
}

/// Binds, and refuses to listen beyond loopback unless told to.
///
/// # Errors
/// [`ListenError`].
pub async fn bind(address: &str, insecure: bool) -> Result<TcpListener, ListenError> {
    let address: SocketAddr = address.parse().map_err(|_| ListenError::BadAddress)?;
    if !insecure && !address.ip().is_loopback() {
        return Err(ListenError::BeyondLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|error| ListenError::Refused(address, error))
}

/// Serves until the token is cancelled, then lets calls in flight finish for [`GRACE`].
///
/// # Errors
/// Those of the transport.
pub async fn serve(
    listener: TcpListener,
    service: &'static str,
    routes: Routes,
    shutdown: CancellationToken,
) -> Result<(), tonic::transport::Error> {
    let deadline = shutdown.clone();
    // Otherwise an answer of more than one packet waits for the reader's acknowledgement, 40 ms of nothing. The builder's
    // own setting does not reach connections of a listener that was bound elsewhere.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let served = Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(60)))
        .layer(EdgeLayer { service })
        .add_routes(routes)
        .serve_with_incoming_shutdown(incoming, shutdown.cancelled_owned());
    tokio::select! {
        outcome = served => outcome,
        () = async { deadline.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!(service, "calls were cut off at the end of the grace period");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listens_on_loopback_only_unless_told() {
        assert!(bind("127.0.0.1:0", false).await.is_ok());
        assert!(matches!(bind("0.0.0.0:0", false).await, Err(ListenError::BeyondLoopback(_))));
        assert!(bind("0.0.0.0:0", true).await.is_ok());
        assert!(matches!(bind("somewhere", true).await, Err(ListenError::BadAddress)));
    }
}
