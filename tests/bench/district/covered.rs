//! Everybody covered for 2021 at once, written into the tables of registry and benefit period as the services would have.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use chrono::NaiveDate;
use juyi_domain::benefit_period::history::Terms;
use juyi_domain::codes::{Category, Class, District, Insurance, PaymentMethod, Tier, Window};
use juyi_domain::receipt::Receipt;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Executor};

const INSTANT: &str = "2020-11-20 08:00:00";
/// Bytes of `COPY` that are collected before they are sent.
const PIECE: usize = 256 * 1024;

/// The id of a person by number.
pub(crate) fn resident_id(number: u64) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

/// Writes everybody.
pub(crate) async fn load(connection: &mut PgConnection, persons: u64) -> Result<()> {
    let day = |text: &str| text.parse::<NaiveDate>();
    let (born_on, applied_on, paid_on) = (day("1970-05-01")?, day("2020-10-12")?, day("2020-11-20")?);
    let resident = |number| {
        format!(
            "{}\t{number:018}\tsomebody\t{born_on}\t120118\t120118\tTOWNSHIP\t120118\tbench\t{INSTANT}",
            resident_id(number)
        )
    };
    let columns = "registry.resident (resident_id, identity_number, name, born_on, household_district, \
        residence_district, office, office_district, office_name, created_at)";
    copy(connection, columns, persons, resident).await?;
    let columns = "benefit_period.person (resident_id, changes)";
    copy(connection, columns, persons, |number| format!("{}\t1", resident_id(number))).await?;
    let mut terms = Terms {
        enrolment_id: resident_id(0).parse()?,
        policy_year: 2021,
        district: District::Jinghai,
        category: Category::RuralResident,
        class: Class::Adult,
        tier: Tier::Middle,
        applied_on,
        window: Window::Ordinary,
        previous_year_insured: Some(true),
        interrupted_on: None,
        township: Some("120118.4".to_owned()),
        by_deduction: false,
    };
    let state = |number| {
        let id = resident_id(number);
        terms.enrolment_id = id.parse().unwrap_or(terms.enrolment_id);
        let enrolments = serde_json::to_string(&[&terms]).unwrap_or_default();
        format!("{id}\t1\t{born_on}\t\\N\t[]\t\\N\t{enrolments}\t[]\t[]\t{INSTANT}")
    };
    let columns = "benefit_period.person_state (resident_id, revision, born_on, died_on, left_school_on, \
        interrupted_on, enrolments, employees, routes, noted_at)";
    copy(connection, columns, persons, state).await?;
    let payment = |number| {
        let id = resident_id(number);
        format!("{id}\t{id}\t{id}\t{paid_on}\t{}\tf\tf\t{INSTANT}", PaymentMethod::BankCounter.as_str())
    };
    let columns = "benefit_period.payment_fact (resident_id, payment_id, enrolment_id, paid_on, method, \
        fully_subsidised, invokes_epidemic_rule, noted_at)";
    copy(connection, columns, persons, payment).await?;
    let receipt = serde_json::to_string(&Receipt::default())?;
    let derivation = |number| {
        let id = resident_id(number);
        format!("{id}\t{id}\t{receipt}\t\\N\t{INSTANT}")
    };
    let columns = "benefit_period.derivation (resident_id, payment_id, receipt, reasons, derived_at)";
    copy(connection, columns, persons, derivation).await?;
    let span = |number| {
        let (id, basic) = (resident_id(number), Insurance::Basic.as_str());
        format!("{id}\t{id}\t{id}\t{id}\t{basic}\t2021-01-01\t2022-01-01\t2021\t{id}")
    };
    let columns = "benefit_period.coverage_span (resident_id, span_id, payment_id, enrolment_id, insurance, start_on, \
        end_on, benefit_year, opened_by)";
    copy(connection, columns, persons, span).await?;
    connection.execute("VACUUM ANALYZE").await?;
    Ok(())
}

async fn copy(
    connection: &mut PgConnection,
    columns: &str,
    persons: u64,
    mut row: impl FnMut(u64) -> String,
) -> Result<()> {
    let statement = format!("COPY {columns} FROM STDIN");
    let mut copy = connection.copy_in_raw(&statement).await?;
    let mut text = String::new();
    for number in 1..=persons {
        writeln!(text, "{}", row(number))?;
        if text.len() > PIECE {
            copy.send(text.as_bytes()).await?;
            text.clear();
        }
    }
    copy.send(text.as_bytes()).await?;
    let stored = copy.finish().await?;
    ensure!(stored == persons, "{stored} rows were copied");
    Ok(())
}

/// Runs statements one after the other.
pub(crate) async fn run(connection: &mut PgConnection, statements: &[&str]) -> Result<()> {
    for statement in statements {
        connection.execute(AssertSqlSafe((*statement).to_owned())).await?;
    }
    Ok(())
}
