//! The methods that exist, from the contracts. Whatever else a caller writes into a path is the caller's own text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use prost::Message;
use prost_types::FileDescriptorSet;

/// Methods of the standard services beside the contracts.
const STANDARD: &[&str] = &[
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

static CONTRACTS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let descriptors = FileDescriptorSet::decode(juyi_proto::DESCRIPTORS).unwrap_or_default();
    let mut paths = BTreeSet::new();
    for file in descriptors.file {
        for service in &file.service {
            let names = service.method.iter().map(|method| method.name());
            paths.extend(names.map(|name| format!("/{}.{}/{name}", file.package(), service.name())));
        }
    }
    paths
});

/// Paths of every method of every contract, `/juyi.registry.v1.RegistryService/Enrol` and so on.
pub fn contracts() -> impl Iterator<Item = &'static str> {
    CONTRACTS.iter().map(String::as_str)
}

/// What logs and traces call a path: its own name if it is a method, `unknown` otherwise.
#[must_use]
pub fn label(path: &str) -> &'static str {
    let standard = STANDARD.iter().copied().find(|method| *method == path);
    standard.or_else(|| CONTRACTS.get(path).map(String::as_str)).unwrap_or("unknown")
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
}
