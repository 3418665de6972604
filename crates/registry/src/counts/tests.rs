//! The figures, against what the enrolments say.

use chrono::Days;
use juyi_db::{Value, args};
use juyi_testkit::{TestDatabase, context, databases};

use super::*;
use crate::NAME;
use crate::store::migrations;
use crate::supervision::fixtures::{self, day};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn among<T: Clone>(&mut self, things: &[T]) -> T {
        things[usize::try_from(self.below(things.len() as u64)).unwrap()].clone()
    }
}

const TOWNSHIPS: [Option<&str>; 4] = [Some("120118.1"), Some("120118.4"), Some("120118.HUAKANG"), None];

fn enrolment(dice: &mut Dice) -> Counted {
    Counted {
        district: dice.among(&[District::Jinghai, District::Baodi]),
        policy_year: 2021,
        township: dice.among(&TOWNSHIPS).map(str::to_owned),
        group: dice.among(CountGroup::ALL),
        applied_on: day("2020-09-01") + Days::new(dice.below(30)),
    }
}

/// The figures equal a recount, and on no day does a township have fewer than nobody.
async fn assert_sound(on: &TestDatabase, dice: &mut Dice) {
    let mut session = on.database.read().await.unwrap();
    for district in [District::Jinghai, District::Baodi] {
        let up_to = day("2020-08-30") + Days::new(dice.below(70));
        let figures = progress::figures(&mut session, district, 2021, up_to).await.unwrap();
        assert!(figures.iter().all(|figure| figure.persons >= 0), "{}: {figures:?}", on.kind);
        assert_eq!(progress::differences(&mut session, district, 2021).await.unwrap(), [], "{}", on.kind);
    }
}

/// Whatever is enrolled and moved, in whatever order: the figures equal a recount, on every day.
#[tokio::test]
async fn figures_equal_a_recount_after_any_enrolments_and_moves() {
    let context = context("2021-03-01");
    for on in &databases(NAME, &migrations()).await {
        let mut dice = Dice(20_210_301);
        let mut held: Vec<((ResidentId, EnrolmentId), Counted)> = Vec::new();
        for _ in 0..40 {
            let mut session = on.database.begin().await.unwrap();
            let batch: Vec<_> = (0..dice.below(8)).map(|_| enrolment(&mut dice)).collect();
            for counted in &batch {
                let who = (context.id(), context.id());
                fixtures::insert_enrolment(&mut session, who, counted).await;
                held.push((who, counted.clone()));
            }
            add(&mut session, batch).await.unwrap();
            for _ in 0..dice.below(4) {
                if held.is_empty() {
                    continue;
                }
                let index = usize::try_from(dice.below(held.len() as u64)).unwrap();
                let (to, moved_on) = (dice.among(&TOWNSHIPS), day("2020-08-25") + Days::new(dice.below(60)));
                let (who, counted) = &mut held[index];
                move_counted(&mut session, *who, counted, to, moved_on).await.unwrap();
                counted.township = to.map(str::to_owned);
            }
            session.commit().await.unwrap();
            assert_sound(on, &mut dice).await;
        }
        // At the end of all days every enrolment counts where it is.
        let mut session = on.database.read().await.unwrap();
        for district in [District::Jinghai, District::Baodi] {
            let figures = progress::figures(&mut session, district, 2021, day("2021-12-31")).await.unwrap();
            for figure in &figures {
                let is_there = |held: &&((ResidentId, EnrolmentId), Counted)| {
                    let counted = &held.1;
                    (counted.district, counted.group, counted.township.as_deref().unwrap_or_default())
                        == (district, figure.group, figure.township.as_str())
                };
                let expected = i64::try_from(held.iter().filter(is_there).count()).unwrap();
                assert_eq!(figure.persons, expected, "{}: {figure:?}", on.kind);
            }
            let of_district = held.iter().filter(|held| held.1.district == district).count();
            let persons = figures.iter().map(|figure| figure.persons).sum::<i64>();
            assert_eq!(persons, i64::try_from(of_district).unwrap(), "{}", on.kind);
            let counted = progress::count(&mut session, district, 2021).await.unwrap();
            assert_eq!(counted, persons, "{}", on.kind);
        }
    }
}

