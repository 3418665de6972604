//! CSV files.

use juyi_domain::codes::{Identity, Office, RosterKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::submit_roster_request::Piece;

use super::{DULIU, counts, header, number, person, reason, sites};

const POLICE: Office = Office::PublicSecurity;

fn pieces(header: &pb::RosterHeader, file: &[u8], size: usize) -> Vec<Piece> {
    let pieces = file.chunks(size).map(|piece| Piece::Csv(piece.to_vec()));
    std::iter::once(Piece::Header(header.clone())).chain(pieces).collect()
}

#[tokio::test]
async fn a_file_says_what_rows_say() {
    for site in &sites().await {
        let aid = header(RosterKind::OtherAid, "aid-1");
        let file = format!(
            "\u{feff}name,identity_number,identity,start_date,township\r\n居民1,{},ORPHAN,2020-03-01,{DULIU}\r\n",
            number(1)
        );
        let answer = site.send(Office::CivilAffairs, pieces(&aid, file.as_bytes(), 7)).await.unwrap();
        assert_eq!((counts(&answer).accepted, counts(&answer).rejected), (1, 0), "{}", site.kind);
        let row = pb::RosterRow {
            identity: Identity::Orphan.to_wire(),
            start_date: "2020-03-01".to_owned(),
            township: DULIU.to_owned(),
            ..person(1)
        };
        // The same rows, sent as rows, are the same roster.
        assert_eq!(site.push(Office::CivilAffairs, &aid, &[row]).await.unwrap(), answer, "{}", site.kind);
    }
}

#[tokio::test]
async fn a_file_in_gb18030_is_read() {
    for site in &sites().await {
        let gb =
            pb::RosterHeader { charset: pb::Charset::Gb18030.into(), ..header(RosterKind::Population, "population-1") };
        let text = format!("identity_number,name\n{},王桂兰\n{},镕\u{20000}\n", number(1), number(2));
        let (mut file, _, _) = encoding_rs::GB18030.encode(&text);
        file.to_mut().extend_from_slice(format!("{},\u{1}", number(3)).as_bytes());
        file.to_mut().extend_from_slice(b"\xff\n");
        let answer = site.send(POLICE, pieces(&gb, &file, 3)).await.unwrap();
        let expected = pb::RosterCounts { received: 3, accepted: 2, new: 2, rejected: 1, ..Default::default() };
        assert_eq!(counts(&answer), expected, "{}", site.kind);
        let rows = site.rows(POLICE, &gb, 0).await;
        let names: Vec<_> = rows.iter().map(|row| row.row.as_ref().unwrap().name.as_str()).collect();
        assert_eq!(names, ["王桂兰", "镕\u{20000}", ""], "{}", site.kind);
    }
}

#[tokio::test]
async fn a_broken_line_rejects_its_own_row() {
    for site in &sites().await {
        let header = header(RosterKind::Population, "population-1");
        let file = format!(
            "identity_number,name\n{},居民1\n{},\"居民2\n{}\n\n{},居民4,more\n{},居民5",
            number(1),
            number(2),
            number(3),
            number(4),
            number(5)
        );
        let answer = site.send(POLICE, pieces(&header, file.as_bytes(), 10)).await.unwrap();
        let expected = pb::RosterCounts { received: 5, accepted: 2, new: 2, rejected: 3, ..Default::default() };
        assert_eq!(counts(&answer), expected, "{}", site.kind);
        let numbers: Vec<_> = answer.not_accepted.iter().map(|row| row.row_number).collect();
        assert_eq!(numbers, [2, 3, 4], "{}", site.kind);
    }
}

#[tokio::test]
async fn a_file_without_columns_is_refused_and_leaves_nothing() {
    for site in &sites().await {
        let header = header(RosterKind::Population, "population-1");
        for (file, expected) in [
            (String::new(), "REQUIRED_FIELD_MISSING"),
            (format!("{},居民1\n", number(1)), "VALUE_NOT_ALLOWED"),
            ("identity_number,name,colour\n".to_owned(), "VALUE_NOT_ALLOWED"),
        ] {
            let mut pieces = pieces(&header, file.as_bytes(), 5);
            pieces.push(Piece::Csv(Vec::new()));
            let refused = site.send(POLICE, pieces).await.unwrap_err();
            assert_eq!(reason(&refused), expected, "{}", site.kind);
        }
        site.assert_no_uploads().await;
        site.assert_empty().await;
    }
}
