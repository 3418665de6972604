//! One pass over a list: what explains itself is counted, everything else is looked up, decided and stored.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use juyi_domain::codes::{Category, FindingKind, RosterKind};
use juyi_domain::id::{ComparisonId, FindingId, ResidentId};
use juyi_domain::registry::comparison::remedy::Scene;
use juyi_domain::registry::comparison::{
    Enrolled, Known, Law, Listed, Outcome, Tally, asserts_identity, classify, looked_for,
};
use juyi_domain::registry::roster as rosters;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;

use super::found;
use crate::deaths;
use crate::registry::Registry;
use crate::store::compared::{self, Choice, Compared, Held, Named, Said};
use crate::store::comparisons::Roster;
use crate::store::findings::{self, Found, Sight};

/// Rows that one statement reads; few in tests, which are to see several pages.
const PAGE: i64 = if cfg!(test) { 3 } else { 10_000 };
/// Findings that one transaction stores, so that no writer waits long.
const STORED_AT_ONCE: usize = if cfg!(test) { 2 } else { 512 };

/// Compares a list, and stores what it shows as seen by a comparison, or stores nothing.
///
/// # Errors
/// Those of the law and of the database.
pub(super) async fn run(registry: &Registry, roster: &Roster, by: Option<ComparisonId>) -> Result<Tally, Error> {
    let law = registry.context.policy().for_(roster.district, roster.policy_year, roster.as_of)?;
    let looked_for = looked_for(roster.kind, roster.complete).unwrap_or_default();
    let tally = Tally::new(&looked_for);
    let mut pass = Pass { registry, roster, law, by, tally };
    pass.rows().await?;
    pass.duplicates().await?;
    if looked_for.contains(&FindingKind::EnrolledNotOnList) {
        pass.missing().await?;
    }
    if looked_for.contains(&super::STANDING) {
        let mut session = registry.database.read().await?;
        let standing = findings::count_standing(&mut session, roster, super::STANDING).await?;
        pass.tally.find(super::STANDING, standing);
    }
    Ok(pass.tally)
}

struct Pass<'a> {
    registry: &'a Registry,
    roster: &'a Roster,
    law: Arc<Snapshot>,
    by: Option<ComparisonId>,
    tally: Tally,
}

