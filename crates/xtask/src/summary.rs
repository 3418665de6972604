//! Reading how many tests passed and failed from what a test runner prints.

/// The outcome of a test run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl Summary {
    /// Adds what one line of the runner's output says, which for most lines is nothing.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(counts) = nextest(line).or_else(|| libtest(line)) {
            self.passed += counts.passed;
            self.failed += counts.failed;
        }
    }
}

/// `Summary [   0.115s] 5/6 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
fn nextest(line: &str) -> Option<Summary> {
    let (before, counts) = line.trim_start().strip_prefix("Summary [")?.split_once(" run: ")?;
    (before.ends_with("tests") || before.ends_with("test")).then(|| count(&without_parentheses(counts), ','))
}

/// `test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s`
fn libtest(line: &str) -> Option<Summary> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    Some(count(counts, ';'))
}

fn count(counts: &str, separator: char) -> Summary {
    let mut summary = Summary::default();
    for (number, word) in counts.split(separator).filter_map(|part| part.trim().split_once(' ')) {
        let Ok(number) = number.parse::<usize>() else { continue };
        match word.trim() {
            "passed" => summary.passed += number,
            "failed" | "exec failed" | "timed out" => summary.failed += number,
            _ => {}
        }
    }
    summary
}

fn without_parentheses(text: &str) -> String {
    let mut parts = text.split('(');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(')').map_or("", |(_, after)| after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> (usize, usize) {
        let mut summary = Summary::default();
        text.lines().for_each(|line| summary.read(line));
        (summary.passed, summary.failed)
    }

    #[test]
    fn nextest_prints_one_summary() {
        assert_eq!(summary("     Summary [   0.115s] 2 tests run: 1 passed, 1 failed, 1 skipped"), (1, 1));
        assert_eq!(summary("     Summary [   0.005s] 1 test run: 1 passed, 0 skipped"), (1, 0));
        let hard = "Summary [ 9s] 7/8 tests run: 4 passed (1 slow, 1 leaky), 1 failed (1 due to being leaky), \
                    1 exec failed, 1 timed out, 3 skipped";
        assert_eq!(summary(hard), (4, 3));
    }

    #[test]
    fn cargo_test_prints_one_line_per_binary() {
        let text = "running 2 tests\ntest a ... ok\n\
                    test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                    test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(summary(text), (6, 1));
    }

    #[test]
    fn a_test_that_quotes_a_summary_is_not_counted() {
        assert_eq!(summary("    test result: FAILED. 0 passed; 1 failed; 0 ignored"), (0, 0));
        assert_eq!(summary("thread 'x' panicked: Summary [ 1s] 2 tests run: 1 passed"), (0, 0));
    }
}
