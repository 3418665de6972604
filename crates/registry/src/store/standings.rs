//! Identities and deaths of many people, each on a day of one's own, in one statement.

use chrono::NaiveDate;
use juyi_db::{Error, Keyed, Session, Value, args};
use juyi_domain::codes::Identity;
use juyi_domain::id::ResidentId;

static STANDING: Keyed = Keyed::select(
    &[("question", "BIGINT"), ("wanted", "TEXT"), ("wanted_on", "DATE")],
    "key.question, r.died_on, i.identity",
    "resident r LEFT JOIN special_identity i ON i.resident_id = r.resident_id AND i.start_on <= key.wanted_on \
        AND (i.end_on IS NULL OR i.end_on > key.wanted_on)",
    "r.resident_id = key.wanted",
    "question, identity",
);

/// A person on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Place of the question.
    pub question: usize,
    /// Identities held, each once.
    pub identities: Vec<Identity>,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
}

/// Those of the people asked about who are registered, in the order asked.
///
/// # Errors
/// Those of the database.
pub async fn list(session: &mut Session, questions: &[(ResidentId, NaiveDate)]) -> Result<Vec<Standing>, Error> {
    let keys = (0_i64..).zip(questions).flat_map(|(question, (id, on))| args![question, Value::text(id), *on]);
    let rows = session.rows_of(&STANDING, &keys.collect::<Vec<_>>()).await?;
    let mut found: Vec<Standing> = Vec::with_capacity(questions.len());
    for row in rows {
        let question = usize::try_from(row.int("question")?).map_err(|_| Error::Corrupt { column: "question" })?;
        if found.last().is_none_or(|last| last.question != question) {
            found.push(Standing { question, identities: Vec::new(), died_on: row.maybe_date("died_on")? });
        }
        let identity: Option<Identity> = row.maybe_parse("identity")?;
        if let (Some(standing), Some(identity)) = (found.last_mut(), identity)
            && !standing.identities.contains(&identity)
        {
            standing.identities.push(identity);
            standing.identities.sort_unstable();
        }
    }
    Ok(found)
}
