//! From where a connection came.

use std::net::IpAddr;

/// The address at the other end of a connection: the client's, or its proxy's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Groups of an IPv6 address that one customer of a provider gets as a whole (a /64).
const NETWORK_GROUPS: usize = 4;

impl Peer {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one() {
        let network = |text: &str| text.parse().map(|address| Peer(address).network());
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
    }
}
