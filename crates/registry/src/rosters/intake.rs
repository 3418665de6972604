//! The rows of a stream, one after another: counted, fingerprinted, checked, and gathered into chunks.

use std::collections::HashSet;

use juyi_domain::codes::Disposition;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use prost::Message;
use sha2::{Digest, Sha256};

use crate::rosters::csv::{CsvFile, Line};
use crate::rosters::header::MOST_ROWS;
use crate::rosters::row::{Checks, grounds};
use crate::store::roster_rows::{Accepted, Content, NUMBER, NotAccepted, cut};
use crate::store::rosters::Counts;

/// Rows of the largest message.
const MOST_ROWS_AT_ONCE: usize = 5_000;
/// Bytes of the largest piece of a file.
const MOST_BYTES_AT_ONCE: usize = 1 << 20;
/// Rows that are stored in one transaction. Each writes nearly every page of the key once more, because a list comes in no
/// order of its numbers; so there are few of them, and yet no other writer waits for more than a moment.
const CHUNK: usize = 50_000;
/// Bytes of rows that are stored in one transaction at the latest: rows may be long.
const CHUNK_BYTES: usize = 8 << 20;

/// Rows that are stored together.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) accepted: Vec<Accepted>,
    pub(super) not_accepted: Vec<NotAccepted>,
}

/// Rows of a stream under way. Its size depends on the persons named, eight bytes each, and not on what is said of them.
pub(super) struct Intake {
    checks: Checks,
    /// Who was accepted. The 17 digits tell who; the check character follows from them.
    seen: HashSet<u64>,
    hash: Sha256,
    counts: Counts,
    chunk: Chunk,
    /// Bytes of the rows in the chunk, as they came.
    bytes: usize,
    csv: Option<CsvFile>,
    by_rows: bool,
    encoded: Vec<u8>,
}

impl Intake {
    pub(super) fn new(checks: Checks) -> Self {
        let mut hash = Sha256::new();
        hash.update(checks.header.canonical().encode_to_vec());
        Self {
            checks,
            seen: HashSet::new(),
            hash,
            counts: Counts::default(),
            chunk: Chunk::default(),
            bytes: 0,
            csv: None,
            by_rows: false,
            encoded: Vec::new(),
        }
    }

    /// Takes a piece of the stream. Rows that cannot stand are kept with their reasons.
    ///
    /// # Errors
    /// VALUE_NOT_ALLOWED for a piece that is too large, of the wrong kind or empty, and for a file whose columns are not
    /// known: then the whole roster is refused.
    pub(super) fn take(&mut self, piece: Option<Piece>) -> Result<(), Refusals> {
        let wrong = |detail: String| Err(Refusal::new(Reason::ValueNotAllowed, detail).at("piece").into());
        match piece {
            Some(Piece::Rows(pb::RosterRows { rows })) if self.csv.is_none() => {
                if !(1..=MOST_ROWS_AT_ONCE).contains(&rows.len()) {
                    return wrong(format!("a message has 1 to {MOST_ROWS_AT_ONCE} rows"));
                }
                self.by_rows = true;
                rows.into_iter().try_for_each(|row| self.row(row, Refusals::default()))
            }
            Some(Piece::Csv(bytes)) if !self.by_rows => {
                if bytes.len() > MOST_BYTES_AT_ONCE {
                    return wrong(format!("a piece of a file has at most {MOST_BYTES_AT_ONCE} bytes"));
                }
                let mut csv = self.csv.take().unwrap_or_else(|| CsvFile::new(self.checks.header.charset));
                let read = csv.read(&bytes, |bytes, line| self.line(bytes, line));
                self.csv = Some(csv);
                read
            }
            Some(Piece::Rows(_) | Piece::Csv(_)) => {
                wrong("a roster comes as rows or as a file, not as both".to_owned())
            }
            Some(Piece::Header(_)) => wrong("the header comes once, first".to_owned()),
            None => wrong("a message holds rows or a piece of a file".to_owned()),
        }
    }

