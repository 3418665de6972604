//! Which service may call which: the generated clients that each service's code names, and what the gateway forwards.

use crate::arch::{self, SERVICES};
use crate::manifest::Metadata;
use crate::{command, source};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Caller and callees: the edges that exist and no others. Calls that deliver outbox events stand here like any other.
/// A new edge couples two services, so it needs a change of this list, made on purpose.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("gateway", &SERVICES),
    ("registry", &["settlement", "benefit-period"]),
    ("contribution", &["registry", "benefit-period"]),
    ("benefit-period", &["registry"]),
    ("settlement", &["registry", "benefit-period", "assistance"]),
    ("assistance", &[]),
    ("accident", &["benefit-period"]),
];

/// Prints each caller with its callees and returns the calls that are not allowed.
///
/// # Errors
/// When a source file cannot be read.
pub(crate) fn problems(metadata: &Metadata) -> Result<Vec<String>> {
    let contracts = Contracts::read(&command::root().join("proto/juyi"))?;
    let mut problems = Vec::new();
    for package in &metadata.packages {
        let caller = arch::short_name(&package.name);
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == caller) else { continue };
        let callees = callees(&contracts, caller, package.directory())?;
        println!("  {caller:<14} calls {}", Vec::from_iter(callees.iter().copied()).join(", "));
        let refused = callees.iter().filter(|callee| !allowed.contains(callee));
        problems.extend(refused.map(|callee| format!("{caller} may not call {callee}")));
    }
    Ok(problems)
}

fn callees(contracts: &Contracts, caller: &str, package: &Path) -> Result<BTreeSet<&'static str>> {
    let mut callees = BTreeSet::new();
    let files = source::files(&package.join("src"), &["rs"])?;
    let mut tests = BTreeSet::new();
    for file in &files {
        for module in source::test_modules(&source::read(file)?) {
            let beside = module_directory(file).join(module);
            tests.extend([beside.with_extension("rs"), beside]);
        }
    }
    // What lies below a module of tests is code of tests, too.
    for file in files.iter().filter(|file| !file.ancestors().any(|above| tests.contains(above))) {
        callees.extend(contracts.calls_in(&source::read(file)?));
    }
    // A service's own client is how its tests call it.
    callees.remove(caller);
    Ok(callees)
}

/// Where the modules lie that a file declares.
fn module_directory(file: &Path) -> PathBuf {
    let named = file.file_stem().is_some_and(|stem| stem != "mod" && stem != "lib" && stem != "main");
    if named { file.with_extension("") } else { file.parent().unwrap_or(file).to_owned() }
}

/// The gRPC services of each of ours, such as `RosterService` of the registry: one that is missing here could be called
/// unseen, so they are read from the contracts.
struct Contracts(BTreeMap<&'static str, Vec<String>>);

impl Contracts {
    fn read(root: &Path) -> Result<Self> {
        let mut contracts = BTreeMap::new();
        for service in SERVICES {
            let mut names = Vec::new();
            for file in source::files(&root.join(service.replace('-', "_")), &["proto"])? {
                names.extend(services_in(&source::read(&file)?));
            }
            contracts.insert(service, names);
        }
        Ok(Self(contracts))
    }

    /// The services that the code (not its tests) calls: it names a generated client of one, or forwards to a server.
    fn calls_in(&self, text: &str) -> BTreeSet<&'static str> {
        let stripped = source::strip(source::split_tests(text).0);
        let words: BTreeSet<&str> = source::words(&stripped).map(|(_, word)| word).collect();
        let forwarded = forwarded(&stripped);
        let called = |name: &String| {
            words.contains(format!("{}_client", snake(name)).as_str())
                || words.contains(format!("{name}Client").as_str())
                || forwarded.contains(format!("{name}Server").as_str())
        };
        self.0.iter().filter(|(_, names)| names.iter().any(called)).map(|(service, _)| *service).collect()
    }
}

/// The names behind `service` at the beginning of a line of a contract.
fn services_in(text: &str) -> impl Iterator<Item = String> + '_ {
    let name = |line: &str| line.strip_prefix("service ")?.split([' ', '{']).next().map(str::to_owned);
    text.lines().filter_map(name)
}

/// The module that a service's name gives: `RosterService`, `roster_service`.
fn snake(name: &str) -> String {
    let mut module = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !module.is_empty() {
            module.push('_');
        }
        module.extend(letter.to_lowercase());
    }
    module
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

#[cfg(test)]
mod tests {
    use super::*;

    fn contracts() -> Contracts {
        Contracts::read(&command::root().join("proto/juyi")).unwrap()
    }

    fn calls_in(text: &str) -> Vec<&'static str> {
        Vec::from_iter(contracts().calls_in(text))
    }

    #[test]
    fn a_client_is_found_by_its_module_or_its_type_and_not_in_tests() {
        let text = "use juyi_proto::benefit_period::v1::benefit_period_service_client as periods;
            fn call(client: &AssistanceServiceClient<Channel>) {} // RegistryServiceClient
            #[cfg(test)]
            mod tests {
                use juyi_proto::accident::v1::accident_service_client::AccidentServiceClient;
            }";
        assert_eq!(calls_in(text), ["assistance", "benefit-period"]);
    }

    /// A crate has several services; each of their clients is a call.
    #[test]
    fn every_service_of_a_crate_is_seen() {
        assert_eq!(
            calls_in("use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;"),
            ["registry"]
        );
        assert_eq!(calls_in("fn f(client: CoverageFactsServiceClient<Channel>) {}"), ["benefit-period"]);
        assert_eq!(calls_in("Forward::<RosterServiceServer<()>>::new(a)"), ["registry"]);
        let contracts = contracts();
        assert!(contracts.0.values().all(|names| !names.is_empty()));
        assert!(contracts.0["registry"].len() > 4, "{:?}", contracts.0["registry"]);
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
        assert_eq!(calls_in(text), ["accident", "benefit-period", "registry"]);
    }

    #[test]
    fn every_service_has_its_line() {
        let callers: BTreeSet<&str> = ALLOWED.iter().map(|(caller, _)| *caller).collect();
        assert!(SERVICES.iter().all(|service| callers.contains(service)));
    }

    #[test]
    fn modules_of_tests_are_no_code() {
        let root = std::env::temp_dir().join(format!("juyi-calls-{}", std::process::id()));
        let call = |name: &str| format!("fn f(client: {name}<Channel>) {{}}");
        let files = [
            ("src/lib.rs", "mod one;\n#[cfg(test)]\nmod tests;\n".to_owned()),
            ("src/one.rs", format!("#[cfg(test)]\nmod tests;\n{}", call("CoverageFactsServiceClient"))),
            ("src/one/tests.rs", call("AccidentServiceClient")),
            ("src/tests/mod.rs", "mod deep;".to_owned()),
            ("src/tests/deep.rs", call("AssistanceServiceClient")),
        ];
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let found = callees(&contracts(), "registry", &root);
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(found.unwrap(), BTreeSet::from(["benefit-period"]));
    }

    /// A way of calling that this module cannot see shows here as an edge that is missing.
    #[test]
    fn the_list_holds_exactly_the_calls_of_the_sources() {
        let contracts = contracts();
        for (caller, allowed) in ALLOWED {
            let found = callees(&contracts, caller, &command::root().join("crates").join(caller)).unwrap();
            assert_eq!(found, allowed.iter().copied().collect(), "{caller}");
        }
    }
}
