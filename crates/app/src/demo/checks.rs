//! What the law says, held against what the suite answered.

use std::fmt::Display;

use juyi_domain::money::Fen;

use crate::command::say;

/// Counts what was compared.
#[derive(Debug, Default)]
pub struct Checks {
    held: usize,
    broken: usize,
}

impl Checks {
    /// An amount in fen against the law's amount in fen.
    pub(crate) fn amount(&mut self, what: &str, law: i64, answered: i64) {
        self.same(what, &Fen::new(law), &Fen::new(answered));
    }

    /// Anything else that is written down.
    pub(crate) fn same<T: PartialEq + Display + ?Sized>(&mut self, what: &str, law: &T, answered: &T) {
        if law == answered {
            self.held += 1;
            say(&format!("  ✓ {what}: {answered}"));
        } else {
            self.broken += 1;
            say(&format!("  ✗ {what}: the law gives {law}, the suite answered {answered}"));
        }
    }

    /// True when something was compared and nothing differs.
    #[must_use]
    pub const fn all_hold(&self) -> bool {
        self.broken == 0 && self.held > 0
    }

    /// How many results agree and how many differ.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("demo: {} results agree with the law, {} differ", self.held, self.broken)
    }
}