    /// Takes the end of the stream.
    ///
    /// # Errors
    /// As [`Intake::take`]; AMOUNT_INCONSISTENT when another number of rows was announced.
    pub(super) fn finish(&mut self) -> Result<(), Refusals> {
        if let Some(mut csv) = self.csv.take() {
            csv.finish(|bytes, line| self.line(bytes, line))?;
        }
        let (expected, received) = (self.checks.header.expected_rows, self.counts.received);
        if expected == 0 || expected == received {
            return Ok(());
        }
        let detail = format!("{expected} rows were announced and {received} came");
        Err(Refusal::new(Reason::AmountInconsistent, detail).at("header.expected_rows").into())
    }

    /// The rows gathered so far, once they are enough for a transaction.
    pub(super) fn maybe_chunk(&mut self) -> Option<Chunk> {
        let rows = self.chunk.accepted.len() + self.chunk.not_accepted.len();
        (rows >= CHUNK || self.bytes >= CHUNK_BYTES).then(|| self.rest())
    }

    /// The rows gathered so far.
    pub(super) fn rest(&mut self) -> Chunk {
        let mut chunk = std::mem::take(&mut self.chunk);
        self.bytes = 0;
        // Neighbours in the key are neighbours on the disk.
        chunk.accepted.sort_unstable_by(|one, other| one.identity_number.cmp(&other.identity_number));
        chunk
    }

    /// The counts of the stream alone, and its fingerprint.
    pub(super) fn close(self) -> (Counts, String) {
        let fingerprint = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        (self.counts, fingerprint)
    }

    fn line(&mut self, bytes: &[u8], line: Line) -> Result<(), Refusals> {
        match line {
            Line::Row(row, unreadable) => self.row(*row, unreadable),
            Line::Broken(refusal) => {
                self.count()?;
                self.hash.update(Sha256::digest([b"broken\0", bytes].concat()));
                self.reject("", Content::default(), Disposition::Rejected, refusal.into());
                Ok(())
            }
        }
    }

    fn row(&mut self, mut row: pb::RosterRow, unreadable: Refusals) -> Result<(), Refusals> {
        self.count()?;
        let read = self.checks.read(&row, unreadable);
        if let Ok(number) = &read {
            // A small x is the same number.
            number.as_str().clone_into(&mut row.identity_number);
        }
        self.encoded.clear();
        // A Vec grows as needed, so there is always room.
        let _ = row.encode(&mut self.encoded);
        self.bytes += self.encoded.len();
        let digest = Sha256::digest(&self.encoded);
        self.hash.update(digest);
        let identity_number = std::mem::take(&mut row.identity_number);
        let content = Content::of(row);
        match read {
            Err(refusals) => {
                // A row that is refused for something else still names its person.
                let number = IdentityNumber::parse(&identity_number).map(|number| number.as_str().to_owned());
                self.reject(&number.unwrap_or(identity_number), content, Disposition::Rejected, refusals);
            }
            Ok(number) if self.seen.insert(number.key()) => {
                self.counts.accepted += 1;
                let first = digest.first_chunk().copied().unwrap_or_default();
                let key = (self.counts.received, identity_number, i64::from_be_bytes(first));
                self.chunk.accepted.push(Accepted::new(key, content));
            }
            Ok(_) => self.reject(&identity_number, content, Disposition::Duplicate, twice().into()),
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Refusals> {
        if self.counts.received == MOST_ROWS {
            let detail = format!("a roster has at most {MOST_ROWS} rows");
            return Err(Refusal::new(Reason::ValueNotAllowed, detail).at("piece").into());
        }
        self.counts.received += 1;
        Ok(())
    }

    /// Keeps a row that cannot stand, as far as its fields can be stored.
    fn reject(&mut self, identity_number: &str, content: Content, disposition: Disposition, refusals: Refusals) {
        match disposition {
            Disposition::Duplicate => self.counts.duplicate += 1,
            _ => self.counts.rejected += 1,
        }
        self.chunk.not_accepted.push(NotAccepted {
            row_number: self.counts.received,
            disposition,
            identity_number: cut(identity_number, NUMBER),
            content: content.cut(),
            grounds: grounds(refusals),
        });
    }
}

/// Every office checks its list for persons named twice before it sends it (J-1.3-b); what is left is told here.
fn twice() -> Refusal {
    Refusal::new(Reason::DuplicateIdentity, "an earlier row of this roster names the person").by("J-1.3-b")
}