impl Pass<'_> {
    /// Every row of a list that asserts something of its persons; of the others those that do not explain themselves.
    async fn rows(&mut self) -> Result<(), Error> {
        if asserts_identity(self.roster.kind) || self.roster.kind == RosterKind::Deaths {
            self.choice(Choice::All).await?;
            return self.refused().await;
        }
        let listed = compared::count(&mut self.registry.database.read().await?, self.roster).await?;
        self.tally.list(listed);
        self.choice(Choice::Unexplained).await
    }

    async fn choice(&mut self, choice: Choice) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let mut session = self.registry.database.read().await?;
            let page = compared::page(&mut session, self.roster, choice, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            last.identity_number.clone_into(&mut after);
            let only_special = self.roster.kind == RosterKind::Students;
            let held = if only_special || asserts_identity(self.roster.kind) {
                by_number(compared::identities(&mut session, self.roster, &page, only_special).await?)
            } else {
                HashMap::new()
            };
            drop(session);
            self.page(choice, &page, &held).await?;
            if !is_full(&page) {
                return Ok(());
            }
        }
    }

    /// Rows of persons whom the registry knows under another name: they had no effect, and are still told.
    async fn refused(&mut self) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let mut session = self.registry.database.read().await?;
            let mut page = compared::refused(&mut session, self.roster, &after, PAGE).await?;
            drop(session);
            let full = is_full(&page);
            let Some(last) = page.last() else { return Ok(()) };
            last.identity_number.clone_into(&mut after);
            page.retain(|row| row.person.as_ref().is_some_and(|person| person.name != row.name));
            self.page(Choice::All, &page, &HashMap::new()).await?;
            if !full {
                return Ok(());
            }
        }
    }

    async fn page(
        &mut self,
        choice: Choice,
        page: &[Compared],
        held: &HashMap<String, Vec<Held>>,
    ) -> Result<(), Error> {
        let law = Arc::clone(&self.law);
        let scene = self.scene(&law);
        let rules = Law { enrolment: &law.enrolment, premium: &law.premium };
        let (mut found, mut dead) = (Vec::new(), Vec::new());
        for row in page {
            if !lists(&row.said, self.roster.as_of) {
                if choice != Choice::All {
                    self.tally.list(-1);
                }
                continue;
            }
            if choice == Choice::All {
                self.tally.list(1);
            }
            let held = held.get(&row.identity_number).map_or(&[][..], Vec::as_slice);
            let (listed, known) = (listed(row, self.roster)?, known(row, self.roster, held));
            let shown = classify(self.roster.kind, &listed, known.as_ref(), rules);
            self.tally.show(shown);
            found.extend(shown.findings().map(|kind| found::on_row(&scene, self.roster, row, kind)));
            if self.roster.kind == RosterKind::Deaths && shown.outcome == Outcome::Matched {
                dead.extend(row.person.as_ref().map(|person| person.resident_id.clone()));
            }
        }
        self.announce(dead).await?;
        self.store(found).await
    }

    /// Asks settlement again for services after the deaths: some may have been reversed, some settled in between.
    async fn announce(&self, dead: Vec<String>) -> Result<(), Error> {
        let corrupt = |_| juyi_db::Error::Corrupt { column: "resident_id" };
        for chunk in dead.chunks(STORED_AT_ONCE).filter(|_| self.by.is_some()) {
            let mut session = self.registry.database.begin().await?;
            for id in chunk {
                let resident_id: ResidentId = id.parse().map_err(corrupt)?;
                deaths::ask_again(&mut session, &self.registry.context, resident_id).await?;
            }
            session.commit().await?;
        }
        Ok(())
    }

    /// Persons whom the list names more than once (J-1.3-b).
    async fn duplicates(&mut self) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let mut session = self.registry.database.read().await?;
            let page = compared::duplicates(&mut session, self.roster, &after, PAGE).await?;
            drop(session);
            let full = is_full(&page);
            let Some(last) = page.last() else { return Ok(()) };
            last.identity_number.clone_into(&mut after);
            self.named(page, FindingKind::Duplicate).await?;
            if !full {
                return Ok(());
            }
        }
    }

    /// Persons enrolled as what a complete list names, and not on it.
    async fn missing(&mut self) -> Result<(), Error> {
        let identities = rosters::identities(self.roster.kind);
        let pupils = (self.roster.kind == RosterKind::Students).then_some(Category::SchoolStudent);
        let mut after = String::new();
        loop {
            let mut session = self.registry.database.read().await?;
            let mut page = if identities.is_empty() {
                compared::enrolled_not_listed(&mut session, self.roster, pupils, &after, PAGE).await?
            } else {
                compared::holders_not_listed(&mut session, self.roster, identities, &after, PAGE).await?
            };
            drop(session);
            let full = is_full(&page);
            let Some(last) = page.last() else { return Ok(()) };
            last.identity_number.clone_into(&mut after);
            let own =
                |named: &Named| self.roster.unit_id.is_empty() || named.unit_id.as_ref() == Some(&self.roster.unit_id);
            let named_still = |named: &Named| named.said.as_ref().is_some_and(|said| lists(said, self.roster.as_of));
            page.retain(|named| {
                !named.fact.is_empty() && !named_still(named) && (own(named) || !identities.is_empty())
            });
            self.named(page, FindingKind::EnrolledNotOnList).await?;
            if !full {
                return Ok(());
            }
        }
    }

    async fn named(&mut self, page: Vec<Named>, kind: FindingKind) -> Result<(), Error> {
        let law = Arc::clone(&self.law);
        let scene = self.scene(&law);
        self.tally.find(kind, i64::try_from(page.len()).unwrap_or(i64::MAX));
        self.store(page.into_iter().map(|named| found::on_name(&scene, self.roster, named, kind)).collect()).await
    }

    fn scene<'a>(&self, law: &'a Snapshot) -> Scene<'a> {
        let today = self.registry.context.clock().today();
        Scene { list: self.roster.kind, today, params: &law.comparison, enrolment: &law.enrolment }
    }

    /// Stores findings in transactions that keep nobody waiting.
    async fn store(&self, found: Vec<Found>) -> Result<(), Error> {
        let (Some(by), context) = (self.by, &self.registry.context) else { return Ok(()) };
        let sight = Sight {
            district: self.roster.district,
            policy_year: self.roster.policy_year,
            roster_kind: self.roster.kind,
            roster_id: self.roster.id.clone(),
            unit_id: self.roster.unit_id.clone(),
            by: Some(by),
            at: context.now(),
        };
        let found: Vec<(FindingId, Found)> = found.into_iter().map(|found| (context.id(), found)).collect();
        for chunk in found.chunks(STORED_AT_ONCE) {
            let mut session = self.registry.database.begin().await?;
            findings::see(&mut session, &sight, chunk).await?;
            session.commit().await?;
        }
        Ok(())
    }
}

fn is_full<T>(page: &[T]) -> bool {
    i64::try_from(page.len()) == Ok(PAGE)
}

fn by_number(held: Vec<Held>) -> HashMap<String, Vec<Held>> {
    let mut of_number: HashMap<String, Vec<Held>> = HashMap::new();
    for held in held {
        of_number.entry(held.identity_number.clone()).or_default().push(held);
    }
    of_number
}

/// A row that was taken back, or whose time was over before the day of the list, lists nobody.
fn lists(said: &Said, as_of: NaiveDate) -> bool {
    let over = said.end_date.parse().is_ok_and(|last_on: NaiveDate| last_on < as_of);
    !said.withdrawn && !over
}

fn listed(row: &Compared, roster: &Roster) -> Result<Listed, Error> {
    let paid_on = match row.said.payment_date.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| juyi_db::Error::Corrupt { column: "content" })?),
    };
    let identity = match rosters::identities(roster.kind) {
        [only] => Some(*only),
        _ => row.said.identity,
    };
    Ok(Listed {
        name: row.name.clone(),
        on: paid_on.filter(|_| roster.kind == RosterKind::Payments).unwrap_or(roster.as_of),
        identity,
        special_identity: row.said.special_identity,
        recognised_outside: row.said.recognised_outside,
    })
}

fn known(row: &Compared, roster: &Roster, held: &[Held]) -> Option<Known> {
    let person = row.person.as_ref()?;
    let on = |day: NaiveDate| {
        let holds = |held: &&Held| held.start_on <= day && held.end_on.is_none_or(|end_on| day < end_on);
        held.iter().filter(holds).map(|held| held.identity).collect()
    };
    let enrolled = person.enrolment.as_ref().map(|enrolment| Enrolled {
        category: enrolment.category,
        class: enrolment.class,
        identities: on(enrolment.applied_on),
    });
    Some(Known { name: person.name.clone(), died_on: person.died_on, identities: on(roster.as_of), enrolled })
}
