//! CSV files as they come, in pieces cut anywhere.
//!
//! A row is a line: no field of a roster holds a line break, so an unbalanced quote spoils its own row and no other.
//! Lines are found in the bytes before they are decoded: neither UTF-8 nor GB18030 has a line feed inside a character.

use csv_core::{ReadRecordResult, Reader};
use encoding_rs::{Encoding, GB18030, UTF_8};
use juyi_domain::codes::{Area, Identity, InstitutionKind, Tier};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

/// Bytes of the longest line; what lies beyond is dropped and the row rejected.
const LONGEST_LINE: usize = 8 * 1024;

/// A line of a file.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    /// A row, with the fields that could not be read.
    Row(Box<pb::RosterRow>, Refusals),
    /// A line that is no row of the file's columns.
    Broken(Refusal),
}

/// A file being read.
pub(super) struct CsvFile {
    encoding: &'static Encoding,
    columns: Option<Vec<&'static Column>>,
    /// The beginning of a line whose end has not come.
    rest: Vec<u8>,
    /// The line is too long, and what comes of it is dropped.
    overlong: bool,
    reader: Reader,
    record: Record,
}

impl CsvFile {
    pub(super) fn new(charset: pb::Charset) -> Self {
        let encoding = if charset == pb::Charset::Gb18030 { GB18030 } else { UTF_8 };
        Self {
            encoding,
            columns: None,
            rest: Vec::new(),
            overlong: false,
            reader: Reader::new(),
            record: Record::default(),
        }
    }

    /// Reads a piece and hands over each line that it completes, with its bytes.
    ///
    /// # Errors
    /// When the first line is no line of known columns, or what `take` refuses with.
    pub(super) fn read<E: From<Refusals>>(
        &mut self,
        piece: &[u8],
        mut take: impl FnMut(&[u8], Line) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = piece;
        while let Some(end) = left.iter().position(|byte| *byte == b'\n') {
            let (line, after) = (&left[..end], &left[end + 1..]);
            left = after;
            if self.rest.is_empty() && !self.overlong && line.len() <= LONGEST_LINE {
                self.line(line, &mut take)?;
            } else {
                self.keep(line);
                self.kept(&mut take)?;
            }
        }
        self.keep(left);
        Ok(())
    }

    /// Hands over the last line, when it had no end.
    ///
    /// # Errors
    /// As [`CsvFile::read`], and when there was no first line.
    pub(super) fn finish<E: From<Refusals>>(
        &mut self,
        mut take: impl FnMut(&[u8], Line) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.rest.is_empty() {
            self.kept(&mut take)?;
        }
        match self.columns {
            Some(_) => Ok(()),
            None => Err(Refusals::from(without_columns()).into()),
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.rest.len());
        self.overlong |= bytes.len() > room;
        self.rest.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn kept<E: From<Refusals>>(&mut self, take: &mut impl FnMut(&[u8], Line) -> Result<(), E>) -> Result<(), E> {
        let mut line = std::mem::take(&mut self.rest);
        let taken = if std::mem::take(&mut self.overlong) {
            let detail = format!("a line has at most {LONGEST_LINE} bytes");
            take(&line, Line::Broken(Refusal::new(Reason::ValueNotAllowed, detail)))
        } else {
            self.line(&line, take)
        };
        line.clear();
        self.rest = line;
        taken
    }

    fn line<E: From<Refusals>>(
        &mut self,
        bytes: &[u8],
        take: &mut impl FnMut(&[u8], Line) -> Result<(), E>,
    ) -> Result<(), E> {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let Some(columns) = &self.columns else {
            let text = decoded(self.encoding, bytes).ok_or_else(|| Refusals::from(bad_bytes().at("csv")))?;
            self.columns = Some(columns_of(&mut self.reader, &mut self.record, text.trim_start_matches('\u{feff}'))?);
            return Ok(());
        };
        if bytes.is_empty() {
            return Ok(());
        }
        let line = match decoded(self.encoding, bytes) {
            None => Line::Broken(bad_bytes()),
            Some(text) => row(&mut self.reader, &mut self.record, columns, &text),
        };
        take(bytes, line)
    }
}

fn decoded<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<std::borrow::Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

fn bad_bytes() -> Refusal {
    Refusal::new(Reason::ValueNotAllowed, "the line has bytes that are no text in the file's character set")
}

fn without_columns() -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, "the first line of the file names its columns").at("csv")
}