/// An enrolment counts in the old township up to the day before the move, and in the new one from that day on.
#[tokio::test]
async fn a_move_leaves_the_past_as_it_was() {
    let context = context("2021-03-01");
    for on in &databases(NAME, &migrations()).await {
        let who = (context.id(), context.id());
        let counted = Counted {
            district: District::Jinghai,
            policy_year: 2021,
            township: Some("120118.1".to_owned()),
            group: CountGroup::GeneralResidents,
            applied_on: day("2020-10-12"),
        };
        let mut session = on.database.begin().await.unwrap();
        fixtures::insert_enrolment(&mut session, who, &counted).await;
        add(&mut session, [counted.clone()]).await.unwrap();
        move_counted(&mut session, who, &counted, Some("120118.4"), day("2020-11-02")).await.unwrap();
        // To where it is already: nothing.
        let there = Counted { township: Some("120118.4".to_owned()), ..counted };
        move_counted(&mut session, who, &there, Some("120118.4"), day("2020-11-03")).await.unwrap();
        session.commit().await.unwrap();

        let mut session = on.database.read().await.unwrap();
        for (up_to, township) in [("2020-11-01", "120118.1"), ("2020-11-02", "120118.4")] {
            let figures = progress::figures(&mut session, District::Jinghai, 2021, day(up_to)).await.unwrap();
            let counting: Vec<_> = figures.iter().filter(|figure| figure.persons != 0).collect();
            assert_eq!(counting.len(), 1, "{} {up_to}", on.kind);
            assert_eq!((counting[0].township.as_str(), counting[0].persons), (township, 1), "{} {up_to}", on.kind);
        }
        let moved = session.rows("SELECT township FROM enrolment", Vec::new()).await.unwrap();
        assert_eq!(moved[0].text("township").unwrap(), "120118.4", "{}", on.kind);
    }
}

/// Two batches that name the same figures in opposite order, at the same time: both are counted, and neither waits for
/// ever. PostgreSQL would end such a circle with an error.
#[tokio::test]
async fn batches_side_by_side_do_not_block_one_another() {
    for on in &databases(NAME, &migrations()).await {
        let counted: Vec<_> = (1..=18)
            .map(|number| Counted {
                district: District::Jinghai,
                policy_year: 2021,
                township: Some(format!("120118.{number}")),
                group: CountGroup::GeneralResidents,
                applied_on: day("2020-10-12"),
            })
            .collect();
        let batch = async |reversed: bool| {
            for _ in 0..20 {
                let mut session = on.database.begin().await.unwrap();
                let mut own = counted.clone();
                if reversed {
                    own.reverse();
                }
                add(&mut session, own).await.unwrap();
                session.commit().await.unwrap();
            }
        };
        tokio::join!(batch(false), batch(true), batch(true));
        let mut session = on.database.read().await.unwrap();
        let figures = progress::figures(&mut session, District::Jinghai, 2021, day("2020-10-12")).await.unwrap();
        assert_eq!(figures.len(), 18, "{}", on.kind);
        assert!(figures.iter().all(|figure| figure.persons == 60), "{}", on.kind);
    }
}

/// Enrolments from before the figures were kept have them too.
#[tokio::test]
async fn the_migration_counts_what_was_there() {
    let before: Vec<_> = migrations().into_iter().filter(|migration| migration.version < 1006).collect();
    for on in &juyi_testkit::targets().await {
        let (target, connections) = (juyi_db::Target::parse(&on.url).unwrap(), std::num::NonZeroU32::MIN);
        let database = juyi_db::Database::open(&target, NAME, connections, &before).await.unwrap();
        let mut session = database.begin().await.unwrap();
        let context = context("2021-03-01");
        let mut last: ResidentId = context.id();
        for _ in 0..3 {
            let counted = Counted {
                district: District::Jinghai,
                policy_year: 2021,
                township: None,
                group: CountGroup::GeneralResidents,
                applied_on: day("2020-10-12"),
            };
            last = context.id();
            let who = (last, context.id());
            fixtures::insert_enrolment(&mut session, who, &counted).await;
        }
        let special = "UPDATE enrolment SET category = 'SPECIAL_PERSON' WHERE resident_id = $1";
        session.execute(special, args![Value::text(last)]).await.unwrap();
        session.commit().await.unwrap();
        database.close().await;

        let database = juyi_db::Database::open(&target, NAME, connections, &migrations()).await.unwrap();
        let mut session = database.read().await.unwrap();
        let mut figures = progress::figures(&mut session, District::Jinghai, 2021, day("2020-10-12")).await.unwrap();
        figures.sort_by_key(|figure| figure.group);
        let persons: Vec<_> = figures.iter().map(|figure| (figure.group, figure.persons)).collect();
        let expected = [(CountGroup::GeneralResidents, 2), (CountGroup::SpecialGroups, 1)];
        assert_eq!(persons, expected, "{}", on.kind);
        assert_eq!(progress::differences(&mut session, District::Jinghai, 2021).await.unwrap(), [], "{}", on.kind);
    }
}
