//! What every stand-in serves on: a port of 127.0.0.1 and a thread of its own, until it is dropped.

mod connection;

pub(crate) use connection::ResetHandle;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use connection::ResettableListener;
use tokio::sync::oneshot;

/// A running server. It ends when it is dropped, and cuts its connections then.
#[derive(Debug)]
pub(crate) struct LoopbackServer {
    name: &'static str,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LoopbackServer {
    /// Serves `router` on this port of 127.0.0.1, or a free one; when this returns, calls are answered. `name` is that of the
    /// thread. Handlers may take a [`ResetHandle`] of their connection.
    ///
    /// It runs on a thread of its own, so that a busy caller does not stretch what it takes to answer, and may be started
    /// inside an asynchronous runtime or without one.
    ///
    /// # Errors
    /// When the port is taken or a thread cannot be had.
    pub(crate) fn start(name: &'static str, port: Option<u16>, router: Router) -> anyhow::Result<Self> {
        let port = port.unwrap_or(0);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .with_context(|| format!("cannot listen on port {port} of 127.0.0.1, try another"))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .with_context(|| format!("cannot make a runtime for {name}"))?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                runtime.block_on(serve(name, listener, router, stopped));
                // Not waiting for a name that is being resolved.
                runtime.shutdown_background();
            })
            .with_context(|| format!("cannot start a thread for {name}"))?;
        Ok(Self { name, address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base address.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it and waits until the port is free.
    pub(crate) async fn stop(mut self) {
        self.stop.take();
        // The thread ends within a moment, but that moment must not be taken from a runtime.
        while self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!(name = self.name, "the thread of a server panicked");
        }
    }
}

/// Serves until the other end of `stopped` is gone.
async fn serve(name: &'static str, listener: TcpListener, router: Router, stopped: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => ResettableListener(listener),
        Err(error) => {
            tracing::error!(name, %error, "the listener of a server cannot be used");
            return;
        }
    };
    let service = router.into_make_service_with_connect_info::<ResetHandle>();
    tokio::select! {
        ended = axum::serve(listener, service) => {
            if let Err(error) = ended {
                tracing::error!(name, %error, "a server ended by itself");
            }
        }
        _ = stopped => {}
    }
}