/// A line taken apart. Its memory serves line after line.
#[derive(Debug, Default)]
struct Record {
    input: Vec<u8>,
    fields: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Record {
    /// Takes a line apart; false when a quote stays open.
    fn parse(&mut self, reader: &mut Reader, line: &str) -> bool {
        self.input.clear();
        self.input.extend_from_slice(line.as_bytes());
        self.input.push(b'\n');
        // No field is longer than the line, and each but the last has a comma.
        self.fields.resize(self.input.len() + 1, 0);
        self.ends.resize(self.input.len() + 1, 0);
        reader.reset();
        let (outcome, read, _, count) = reader.read_record(&self.input, &mut self.fields, &mut self.ends);
        self.count = count;
        outcome == ReadRecordResult::Record && read == self.input.len()
    }

    /// The fields, without white space around them.
    fn fields(&self) -> impl Iterator<Item = &str> {
        let ends = &self.ends[..self.count];
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let fields = starts.zip(ends).map(|(start, end)| self.fields.get(start..*end).unwrap_or_default());
        fields.map(|field| str::from_utf8(field).unwrap_or_default().trim())
    }
}

/// The columns that the first line names, in any order.
fn columns_of(reader: &mut Reader, record: &mut Record, line: &str) -> Result<Vec<&'static Column>, Refusals> {
    if line.trim().is_empty() || !record.parse(reader, line) {
        return Err(without_columns().into());
    }
    let mut columns: Vec<&'static Column> = Vec::new();
    let mut refusals = Refusals::default();
    for (number, name) in (1..).zip(record.fields()) {
        // The name itself is not repeated: a file without its first line would show a person here.
        let problem = match COLUMNS.iter().find(|column| column.name == name) {
            None => "is no field of a row",
            Some(column) if columns.iter().any(|before| before.name == column.name) => "is named twice",
            Some(column) => {
                columns.push(column);
                continue;
            }
        };
        refusals.push(Refusal::new(Reason::ValueNotAllowed, format!("column {number} {problem}")).at("csv"));
    }
    for needed in ["identity_number", "name"] {
        if refusals.0.is_empty() && !columns.iter().any(|column| column.name == needed) {
            let detail = format!("the file has no column {needed}");
            refusals.push(Refusal::new(Reason::RequiredFieldMissing, detail).at("csv"));
        }
    }
    refusals.into_result().map(|()| columns)
}

