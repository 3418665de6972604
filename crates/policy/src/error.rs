//! Why law files or an overlay are rejected.

/// A fault in a law file or an overlay. Loading stops at the first one; nothing is loaded in part.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not TOML, an unknown key, a missing key or a value of the wrong shape.
    #[error("{file}: {source}")]
    Malformed {
        /// Path in the law's tree, or `overlay`.
        file: String,
        /// What the parser says, with line and column.
        source: Box<toml::de::Error>,
    },
    /// A group belongs to a regime that no `regime.toml` declares.
    #[error("{file}: regime `{regime}` is not declared")]
    UnknownRegime {
        /// Path in the law's tree.
        file: String,
        /// The regime it names.
        regime: String,
    },
    /// A parameter is declared twice.
    #[error("parameter `{parameter}` is declared twice")]
    Duplicate {
        /// Path of the parameter.
        parameter: String,
    },
    /// The dated values of a parameter are not in strictly increasing order.
    #[error("the dates of parameter `{parameter}` are not strictly increasing")]
    DatesNotIncreasing {
        /// Path of the parameter.
        parameter: String,
    },
    /// A date of effect is not a plain date.
    #[error("`since` of parameter `{parameter}` is not a date")]
    NotADate {
        /// Path of the parameter.
        parameter: String,
    },
    /// A reference does not name a rule of the catalogue with the clause the catalogue prints for it.
    #[error(
        "parameter `{parameter}` cites rule `{rule_id}` at `{document} {section}`, which the catalogue does not hold"
    )]
    UnknownReference {
        /// Path of the parameter.
        parameter: String,
        /// Rule it cites.
        rule_id: String,
        /// Document it cites.
        document: String,
        /// Clause it cites.
        section: String,
    },
    /// A value does not have the unit its reader needs.
    #[error("value of parameter `{parameter}`: {problem}")]
    Value {
        /// Path of the parameter.
        parameter: String,
        /// What is wrong.
        problem: String,
    },
    /// A parameter every regime needs is not there.
    #[error("parameter `{parameter}` is required")]
    Required {
        /// Path of the parameter.
        parameter: String,
    },
    /// A parameter that no snapshot reads: a misspelt path.
    #[error("parameter `{parameter}` is not known to any snapshot")]
    Unread {
        /// Path of the parameter.
        parameter: String,
    },
    /// An overlay sets a parameter that the law's tree does not declare.
    #[error("overlay sets unknown parameter `{parameter}`")]
    UnknownParameter {
        /// Path as the overlay spells it.
        parameter: String,
    },
    /// One overlay sets a parameter twice from the same day (J-13.N-c).
    #[error("VALUE_NOT_ALLOWED: overlay sets `{parameter}` twice from {since}; the effective dates overlap (J-13.N-c)")]
    Overlapping {
        /// Path as the overlay spells it.
        parameter: String,
        /// The day.
        since: chrono::NaiveDate,
    },
    /// An overlay entry names no source.
    #[error("overlay entry for `{parameter}` names no source (document and section)")]
    SourceMissing {
        /// Path as the overlay spells it.
        parameter: String,
    },
}
