//! Reading Rust text without a compiler: files, identifiers, and where a file's tests begin.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a directory whose name ends in one of the extensions, sorted. A missing directory has none.
///
/// # Errors
/// When a directory cannot be read.
pub(crate) fn files(directory: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !directory.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))? {
        let path = entry?.path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            found.extend(files(&path, extensions)?);
        } else if path.extension().and_then(|extension| extension.to_str()).is_some_and(|it| extensions.contains(&it)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read; the message names the file.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Splits a file at its first `#[cfg(test)] mod name {`: the code, and the tests below it.
pub(crate) fn split_tests(text: &str) -> (&str, &str) {
    for (start, attribute) in text.match_indices("#[cfg(test)]") {
        let after = text[start + attribute.len()..].lines().map(str::trim);
        let item = after.into_iter().find(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("//"));
        if item.is_some_and(|item| item.contains("mod ") && item.ends_with('{')) {
            return text.split_at(start);
        }
    }
    (text, "")
}

/// The modules that a file declares as `#[cfg(test)] mod name;`, which live in files of their own.
pub(crate) fn test_modules(text: &str) -> Vec<&str> {
    let after = text.match_indices("#[cfg(test)]").map(|(start, attribute)| &text[start + attribute.len()..]);
    let names = after.filter_map(|rest| Some(rest.split_once(';')?.0.rsplit_once("mod ")?.1));
    names.filter(|name| name.chars().all(is_word)).collect()
}

/// The text without comments and without the content of string and character literals; lines stay lines.
pub(crate) fn strip(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = literal_or_comment(rest, kept.chars().next_back());
        let (gone, next) = rest.split_at(skipped.unwrap_or(first.len_utf8()));
        if skipped.is_some() {
            kept.push(' ');
            kept.extend(gone.chars().filter(|character| *character == '\n'));
        } else {
            kept.push_str(gone);
        }
        rest = next;
    }
    kept
}

/// The length of the comment or literal that starts here, if one does.
fn literal_or_comment(text: &str, before: Option<char>) -> Option<usize> {
    let in_word = before.is_some_and(is_word);
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(text.find("*/").map_or(text.len(), |end| end + 2));
    }
    let raw = text.strip_prefix("br").or_else(|| text.strip_prefix('r')).filter(|_| !in_word);
    if let Some(quoted) = raw {
        let hashes = quoted.len() - quoted.trim_start_matches('#').len();
        if let Some(body) = quoted[hashes..].strip_prefix('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let end = body.find(&close).map_or(body.len(), |end| end + close.len());
            return Some(text.len() - body.len() + end);
        }
    }
    if let Some(body) = text.strip_prefix('"') {
        return Some(1 + after_quote(body, '"'));
    }
    // A lifetime has no closing quote right behind its first character.
    let character = text.strip_prefix('\'')?;
    let escaped = character.starts_with('\\');
    (escaped || character.chars().nth(1) == Some('\'')).then(|| 1 + after_quote(character, '\''))
}

fn after_quote(body: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        if character == quote && !escaped {
            return at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    body.len()
}

/// The identifiers and keywords of a stripped text, each with its place.
pub(crate) fn words(stripped: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + stripped[at..].find(is_word)?;
        let length = stripped[start..].find(|character| !is_word(character)).unwrap_or(stripped.len() - start);
        at = start + length;
        Some((start, &stripped[start..at]))
    })
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_stripped_and_lifetimes_kept() {
        let text = "a // f64\n/* f64\n */ b(\"f64 \\\" f64\", r#\"f64\"f64\"#, 'f', '\\'', &'f str) c";
        let stripped = strip(text);
        let words: Vec<&str> = words(&stripped).map(|(_, word)| word).collect();
        assert_eq!(words, ["a", "b", "f", "str", "c"]);
        assert_eq!(stripped.lines().count(), 3);
    }

    #[test]
    fn tests_begin_at_the_first_test_module_with_a_body() {
        let text =
            "#[cfg(test)]\nuse x;\n#[cfg(test)]\nmod other;\nfn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod tests {\n}";
        let (code, tests) = split_tests(text);
        assert!(code.ends_with("fn a() {}\n") && tests.starts_with("#[cfg(test)]\n#[allow"));
        assert_eq!(test_modules(code), ["other"]);
        assert_eq!(split_tests("fn a() {}"), ("fn a() {}", ""));
    }

    #[test]
    fn a_word_knows_its_place() {
        assert_eq!(words("ab::cd").collect::<Vec<_>>(), [(0, "ab"), (4, "cd")]);
    }
}
