//! What every method of the registry works with.

use juyi_db::Database;
use juyi_kit::context::Context;

/// The registry's database, and clock, ids and law. Cloning shares them.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    pub(crate) database: Database,
    pub(crate) context: Context,
}
