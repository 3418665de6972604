//! Years of bills through the rules of both insurances, with and without receipts, on one core and on two. Run by
//! `cargo xtask bench adjudicate`, which knows the bounds.
//!
//! With receipts means that the closures that tell them are kept (ADR 0022); `rendered` calls these besides, as where
//! receipts are stored or answered.

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::refusal::Refusals;
use juyi_domain::settlement::record::{Arena, Record, Steps};
use juyi_domain::settlement::trace::Amounts;
use juyi_domain::settlement::year::{Law, Outcome, adjudicate_year};
use juyi_policy::Policy;

#[path = "../tests/second/years.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod years;
use years::{ENABLED, Year, Years};

/// Person-years of a pass: more bills than the caches hold.
const PERSON_YEARS: usize = 20_000;
/// Passes of each kind. A quarter of them is as fast as the speed that is told: on a machine that others use the best pass is
/// luck, and more than half may be disturbed.
const PASSES: usize = 100;

/// The time each core takes for all years; `worker` makes what a core does with one.
fn pass<W: FnMut(&Year)>(years: &[Year], cores: usize, worker: impl Fn() -> W + Copy + Send) -> Duration {
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(move || years.iter().for_each(worker()));
        }
    });
    began.elapsed()
}

/// A year with what tells its receipts. Called in two places, it is compiled once, like the suite's own and the recount of
/// amounts, which are called in one.
#[inline(never)]
fn kept<'a>(year: &'a Year, law: Law<'a>, arena: &'a Arena) -> Result<Vec<Outcome<Steps<'a>>>, Refusals> {
    adjudicate_year(&year.cases, &year.opening, |_| Ok(law), &mut Record::new(arena))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let on = NaiveDate::from_ymd_opt(2021, 6, 1).ok_or("no day")?;
    let law = Policy::embedded()?.for_(District::Jinghai, 2021, on).map_err(|refusal| refusal.detail)?;
    let mut generator = Years::new(0x9E37_79B9_7F4A_7C15, 2021, ENABLED);
    let years: Vec<Year> = (0..PERSON_YEARS).map(|_| generator.year()).collect();
    let bills: usize = years.iter().map(|year| year.cases.len()).sum();
    println!("FIGURE person_years {PERSON_YEARS}");
    println!("FIGURE bills {bills}");
    let law = law.law_of_bills();
    let amounts = || {
        |year: &Year| {
            let mut trace = Amounts::default();
            drop(black_box(adjudicate_year(&year.cases, &year.opening, |_| Ok(law), &mut trace)));
        }
    };
    let receipts = || {
        let mut arena = Arena::new();
        move |year: &Year| {
            arena.reset();
            drop(black_box(kept(year, law, &arena)));
        }
    };
    let rendered = || {
        let mut arena = Arena::new();
        move |year: &Year| {
            arena.reset();
            let outcomes = kept(year, law, &arena).into_iter().flatten();
            black_box(outcomes.map(|outcome| outcome.trace.receipt()).collect::<Vec<_>>());
        }
    };
    for cores in [1, 2] {
        let mut times = [const { Vec::new() }; 3];
        for turn in 0..PASSES {
            // In pairs, so that both meet the same machine, and in turns, so that nothing that comes back at intervals meets one.
            for kind in [turn % 2, 1 - turn % 2] {
                times[kind].push(if kind == 0 { pass(&years, cores, amounts) } else { pass(&years, cores, receipts) });
            }
        }
        // By itself: it leaves the caches to the others as they would not find them.
        times[2].extend((0..PASSES / 4).map(|_| pass(&years, cores, rendered)));
        let [amounts, receipts, rendered] = times.map(|mut times| {
            times.sort_unstable();
            times[times.len() / 4].as_nanos().max(1)
        });
        for (what, time) in [("amounts", amounts), ("receipts", receipts), ("rendered", rendered)] {
            let per_second = |number: usize| (number * cores) as u128 * 1_000_000_000 / time;
            println!("FIGURE {what}_{cores}_bills_per_s {}", per_second(bills));
            println!("FIGURE {what}_{cores}_years_per_s {}", per_second(PERSON_YEARS));
        }
        println!("FIGURE receipts_{cores}_percent {}", receipts * 100 / amounts);
    }
    Ok(())
}
