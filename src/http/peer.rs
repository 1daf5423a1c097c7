//! From where a request came.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// What proxies add their own client's address to.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address that a request came from, as far as it can be known: the other end of the connection, or who was before the proxies
/// that operators trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Groups of an IPv6 address that one customer of a provider gets as a whole (a /64).
const NETWORK_GROUPS: usize = 4;

impl Peer {
    /// Who sent a request over a connection from `other_end`. Each proxy appends to `X-Forwarded-For` whom it heard, so it is read from
    /// behind, for as long as the address that said so is a trusted proxy's: what is before that may be anybody's word.
    pub(super) fn of_request(other_end: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address.to_canonical()));
        let mut peer = other_end;
        if !is_trusted(peer) {
            return Self(peer);
        }
        let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
        let hops = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
        for hop in hops {
            let Some(address) = address(hop.trim()) else { break };
            peer = address;
            if !is_trusted(peer) {
                break;
            }
        }
        Self(peer)
    }

    /// What limits are counted by: the address, of IPv6 its network.
    pub(super) fn network(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let groups = address.segments();
                groups[..NETWORK_GROUPS].iter().map(|group| format!("{group:x}:")).collect()
            }
        }
    }
}

/// An address as proxies write it: some add the port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(other_end: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(X_FORWARDED_FOR, axum::http::HeaderValue::from_static(line));
        }
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap_or_else(|_| panic!("{network}")));
        let other_end = other_end.parse().unwrap_or_else(|_| panic!("{other_end}"));
        Peer::of_request(other_end, &headers, &trusted).0.to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_only_what_they_saw() {
        assert_eq!(peer("192.0.2.7", &["198.51.100.1"]), "192.0.2.7", "anybody can send the header");
        assert_eq!(peer("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(peer("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(peer("10.0.0.1", &["1.1.1.1, 198.51.100.1"]), "198.51.100.1", "the client forged the first");
        assert_eq!(peer("10.0.0.1", &["1.1.1.1", "198.51.100.1, 10.9.9.9"]), "198.51.100.1", "two proxies, two lines");
        assert_eq!(peer("fd00::1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(peer("::ffff:10.0.0.1", &["198.51.100.1:80"]), "198.51.100.1");
        assert_eq!(peer("10.0.0.1", &["198.51.100.1, nonsense"]), "10.0.0.1");
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let network = |text: &str| text.parse().map(|address| Peer(address).network());
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
    }
}
