//! Finding the ids of the law's rules, such as `J-5.1.T-e` and `J-9-1a`, in any text.

use std::collections::BTreeSet;

/// What a text says about the catalogue.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Ids of the catalogue.
    pub(crate) known: BTreeSet<String>,
    /// Words that look like an id and name neither a rule nor the clause of one.
    pub(crate) unknown: BTreeSet<String>,
}

/// Looks for the catalogue's ids in a text. A clause (`J-5.1.T`) names all its rules and none of them in particular,
/// so it counts as neither known nor unknown.
pub(crate) fn find(text: &str, catalogue: &BTreeSet<&str>) -> Found {
    let mut found = Found::default();
    for token in tokens(text) {
        if catalogue.contains(token) {
            found.known.insert(token.to_owned());
        } else if looks_like_a_rule(token) && !is_clause(token, catalogue) {
            found.unknown.insert(token.to_owned());
        }
    }
    found
}

/// Every `[JB]-[0-9A-Z][0-9A-Za-z.]*-?[0-9a-z]*` that does not continue a word, without trailing punctuation.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices(['J', 'B']).map(|(start, _)| start);
    starts.filter(|start| !text[..*start].ends_with(|it: char| it.is_alphanumeric() || "_-".contains(it))).filter_map(
        |start| {
            let rest = &text[start..];
            let first = rest.get(1..)?.strip_prefix('-')?;
            if !first.starts_with(|it: char| it.is_ascii_digit() || it.is_ascii_uppercase()) {
                return None;
            }
            let clause = run(first, |it| it.is_ascii_alphanumeric() || it == '.');
            let letter = first[clause..].strip_prefix('-').map_or(0, |after| {
                let length = run(after, |it| it.is_ascii_digit() || it.is_ascii_lowercase());
                if length == 0 { 0 } else { length + 1 }
            });
            Some(rest[..2 + clause + letter].trim_end_matches('.'))
        },
    )
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|it| !belongs(it)).unwrap_or(text.len())
}

/// Tells `J-5.2-z` and `B-T-z` from words such as `B-Tree`.
fn looks_like_a_rule(token: &str) -> bool {
    let path = &token[2..];
    path.contains(|it: char| it.is_ascii_digit()) || path.split('-').next().is_some_and(|part| part.len() == 1)
}

fn is_clause(token: &str, catalogue: &BTreeSet<&str>) -> bool {
    let below = |id: &&str| id.strip_prefix(token).is_some_and(|rest| rest.starts_with(['-', '.']));
    catalogue.iter().any(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: [&str; 6] = ["B-0-a", "B-8.2.3-c", "J-5.1.T-e", "J-7-1", "J-9-1a", "J-A3-b"];

    fn found(text: &str) -> (Vec<String>, Vec<String>) {
        let found = find(text, &BTreeSet::from(CATALOGUE));
        (Vec::from_iter(found.known), Vec::from_iter(found.unknown))
    }

    #[test]
    fn ids_are_found_in_code_comments_and_data() {
        let text = "/// J-5.1.T-e: the tier. See J-7-1.\nrule = \"B-8.2.3-c\" [J-9-1a](x), J-A3-b/J-7-1; B-0-a…";
        let known = ["B-0-a", "B-8.2.3-c", "J-5.1.T-e", "J-7-1", "J-9-1a", "J-A3-b"].map(str::to_owned);
        assert_eq!(found(text), (known.to_vec(), vec![]));
    }

    #[test]
    fn a_clause_is_neither_a_rule_nor_a_mistake() {
        assert_eq!(found("see J-5.1.T and J-5.1. (J-A3, B-8.2, J-5.1.T-)"), (vec![], vec![]));
    }

    #[test]
    fn a_mistyped_id_is_unknown() {
        assert_eq!(found("J-5.1.T-z, J-7-10, B-T-z").1, ["B-T-z", "J-5.1.T-z", "J-7-10"]);
    }

    #[test]
    fn other_words_are_left_alone() {
        assert_eq!(found("AMB-003 B-Tree J-curve AJ-7-1 x_J-7-1 7-J-7-1 J2021 宝J-7-1 B- J-"), (vec![], vec![]));
    }
}
