//! Who asks: the real address behind trusted proxies, and how often it may.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock, clock::DefaultClock};
use hyper::{HeaderMap, header::FORWARDED};

use crate::{
    config::{Config, Network, limits::Rate},
    http::problem::{Problem, RATE_LIMITED},
};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its address, as far as we can know it.
    pub address: IpAddr,
    /// Whether the request came from this machine, through no proxy.
    pub local: bool,
    /// Whether rate limits hold for it. Behind a loopback proxy that is not in `trusted_proxies` all clients look the
    /// same; limiting them would lock a city out over a forgotten setting.
    pub limited: bool,
}

const FORWARDING_HEADERS: &[&str] = &["forwarded", "x-forwarded-for", "x-real-ip", "via"];

impl Client {
    /// The client of a request that came over a connection from `peer`.
    pub fn of(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let peer = peer.ip().to_canonical();
        if is_trusted(peer, trusted) {
            let address = forwarded_for(headers, trusted).unwrap_or(peer);
            return Self { address, local: false, limited: !is_trusted(address, trusted) };
        }
        let through_proxy = FORWARDING_HEADERS.iter().any(|name| headers.contains_key(*name));
        let loopback = peer.is_loopback();
        Self { address: peer, local: loopback && !through_proxy, limited: !loopback }
    }
}

/// Whether a peer is one of the trusted proxies.
pub fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|block| block.contains(address))
}

/// The nearest address in the chain of proxies that is not a trusted proxy itself: everything left of it is hearsay.
fn forwarded_for(headers: &HeaderMap, trusted: &[Network]) -> Option<IpAddr> {
    let chain: Vec<Option<IpAddr>> = if headers.contains_key(FORWARDED) {
        elements(headers, "forwarded").map(forwarded_element).collect()
    } else {
        elements(headers, "x-forwarded-for").map(node_address).collect()
    };
    let mut nearest = None;
    for address in chain.into_iter().rev() {
        // An unreadable element ends what can be known.
        let Some(address) = address else { break };
        nearest = Some(address);
        if !is_trusted(address, trusted) {
            break;
        }
    }
    nearest
}

fn elements<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','))
}

/// Address in `for=…` of an element (RFC 7239, section 4).
fn forwarded_element(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| node_address(value.trim().trim_matches('"')))?
    })
}

/// Address with or without port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`.
fn node_address(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    let address = IpAddr::from_str(node).ok().or_else(|| SocketAddr::from_str(node).ok().map(|socket| socket.ip()));
    address.or_else(|| node.strip_prefix('[')?.strip_suffix(']')?.parse().ok()).map(|address| address.to_canonical())
}

/// What a request costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cost {
    /// Nothing worth counting: assets, health.
    Free,
    /// A search, an entry, a page.
    Read,
    /// An export, an explained search.
    Heavy,
    /// A request of staff.
    Staff,
    /// A notice to the editors.
    Notice,
}

/// A block of addresses that counts as one client: IPv4 /24, IPv6 /48. Never logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Block {
    V4([u8; 3]),
    V6([u8; 6]),
}

impl Block {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, ..] = address.octets();
                Self::V6([a, b, c, d, e, f])
            }
        }
    }
}

/// How often each block of addresses may ask.
pub struct RateLimits {
    reads: DefaultKeyedRateLimiter<Block>,
    heavy: DefaultKeyedRateLimiter<Block>,
    staff: DefaultKeyedRateLimiter<Block>,
    notices: DefaultKeyedRateLimiter<Block>,
    clock: DefaultClock,
    blocks_max: usize,
}

impl RateLimits {
    /// Limits as configured.
    pub fn new(config: &Config) -> Self {
        let limiter = |rate: Rate| RateLimiter::keyed(Quota::per_second(rate.per_second).allow_burst(rate.burst));
        let limits = &config.limits;
        Self {
            reads: limiter(limits.rate_reads),
            heavy: limiter(limits.rate_heavy),
            staff: limiter(limits.rate_staff),
            notices: RateLimiter::keyed(Quota::per_hour(limits.notices_per_hour)),
            clock: DefaultClock::default(),
            blocks_max: limits.rate_blocks,
        }
    }

    /// Takes one request from what the client may still ask.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn check(&self, client: Client, cost: Cost) -> Result<(), Problem> {
        if !client.limited {
            return Ok(());
        }
        let limiter = match cost {
            Cost::Free => return Ok(()),
            Cost::Read => &self.reads,
            Cost::Heavy => &self.heavy,
            Cost::Staff => &self.staff,
            Cost::Notice => &self.notices,
        };
        if limiter.len() > self.blocks_max {
            limiter.retain_recent();
        }
        limiter.check_key(&Block::of(client.address)).map_err(|refused| {
            let wait = refused.wait_time_from(self.clock.now());
            let seconds = whole_seconds(wait);
            Problem::new(&RATE_LIMITED)
                .detail(
                    format!("Versuchen Sie es in {seconds} Sekunden noch einmal."),
                    format!("Try again in {seconds} seconds."),
                )
                .retry_after(seconds)
        })
    }

    /// Forgets blocks that have all their requests left.
    pub fn sweep(&self) {
        for limiter in [&self.reads, &self.heavy, &self.staff, &self.notices] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
