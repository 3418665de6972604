//! A running suite: bound first, then built, then served; stopped in reverse order.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use juyi_kit::component::Component;
use juyi_kit::context::Context;
use juyi_kit::{CancellationToken, server};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::compose::{self, Service};
use crate::config::Config;

/// A suite or one of its services, answering on its address.
#[derive(Debug)]
pub struct Suite {
    /// Where it listens.
    pub address: SocketAddr,
    serving: JoinHandle<Result<(), tonic::transport::Error>>,
    background: JoinSet<()>,
    stop_serving: CancellationToken,
    context: Context,
}

impl Suite {
    /// Starts every service in this process behind the gateway.
    ///
    /// # Errors
    /// When the address cannot be bound or a database cannot be opened.
    pub async fn start(config: &Config, context: Context) -> Result<Self> {
        let listener = server::bind(&config.listen.address, config.listen.insecure).await?;
        let components = compose::all(config, &context).await?;
        Self::run(listener, components, context)
    }

    /// Starts one service with its peers in other processes.
    ///
    /// # Errors
    /// As [`Suite::start`], or for a peer's address that is not a URL.
    pub async fn start_one(service: Service, config: &Config, context: Context) -> Result<Self> {
        let listener = server::bind(&config.listen.address, config.listen.insecure).await?;
        let component = compose::one(service, config, &context).await?;
        Self::run(listener, vec![component], context)
    }

    /// Serves the last component; the others answer through channels in process.
    fn run(listener: TcpListener, components: Vec<Component>, context: Context) -> Result<Self> {
        let address = listener.local_addr()?;
        let mut background = JoinSet::new();
        let mut served = None;
        for component in components {
            for work in component.background {
                background.spawn(work);
            }
            served = Some((component.name, component.routes));
        }
        let (name, routes) = served.context("nothing to serve")?;
        let stop_serving = CancellationToken::new();
        let serving = tokio::spawn(server::serve(listener, name, routes, stop_serving.clone()));
        Ok(Self { address, serving, background, stop_serving, context })
    }

    /// Waits until a part that should run for ever ends: the listener, or work behind it.
    ///
    /// # Errors
    /// Always, with what ended; an orderly stop goes through [`Suite::stop`].
    pub async fn ended(&mut self) -> Result<()> {
        tokio::select! {
            served = &mut self.serving => {
                served??;
                bail!("the listener ended")
            }
            Some(Err(error)) = self.background.join_next() => Err(error).context("background work ended"),
        }
    }

    /// Ends the calls in flight, then the background work.
    ///
    /// # Errors
    /// Those of the transport.
    pub async fn stop(mut self) -> Result<()> {
        self.stop_serving.cancel();
        let served = (&mut self.serving).await;
        self.context.shutdown().cancel();
        let _ =
            tokio::time::timeout(server::GRACE, async { while self.background.join_next().await.is_some() {} }).await;
        served??;
        Ok(())
    }
}
