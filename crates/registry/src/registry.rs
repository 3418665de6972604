//! What every method of the registry works with.

use juyi_db::Database;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::context::Context;
use juyi_kit::error::Error;

/// The registry's database, and clock, ids and law. Cloning shares them.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    pub(crate) database: Database,
    pub(crate) context: Context,
}

/// STUB of the skeleton; goes away with the last method built.
pub(crate) fn not_built<T>() -> Result<T, Error> {
    Err(Refusal::new(Reason::MethodUnknown, "not built yet").into())
}
