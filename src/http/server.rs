//! The accept loop, with the bounds that `axum::serve` lacks: time and size of headers, number and age of connections,
//! and an orderly end.
//!
//! HTTP/1.1 only; whatever else (TLS, HTTP/2) is the proxy's business.

use std::{collections::HashMap, io, net::IpAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Extension, Router, extract::ConnectInfo};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use parking_lot::Mutex;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{sleep, timeout},
};

use super::client::is_trusted;
use crate::{config::Config, telemetry};

/// Pause after a failed `accept`, which mostly means that the process has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then finishes what is being answered, within `limits.drain`.
///
/// # Errors
/// None today; the signature leaves room for listeners that can fail for good.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    config: Arc<Config>,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let limits = &config.limits;
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_buf_size(limits.header_bytes)
        .keep_alive(true);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let seats = Arc::new(Seats { taken: Mutex::default(), per_address: limits.connections_per_address });
    let (stopping, _) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let slot = slots.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (Ok(slot), Ok((stream, peer))) = (slot, accepted) else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let Some(seat) = Seat::take(&seats, peer.ip(), &config) else {
            metrics::counter!(telemetry::HTTP_CONNECTIONS_REFUSED).increment(1);
            continue;
        };
        let service = TowerToHyperService::new(app.clone().layer(Extension(ConnectInfo(peer))));
        let connection = protocol.serve_connection(TokioIo::new(prepared(stream)), service);
        let (age, drain, mut stopping) = (limits.connection_age, limits.drain, stopping.subscribe());
        tokio::spawn(async move {
            metrics::gauge!(telemetry::HTTP_CONNECTIONS).increment(1);
            let mut connection = pin!(connection);
            // A connection that breaks off is the client's affair; there is nobody to tell.
            let done = tokio::select! {
                _ = connection.as_mut() => true,
                () = sleep(age) => false,
                _ = stopping.changed() => false,
            };
            if !done {
                connection.as_mut().graceful_shutdown();
                let _ = timeout(drain, connection).await;
            }
            metrics::gauge!(telemetry::HTTP_CONNECTIONS).decrement(1);
            drop((slot, seat));
        });
    }
    drop(listener);
    let _ = stopping.send(true);
    // All slots are free again when the last connection is gone.
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if timeout(limits.drain, slots.acquire_many(all)).await.is_err() {
        tracing::warn!(seconds = limits.drain.as_secs(), "some connections did not end in time and were cut");
    }
    Ok(())
}

/// Small answers must not wait for the next packet. Where it cannot be set, they do; nothing else changes.
fn prepared(stream: TcpStream) -> TcpStream {
    let _ = stream.set_nodelay(true);
    stream
}

/// How many connections each address has.
struct Seats {
    taken: Mutex<HashMap<IpAddr, usize>>,
    per_address: usize,
}

/// One connection of an address; gives its place back when dropped.
struct Seat {
    seats: Arc<Seats>,
    address: Option<IpAddr>,
}

impl Seat {
    /// A place for a connection from this address; none where it has too many. Proxies and loopback are not counted.
    fn take(seats: &Arc<Seats>, address: IpAddr, config: &Config) -> Option<Self> {
        let address = address.to_canonical();
        if address.is_loopback() || is_trusted(address, &config.trusted_proxies) {
            return Some(Self { seats: Arc::clone(seats), address: None });
        }
        let mut taken = seats.taken.lock();
        let count = taken.entry(address).or_default();
        if *count >= seats.per_address {
            return None;
        }
        *count += 1;
        Some(Self { seats: Arc::clone(seats), address: Some(address) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut taken = self.seats.taken.lock();
        if let Some(count) = taken.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let mut config = Config::default();
        config.limits.connections_per_address = 2;
        config.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a block")];
        let seats = Arc::new(Seats { taken: Mutex::default(), per_address: config.limits.connections_per_address });
        let take = |address: &str| Seat::take(&seats, address.parse().expect("an address"), &config);
        let first = take("203.0.113.7");
        let second = take("203.0.113.7");
        assert!(first.is_some() && second.is_some());
        assert!(take("203.0.113.7").is_none());
        assert!(take("203.0.113.8").is_some());
        drop(first);
        assert!(take("203.0.113.7").is_some());
        let many: Vec<_> = (0..10).flat_map(|_| [take("127.0.0.1"), take("10.1.2.3")]).collect();
        assert!(many.iter().all(Option::is_some), "loopback and trusted proxies speak for many");
        drop((second, many));
        assert!(seats.taken.lock().is_empty());
    }
}
