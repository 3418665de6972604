//! Claims of bills that the person paid (垫付报销): where they are filed, with what, and the way to the money.
//!
//! [`filing::decide`] judges a claim when it is filed: the [`desk`], the [`papers`], the [`time_limit`] and the
//! [`account`], with every failing condition. [`progress`] says which step follows which and who may take it. [`card`] tells
//! who has to go this way at all. The amounts are those of any other bill: the approval settles it.

pub mod account;
pub mod card;
pub mod codes;
pub mod desk;
pub mod filing;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod papers;
pub mod params;
pub mod progress;
pub mod time_limit;
