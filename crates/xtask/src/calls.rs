//! Which service may call which: the generated clients that each service's code names.

use crate::arch::{self, SERVICES};
use crate::manifest::Metadata;
use crate::source;
use anyhow::Result;
use std::collections::BTreeSet;

/// Caller and callees. Calls that deliver outbox events stand here like any other.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("gateway", &SERVICES),
    ("registry", &["benefit-period"]),
    ("contribution", &["registry", "benefit-period"]),
    ("benefit-period", &["registry"]),
    ("settlement", &["benefit-period", "assistance"]),
    ("assistance", &[]),
    ("accident", &["registry", "benefit-period", "settlement"]),
];

/// Prints each caller with its callees and returns the calls that are not allowed.
///
/// # Errors
/// When a source file cannot be read.
pub(crate) fn problems(metadata: &Metadata) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in &metadata.packages {
        let caller = arch::short_name(&package.name);
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == caller) else { continue };
        let mut callees = BTreeSet::new();
        for file in source::files(&package.directory().join("src"), &["rs"])? {
            callees.extend(clients_in(&source::read(&file)?));
        }
        // A service's own client is how its tests call it.
        callees.remove(caller);
        println!("  {caller:<14} calls {}", Vec::from_iter(callees.iter().copied()).join(", "));
        let refused = callees.iter().filter(|callee| !allowed.contains(callee));
        problems.extend(refused.map(|callee| format!("{caller} may not call {callee}")));
    }
    Ok(problems)
}

/// The services whose generated client the code (not its tests) names.
fn clients_in(text: &str) -> BTreeSet<&'static str> {
    let stripped = source::strip(source::split_tests(text).0);
    let words: BTreeSet<&str> = source::words(&stripped).map(|(_, word)| word).collect();
    let named = |service: &&str| {
        let module = format!("{}_service_client", service.replace('-', "_"));
        let client = format!("{}ServiceClient", service.split('-').map(capitalised).collect::<String>());
        words.contains(module.as_str()) || words.contains(client.as_str())
    };
    SERVICES.into_iter().filter(named).collect()
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_found_by_its_module_or_its_type_and_not_in_tests() {
        let text = "use juyi_proto::benefit_period::v1::benefit_period_service_client as periods;
            fn call(client: &AssistanceServiceClient<Channel>) {} // RegistryServiceClient
            #[cfg(test)]
            mod tests {
                use juyi_proto::accident::v1::accident_service_client::AccidentServiceClient;
            }";
        assert_eq!(Vec::from_iter(clients_in(text)), ["assistance", "benefit-period"]);
    }

    #[test]
    fn every_service_has_its_line() {
        let callers: BTreeSet<&str> = ALLOWED.iter().map(|(caller, _)| *caller).collect();
        assert!(SERVICES.iter().all(|service| callers.contains(service)));
    }
}
