//! Years of bills through the rules of both insurances, with and without receipts, on one core and on two. Run by
//! `cargo xtask bench adjudicate`, which knows the bounds.
//!
//! With receipts means that everything a receipt says is kept in a record of the year; `rendered` makes the receipts of it
//! besides, as where they are stored or answered.

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::settlement::record::{Arena, Record};
use juyi_domain::settlement::trace::Amounts;
use juyi_domain::settlement::year::{adjudicate_year, receipts_of_year};
use juyi_policy::Policy;

#[path = "../tests/second/years.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod years;
use years::{ENABLED, Year, Years};

/// Person-years of a pass: more bills than the caches hold.
const PERSON_YEARS: usize = 20_000;
/// Passes of each kind, in turn, so that both meet the same machine. The best one is the speed; what receipts cost is the
/// median of the pairs, because on a machine that others use one lucky pass of one kind would decide.
const PASSES: usize = 50;

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
            drop(black_box(adjudicate_year(&year.cases, &year.opening, |_| Ok(law), &mut Record::new(&arena))));
        }
    };
    let rendered = || |year: &Year| drop(black_box(receipts_of_year(&year.cases, &year.opening, |_| Ok(law))));
    for cores in [1, 2] {
        let mut best = [Duration::MAX; 3];
        let mut percents: Vec<u128> = Vec::with_capacity(PASSES);
        for _ in 0..PASSES {
            let (without, with) = (pass(&years, cores, amounts), pass(&years, cores, receipts));
            best = [best[0].min(without), best[1].min(with), Duration::MAX];
            percents.push(with.as_nanos() * 100 / without.as_nanos().max(1));
        }
        percents.sort_unstable();
        // By itself: it leaves the caches to the others as they would not find them.
        for _ in 0..PASSES {
            best[2] = best[2].min(pass(&years, cores, rendered));
        }
        for (what, time) in ["amounts", "receipts", "rendered"].into_iter().zip(best) {
            let per_second = |number: usize| (number * cores) as u128 * 1_000_000_000 / time.as_nanos().max(1);
            println!("FIGURE {what}_{cores}_bills_per_s {}", per_second(bills));
            println!("FIGURE {what}_{cores}_years_per_s {}", per_second(PERSON_YEARS));
        }
        println!("FIGURE receipts_{cores}_percent {}", percents[PASSES / 2]);
    }
    Ok(())
}
