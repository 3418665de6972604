//! Which service may call which: the generated clients that each service's code names, and what the gateway forwards.

use crate::arch::{self, SERVICES};
use crate::manifest::Metadata;
use crate::source;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::Path;

/// Caller and callees: the edges that exist and no others. Calls that deliver outbox events stand here like any other.
/// A new edge couples two services, so it needs a change of this list, made on purpose.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("gateway", &SERVICES),
    ("registry", &["settlement"]),
    ("contribution", &["registry", "benefit-period"]),
    ("benefit-period", &["registry"]),
    ("settlement", &["benefit-period", "assistance"]),
    ("assistance", &[]),
    ("accident", &["benefit-period"]),
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
        let callees = callees(caller, package.directory())?;
        println!("  {caller:<14} calls {}", Vec::from_iter(callees.iter().copied()).join(", "));
        let refused = callees.iter().filter(|callee| !allowed.contains(callee));
        problems.extend(refused.map(|callee| format!("{caller} may not call {callee}")));
    }
    Ok(problems)
}

fn callees(caller: &str, package: &Path) -> Result<BTreeSet<&'static str>> {
    let mut callees = BTreeSet::new();
    for file in source::files(&package.join("src"), &["rs"])? {
        callees.extend(calls_in(&source::read(&file)?));
    }
    // A service's own client is how its tests call it.
    callees.remove(caller);
    Ok(callees)
}

/// The services that the code (not its tests) calls: it names their generated client, or forwards to their server.
fn calls_in(text: &str) -> BTreeSet<&'static str> {
    let stripped = source::strip(source::split_tests(text).0);
    let words: BTreeSet<&str> = source::words(&stripped).map(|(_, word)| word).collect();
    let forwarded = forwarded(&stripped);
    let called = |service: &&str| {
        let module = format!("{}_service_client", service.replace('-', "_"));
        let name = service.split('-').map(capitalised).collect::<String>();
        words.contains(module.as_str())
            || words.contains(format!("{name}ServiceClient").as_str())
            || forwarded.contains(format!("{name}ServiceServer").as_str())
    };
    SERVICES.into_iter().filter(called).collect()
}

/// The types that stand first in `Forward::<…>`. The gateway passes calls on undecoded, so it needs no client: the
/// server's type gives it the name of the service.
fn forwarded(stripped: &str) -> BTreeSet<&str> {
    let argument = |(at, word): (usize, &str)| {
        let after = stripped[at + word.len()..].trim_start();
        let path = after.strip_prefix("::").unwrap_or(after).trim_start().strip_prefix('<')?;
        path.split(['<', '>', ',']).next()?.rsplit("::").next().map(str::trim)
    };
    source::words(stripped).filter(|(_, word)| *word == "Forward").filter_map(argument).collect()
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command;

    #[test]
    fn a_client_is_found_by_its_module_or_its_type_and_not_in_tests() {
        let text = "use juyi_proto::benefit_period::v1::benefit_period_service_client as periods;
            fn call(client: &AssistanceServiceClient<Channel>) {} // RegistryServiceClient
            #[cfg(test)]
            mod tests {
                use juyi_proto::accident::v1::accident_service_client::AccidentServiceClient;
            }";
        assert_eq!(Vec::from_iter(calls_in(text)), ["assistance", "benefit-period"]);
    }

    #[test]
    fn a_forwarded_server_is_a_call_and_a_served_one_is_not() {
        let text = "impl<S> Forward<S> {}
            fn routes() {
                Forward::<RegistryServiceServer<()>>::new(a);
                Forward::<\n v1::benefit_period_service_server::BenefitPeriodServiceServer<()>,\n >::new(b);
                let c: Forward<AccidentServiceServer<()>> = c; // Forward::<SettlementServiceServer<()>>
                AssistanceServiceServer::new(d);
            }";
        assert_eq!(Vec::from_iter(calls_in(text)), ["accident", "benefit-period", "registry"]);
    }

    #[test]
    fn every_service_has_its_line() {
        let callers: BTreeSet<&str> = ALLOWED.iter().map(|(caller, _)| *caller).collect();
        assert!(SERVICES.iter().all(|service| callers.contains(service)));
    }

    /// A way of calling that this module cannot see shows here as an edge that is missing.
    #[test]
    fn the_list_holds_exactly_the_calls_of_the_sources() {
        for (caller, allowed) in ALLOWED {
            let found = callees(caller, &command::root().join("crates").join(caller)).unwrap();
            assert_eq!(found, allowed.iter().copied().collect(), "{caller}");
        }
    }
}