fn row(reader: &mut Reader, record: &mut Record, columns: &[&'static Column], text: &str) -> Line {
    if !record.parse(reader, text) {
        return Line::Broken(Refusal::new(Reason::ValueNotAllowed, "the line has a quote that is not closed"));
    }
    if record.count != columns.len() {
        let detail = format!("the line has {} fields and the file {} columns", record.count, columns.len());
        return Line::Broken(Refusal::new(Reason::ValueNotAllowed, detail));
    }
    let mut row = Box::<pb::RosterRow>::default();
    let mut refusals = Refusals::default();
    for (column, field) in columns.iter().zip(record.fields()) {
        if field.is_empty() {
            continue;
        }
        if let Err((reason, wanted)) = (column.set)(&mut row, field) {
            refusals.push(Refusal::new(reason, format!("{} is {wanted}", column.name)).at(column.name));
        }
    }
    Line::Row(row, refusals)
}

/// Why a field cannot be read, and what it should be.
type Unreadable = (Reason, &'static str);

/// A field of a row, by its name in the contract.
struct Column {
    name: &'static str,
    set: fn(&mut pb::RosterRow, &str) -> Result<(), Unreadable>,
}

fn code<C: Coded + std::str::FromStr>(text: &str) -> Result<i32, Unreadable> {
    text.parse().map(C::to_wire).map_err(|_| (Reason::UnknownEnum, "a code of the glossary"))
}

fn flag(text: &str) -> Result<bool, Unreadable> {
    text.parse().map_err(|_| (Reason::ValueNotAllowed, "true or false"))
}

fn amount(text: &str) -> Result<i64, Unreadable> {
    text.parse().map_err(|_| (Reason::ValueNotAllowed, "a whole number of fen"))
}

fn previous_year(text: &str) -> Result<i32, Unreadable> {
    let wire = pb::PreviousYear::from_str_name(&format!("PREVIOUS_YEAR_{text}"));
    wire.map(Into::into).ok_or((Reason::UnknownEnum, "INSURED or NOT_INSURED"))
}

macro_rules! columns {
    ($($name:ident: $read:expr;)*) => {
        /// Every field that a row may have.
        const COLUMNS: &[Column] = &[$(Column {
            name: stringify!($name),
            set: |row, text| {
                row.$name = $read(text)?;
                Ok(())
            },
        },)*];
    };
}

#[allow(clippy::unnecessary_wraps, reason = "a text is always readable, other fields are not")]
fn text(text: &str) -> Result<String, Unreadable> {
    Ok(text.to_owned())
}

columns! {
    identity_number: text;
    name: text;
    township: text;
    start_date: text;
    end_date: text;
    identity: code::<Identity>;
    withdrawn: flag;
    has_employer: flag;
    has_fixed_income: flag;
    recognised_outside: flag;
    death_date: text;
    amount_fen: amount;
    voucher_number: text;
    payment_date: text;
    unit_id: text;
    institution_kind: code::<InstitutionKind>;
    verified: flag;
    special_identity: code::<Identity>;
    household_district: text;
    household_area: code::<Area>;
    tier: code::<Tier>;
    previous_year: previous_year;
    application_date: text;
    employed: flag;
    part_time: flag;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a file that comes in pieces of so many bytes.
    fn lines(file: &[u8], charset: pb::Charset, piece: usize) -> Result<Vec<Line>, Refusals> {
        let mut lines = Vec::new();
        let mut csv = CsvFile::new(charset);
        let mut take = |_: &[u8], line| {
            lines.push(line);
            Ok::<_, Refusals>(())
        };
        for piece in file.chunks(piece) {
            csv.read(piece, &mut take)?;
        }
        csv.finish(&mut take)?;
        Ok(lines)
    }

    fn utf8(file: &str) -> Vec<Line> {
        let whole = lines(file.as_bytes(), pb::Charset::Utf8, usize::MAX).unwrap();
        for piece in [1, 2, 3, 7] {
            assert_eq!(lines(file.as_bytes(), pb::Charset::Unspecified, piece).unwrap(), whole, "pieces of {piece}");
        }
        whole
    }

    fn names(lines: &[Line]) -> Vec<&str> {
        fn name(line: &Line) -> &str {
            match line {
                Line::Row(row, _) => &row.name,
                Line::Broken(_) => "broken",
            }
        }
        lines.iter().map(name).collect()
    }

    #[test]
    fn columns_come_in_any_order_and_lines_in_any_pieces() {
        let file = "\u{feff}name,identity,identity_number,withdrawn,amount_fen\r\n\
            \"王, 桂兰\",LOW_INCOME,11010519491231002X,true,26000\r\n\r\n李四,,,,";
        let lines = utf8(file);
        let [Line::Row(first, good), Line::Row(second, empty)] = &lines[..] else { panic!("two rows") };
        assert!(good.0.is_empty() && empty.0.is_empty());
        assert_eq!((first.name.as_str(), first.identity_number.as_str()), ("王, 桂兰", "11010519491231002X"));
        assert_eq!((first.identity, first.withdrawn, first.amount_fen), (Identity::LowIncome.to_wire(), true, 26_000));
        assert_eq!(**second, pb::RosterRow { name: "李四".to_owned(), ..Default::default() });
    }

    #[test]
    fn a_broken_line_spoils_no_other() {
        let overlong = "长".repeat(LONGEST_LINE);
        let file = format!(
            "identity_number,name\n1,a\n2,\"open\n3,c\n4\n5,e,more\n6,\"f\"\"f\"\n7,{overlong}\n8,h\n9\r,i\n10,j\n"
        );
        assert_eq!(names(&utf8(&file)), ["a", "broken", "c", "broken", "broken", "f\"f", "broken", "h", "broken", "j"]);
    }

    #[test]
    fn a_field_that_cannot_be_read_is_named_and_not_repeated() {
        let lines = utf8("identity_number,name,tier,verified,previous_year\n1,a,HIGHEST,yes,INSURED\n");
        let [Line::Row(row, refusals)] = &lines[..] else { panic!("one row") };
        let found: Vec<_> = refusals.0.iter().map(|it| (it.reason, it.field.as_deref().unwrap())).collect();
        assert_eq!(found, [(Reason::UnknownEnum, "tier"), (Reason::ValueNotAllowed, "verified")]);
        assert!(!refusals.to_string().contains("HIGHEST"));
        assert_eq!(row.previous_year(), pb::PreviousYear::Insured);
    }

    #[test]
    fn gb18030_is_read_line_by_line() {
        let (text, _, _) = GB18030.encode("identity_number,name\n1,王桂兰\n2,\u{20000}\n3,镕\n");
        let mut file = text.into_owned();
        file.extend_from_slice(b"4,\xff\n5,\x81\n6,f\n");
        for piece in [1, 5, usize::MAX] {
            let lines = lines(&file, pb::Charset::Gb18030, piece).unwrap();
            assert_eq!(names(&lines), ["王桂兰", "\u{20000}", "镕", "broken", "broken", "f"]);
        }
        let wrong = lines(&file, pb::Charset::Utf8, usize::MAX).unwrap();
        assert_eq!(names(&wrong), ["broken", "broken", "broken", "broken", "broken", "f"]);
    }

    #[test]
    fn a_file_whose_columns_are_not_known_is_refused_whole() {
        for (file, reason) in [
            ("", Reason::RequiredFieldMissing),
            ("\n1,a\n", Reason::RequiredFieldMissing),
            ("identity_number\n", Reason::RequiredFieldMissing),
            ("identity_number,name,name\n", Reason::ValueNotAllowed),
            ("11010519491231002X,王桂兰\n", Reason::ValueNotAllowed),
        ] {
            let refusals = lines(file.as_bytes(), pb::Charset::Utf8, usize::MAX).unwrap_err();
            assert_eq!(refusals.0[0].reason, reason, "{file}");
            assert!(!refusals.to_string().contains("1949"));
        }
    }
}
