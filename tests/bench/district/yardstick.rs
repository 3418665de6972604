//! The yardstick of settling: what a settlement reads and writes, as one hand-written transaction, run by pgbench on tables
//! of the same shape in the same server. The texts that it stores are those of a bill that the suite settled.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sqlx::Row;
use sqlx::postgres::PgConnection;

use crate::covered::{resident_id, run};

const CLIENTS: &str = "32";
/// Threads of pgbench.
const THREADS: &str = "2";

/// Copies of the tables that settling writes, with their indices.
const TABLES: &[&str] = &[
    "CREATE SCHEMA yardstick",
    "CREATE TABLE yardstick.person_year (LIKE settlement.person_year INCLUDING ALL)",
    "CREATE TABLE yardstick.settlement (LIKE settlement.settlement INCLUDING ALL)",
    "CREATE TABLE yardstick.entry (LIKE settlement.entry INCLUDING ALL, \
        FOREIGN KEY (resident_id, settlement_id) REFERENCES yardstick.settlement (resident_id, settlement_id))",
    "CREATE TABLE yardstick.request (LIKE settlement.request INCLUDING ALL)",
];

/// The reads; `:id` is the person, `:bill` the bill.
const READS: &[&str] = &[
    "SELECT fingerprint, reply FROM yardstick.request WHERE resident_id = :id AND request_id = :bill;",
    "SELECT r.died_on, i.identity FROM registry.resident r LEFT JOIN registry.special_identity i \
        ON i.resident_id = r.resident_id AND i.start_on <= DATE '2021-03-01' \
        AND (i.end_on IS NULL OR i.end_on > DATE '2021-03-01') WHERE r.resident_id = :id;",
    "SELECT c.*, s.revision, s.born_on, s.died_on, s.left_school_on, s.interrupted_on, s.enrolments, s.employees, \
        s.routes FROM benefit_period.coverage_span c JOIN benefit_period.person_state s ON s.resident_id = c.resident_id \
        WHERE c.resident_id = :id AND c.insurance = 'BASIC' AND c.start_on <= DATE '2021-03-01' \
        AND c.end_on > DATE '2021-03-01' AND c.withdrawn_at IS NULL;",
    "SELECT revision FROM yardstick.person_year WHERE resident_id = :id AND policy_year = 2021;",
    "SELECT * FROM yardstick.settlement WHERE resident_id = :id AND (policy_year = 2021 \
        OR (provider_code = 'H12011800001' AND bill_number = :bill AND state = 'SETTLED')) ORDER BY filed_order;",
    "SELECT e.* FROM yardstick.settlement s JOIN yardstick.entry e ON e.resident_id = s.resident_id \
        AND e.settlement_id = s.settlement_id WHERE s.resident_id = :id AND s.policy_year = 2021 ORDER BY e.entry_id;",
];

/// Runs the transaction for a time and answers how many there were in a second.
pub(crate) async fn measure(
    connection: &mut PgConnection,
    (pgbench, url): (&Path, &str),
    (sample, persons): (&str, u64),
    time: Duration,
) -> Result<u128> {
    run(connection, TABLES).await?;
    let script = script(connection, sample, persons).await?;
    let path = std::env::temp_dir().join(format!("juyi-yardstick-{}.sql", std::process::id()));
    std::fs::write(&path, script)?;
    let seconds = time.as_secs().to_string();
    let mut command = tokio::process::Command::new(pgbench);
    command.args(["--no-vacuum", "--protocol=prepared", "--client", CLIENTS, "--jobs", THREADS, "--time", &seconds]);
    let output = command.arg("--file").arg(&path).arg(url).output().await;
    std::fs::remove_file(&path)?;
    let output = output.with_context(|| format!("cannot start {}", pgbench.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || text.contains("aborted") {
        bail!("pgbench: {text}{}", String::from_utf8_lossy(&output.stderr));
    }
    let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split('.').next()?.parse().ok());
    tps.with_context(|| format!("pgbench told no rate: {text}"))
}

/// The script of pgbench. Its persons and bills are numbers, made into ids as the suite's are.
async fn script(connection: &mut PgConnection, sample: &str, persons: u64) -> Result<String> {
    let row = "SELECT s.bill, s.standing, e.receipt, r.fingerprint, \
        encode(r.reply, 'hex') AS reply FROM settlement.settlement s JOIN settlement.entry e \
        ON e.resident_id = s.resident_id JOIN settlement.request r ON r.resident_id = s.resident_id \
        WHERE s.resident_id = $1";
    let row = sqlx::query(row).bind(sample).fetch_one(&mut *connection).await?;
    // pgbench takes a colon before a letter for a variable.
    let text = |column: &str| -> Result<String> {
        let text: String = row.try_get(column)?;
        Ok(format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a")))
    };
    let prefix = &resident_id(0)[..24];
    let id = format!("('{prefix}' || lpad(CAST(CAST(:person AS BIGINT) AS TEXT), 12, '0'))");
    let bill = "('B-' || CAST(CAST(:number AS BIGINT) AS TEXT))";
    let new =
        |kind: &str| format!("('{kind}{}' || lpad(CAST(CAST(:number AS BIGINT) AS TEXT), 12, '0'))", &prefix[1..]);
    let caller = "'PROVIDER', NULL, 'bench'";
    let mut script = format!("\\set person random(1, {persons})\n\\set number random(1, 999999999999)\nBEGIN;\n");
    for read in READS {
        script.push_str(&read.replace(":id", &id).replace(":bill", bill));
        script.push('\n');
    }
    let writes = [
        format!(
            "INSERT INTO yardstick.person_year (resident_id, policy_year, revision) VALUES ({id}, 2021, 1) \
            ON CONFLICT (resident_id, policy_year) DO UPDATE SET revision = person_year.revision + 1 \
            RETURNING revision \\gset"
        ),
        format!(
            "INSERT INTO yardstick.settlement (resident_id, settlement_id, policy_year, filed_order, care_kind, \
            bill_number, provider_code, began_on, admitted_on, discharged_on, bill, district, class, tier, identities, \
            standing, state, created_at, office, office_district, office_name) VALUES ({id}, {}, 2021, \
            CAST(:revision AS BIGINT), 'INPATIENT', {bill}, 'H12011800001', DATE '2021-03-01', DATE '2021-03-01', \
            DATE '2021-03-09', {}, '120118', 'ADULT', 'MIDDLE', '', {}, 'SETTLED', TIMESTAMP '2021-03-10', \
            {caller});",
            new("1"),
            text("bill")?,
            text("standing")?,
        ),
        format!(
            "INSERT INTO yardstick.entry (resident_id, entry_id, settlement_id, kind, cause_settlement_id, created_at, \
            total_fen, eligible_fen, basic_fund_fen, critical_illness_fen, medical_assistance_fen, \
            veterans_assistance_fen, person_fen, maternity_fen, receipt, office, office_district, office_name) \
            VALUES ({id}, {}, {}, 'SETTLEMENT', {}, TIMESTAMP '2021-03-10', 1, 1, 1, 0, 0, 0, 0, 0, {}, \
            {caller});",
            new("2"),
            new("1"),
            new("1"),
            text("receipt")?,
        ),
        format!(
            "INSERT INTO yardstick.request (resident_id, request_id, fingerprint, reply, created_at) \
            VALUES ({id}, {bill}, {}, decode({}, 'hex'), TIMESTAMP '2021-03-10');",
            text("fingerprint")?,
            text("reply")?,
        ),
    ];
    script.push_str(&writes.join("\n"));
    script.push_str("\nCOMMIT;\n");
    Ok(script)
}
