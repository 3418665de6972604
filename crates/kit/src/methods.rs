//! The methods that exist, from the contracts. Whatever else a caller writes into a path is the caller's own text.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use prost::Message;
use prost_types::FileDescriptorSet;

/// Methods of the standard services beside the contracts.
const STANDARD: &[&str] = &[
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// How long a call may take until its answer begins.
const PATIENCE: Duration = Duration::from_secs(60);
/// The same for a method whose caller sends a stream: hundreds of thousands of rows over a slow line, and the work on
/// them. Such a method watches for itself that rows keep coming.
const PATIENCE_WITH_STREAMS: Duration = Duration::from_secs(30 * 60);

/// Every method by its path; true when its caller sends a stream.
static CONTRACTS: LazyLock<BTreeMap<String, bool>> = LazyLock::new(|| {
    let descriptors = FileDescriptorSet::decode(juyi_proto::DESCRIPTORS).unwrap_or_default();
    let mut paths = BTreeMap::new();
    for file in descriptors.file {
        for service in &file.service {
            let path = |name: &str| format!("/{}.{}/{name}", file.package(), service.name());
            paths.extend(service.method.iter().map(|method| (path(method.name()), method.client_streaming())));
        }
    }
    paths
});

/// Paths of every method of every contract, `/juyi.registry.v1.RegistryService/Enrol` and so on.
pub fn contracts() -> impl Iterator<Item = &'static str> {
    CONTRACTS.keys().map(String::as_str)
}

/// How long a call of this path may take until its answer begins.
#[must_use]
pub fn patience(path: &str) -> Duration {
    if CONTRACTS.get(path) == Some(&true) { PATIENCE_WITH_STREAMS } else { PATIENCE }
}

/// What logs and traces call a path: its own name if it is a method, `unknown` otherwise.
#[must_use]
pub fn label(path: &str) -> &'static str {
    let standard = STANDARD.iter().copied().find(|method| *method == path);
    standard.or_else(|| CONTRACTS.get_key_value(path).map(|(path, _)| path.as_str())).unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_methods_have_a_name() {
        assert!(contracts().any(|method| method == "/juyi.settlement.v1.SettlementService/Settle"));
        assert_eq!(label("/grpc.health.v1.Health/Check"), "/grpc.health.v1.Health/Check");
        assert_eq!(label("/juyi.x/120118199001011234-somebody"), "unknown");
    }

    #[test]
    fn only_who_sends_a_stream_may_take_long() {
        assert_eq!(patience("/juyi.registry.v1.RosterService/SubmitRoster"), PATIENCE_WITH_STREAMS);
        assert_eq!(patience("/juyi.registry.v1.RosterService/GetRoster"), PATIENCE);
        assert_eq!(patience("/grpc.health.v1.Health/Watch"), PATIENCE);
        assert_eq!(patience("/juyi.x/nothing"), PATIENCE);
    }
}
