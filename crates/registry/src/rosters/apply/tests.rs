//! What lists do with people beside what other offices do with them, through the generated clients.

use juyi_domain::codes::{ChangeKind, Desk, District, InstitutionKind, Office, RosterKind};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_proto::registry::v1::submit_roster_request::Piece;

use crate::suite::{application, by, by_one_of, farmer};
use crate::testing::{World, caller, worlds};

/// A school of Jinghai.
const SCHOOL: &str = "120118.SCHOOL";

/// A valid number of a pupil who does not exist.
fn number(sequence: usize) -> String {
    const WEIGHTS: [usize; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("12011820140420{sequence:03}");
    let sum: usize = body.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[sum % 11]))
}

fn pupil(sequence: usize) -> pb::RosterRow {
    let (identity_number, name) = (number(sequence), format!("学生{sequence}"));
    let institution_kind = InstitutionKind::PrimaryOrSecondary.to_wire();
    let previous_year = pb::PreviousYear::Insured.into();
    pb::RosterRow { identity_number, name, institution_kind, previous_year, verified: true, ..Default::default() }
}

/// A list of Jinghai.
fn header(kind: RosterKind, roster_id: &str, as_of_date: &str) -> pb::RosterHeader {
    pb::RosterHeader {
        roster_id: roster_id.to_owned(),
        kind: kind.to_wire(),
        district: "120118".to_owned(),
        policy_year: 2021,
        as_of_date: as_of_date.to_owned(),
        ..Default::default()
    }
}

/// The intake of the school, at the branch.
fn intake(roster_id: &str) -> pb::RosterHeader {
    pb::RosterHeader {
        desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
        unit_id: SCHOOL.to_owned(),
        ..header(RosterKind::Enrolment, roster_id, "2020-10-12")
    }
}

impl World {
    async fn with_school() -> Vec<Self> {
        let worlds = worlds().await;
        for world in &worlds {
            let insert = "INSERT INTO unit (unit_id, kind, name, district, township, source, revision, office, \
                office_name, created_at) VALUES ($1, 'SCHOOL', 'x', '120118', '120118.4', 'test', 1, 'SYSTEM', '', $2)";
            world.run(insert, juyi_db::args![SCHOOL, world.context.now()]).await;
        }
        worlds
    }

    fn residents(&self) -> RegistryServiceClient<juyi_kit::channel::Channel> {
        RegistryServiceClient::new(self.channel.clone())
    }

    /// Pushes a list; how many rows had an effect, and the reasons and rules of the others.
    async fn push(&self, office: Office, header: pb::RosterHeader, rows: Vec<pb::RosterRow>) -> (i64, Vec<String>) {
        let pieces = [Piece::Header(header), Piece::Rows(pb::RosterRows { rows })];
        let pieces = pieces.map(|piece| pb::SubmitRosterRequest { piece: Some(piece) });
        let mut client = self.rosters.clone();
        let call = client.submit_roster(tokio_stream::iter(pieces));
        let answer = Caller::scope(caller(office), call).await.unwrap().into_inner();
        let told = |it: &juyi_proto::common::v1::Condition| format!("{} {}", it.reason, it.rule_id);
        let refused = answer.not_accepted.iter().flat_map(|row| row.reasons.iter().map(told));
        (answer.roster.unwrap().applied, refused.collect())
    }

    async fn register(&self, district: District, request: pb::RegisterResidentRequest) -> String {
        let mut client = self.residents();
        let call = client.register_resident(request);
        by_one_of(district, Office::Township, call).await.unwrap().resident.unwrap().resident_id
    }

    /// The table that comparisons look people up in holds what its defining query gives, and some of it.
    async fn assert_enrolled(&self, expected: usize) {
        const TABLE: &str = "SELECT policy_year, identity_number, name, district, category FROM enrolled";
        const MISSING: &str = "SELECT e.policy_year, p.identity_number, p.name, e.district, e.category \
            FROM enrolment e JOIN resident p ON p.resident_id = e.resident_id WHERE p.died_on IS NULL \
            EXCEPT SELECT policy_year, identity_number, name, district, category FROM enrolled";
        const LEFT_OVER: &str = "SELECT policy_year, identity_number, name, district, category FROM enrolled \
            EXCEPT SELECT e.policy_year, p.identity_number, p.name, e.district, e.category \
            FROM enrolment e JOIN resident p ON p.resident_id = e.resident_id WHERE p.died_on IS NULL";
        let mut session = self.database.read().await.unwrap();
        let mut found = Vec::new();
        for sql in [TABLE, MISSING, LEFT_OVER] {
            found.push(session.rows(sql, Vec::new()).await.unwrap().len());
        }
        assert_eq!(found, [expected, 0, 0], "{}", self.kind);
    }
}

/// J-3.2.1-b: the school verifies its pupils; a row that does not say so is refused and the others proceed.
#[tokio::test]
async fn a_school_lists_pupils_whom_it_verified() {
    for world in World::with_school().await {
        let unverified = pb::RosterRow { verified: false, ..pupil(2) };
        let (applied, refused) = world.push(Office::Education, intake("intake"), vec![pupil(1), unverified]).await;
        assert_eq!((applied, refused), (1, vec!["EVIDENCE_NOT_ACCEPTED J-3.2.1-b".to_owned()]), "{}", world.kind);
    }
}

/// J-3.2.1-a: a school registers whoever attends it, wherever the family lives.
#[tokio::test]
async fn a_school_registers_pupils_of_other_districts() {
    for world in World::with_school().await {
        let of_baodi = pb::RegisterResidentRequest {
            identity_number: number(1),
            name: pupil(1).name,
            household_district: "120115".to_owned(),
            residence_district: "120115".to_owned(),
            household_township: String::new(),
            residence_township: String::new(),
            ..farmer()
        };
        world.register(District::Baodi, of_baodi).await;
        let answer = world.push(Office::SocialInsurance, intake("intake"), vec![pupil(1)]).await;
        assert_eq!(answer, (1, vec![]), "{}", world.kind);
    }
}

/// J-3.2.5-d: an authority of the city does not list what another province recognised.
#[tokio::test]
async fn only_a_school_lists_what_another_province_recognised() {
    for world in World::with_school().await {
        let outside = pb::RosterRow { recognised_outside: true, ..pupil(1) };
        let list = |kind| header(kind, "outside", "2020-10-12");
        let answer = world.push(Office::CivilAffairs, list(RosterKind::LowIncome), vec![outside.clone()]).await;
        assert_eq!(answer, (0, vec!["VALUE_NOT_ALLOWED J-3.2.5-d".to_owned()]), "{}", world.kind);
        let answer = world.push(Office::Education, list(RosterKind::StudentLoans), vec![outside]).await;
        assert_eq!(answer, (1, vec![]), "{}", world.kind);
    }
}

/// Whatever happens to people and enrolments, comparisons look them up in what stands.
#[tokio::test]
async fn the_table_of_the_enrolled_equals_its_query() {
    for world in World::with_school().await {
        let resident_id = world.register(District::Jinghai, farmer()).await;
        world.assert_enrolled(0).await;
        let mut client = world.residents();
        by(Office::Township, client.enrol(application(&resident_id))).await.unwrap();
        world.assert_enrolled(1).await;
        let late = pb::RegisterResidentRequest {
            request_id: "late".to_owned(),
            identity_number: number(3),
            name: pupil(3).name,
            ..farmer()
        };
        world.register(District::Jinghai, late).await;
        let died = |row: pb::RosterRow| pb::RosterRow { death_date: "2020-12-01".to_owned(), verified: false, ..row };
        let deaths = |id: &str| header(RosterKind::Deaths, id, "2021-02-28");
        world.push(Office::CivilAffairs, deaths("one"), vec![died(pupil(3))]).await;
        let (applied, refused) = world.push(Office::Education, intake("intake"), (1..4).map(pupil).collect()).await;
        assert_eq!((applied, refused), (3, vec![]), "{}: who died later had applied", world.kind);
        world.assert_enrolled(3).await;

        let request = pb::GetResidentRequest { resident_id: resident_id.clone() };
        let etag = by(Office::Tax, client.get_resident(request)).await.unwrap().resident.unwrap().etag;
        let changed = pb::FileChangeRequest {
            request_id: "change".to_owned(),
            resident_id,
            etag,
            desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
            desk_district: "120118".to_owned(),
            filing_date: "2021-02-01".to_owned(),
            proof: "户口簿".to_owned(),
            policy_year: 2021,
            new_name: "王桂花".to_owned(),
            new_identity_number: "12011819710501001X".to_owned(),
            ..Default::default()
        };
        let change = by(Office::SocialInsurance, client.file_change(changed.clone())).await.unwrap().change.unwrap();
        assert_eq!(change.kind, ChangeKind::NameOrNumber.to_wire());
        world.assert_enrolled(3).await;

        let (identity_number, name) = (changed.new_identity_number, changed.new_name);
        let row = pb::RosterRow { identity_number, name, ..Default::default() };
        world.push(Office::CivilAffairs, deaths("two"), vec![died(row.clone()), died(pupil(1))]).await;
        world.assert_enrolled(1).await;
        let withdrawn = |row: pb::RosterRow| pb::RosterRow { withdrawn: true, verified: false, ..row };
        world.push(Office::CivilAffairs, deaths("three"), vec![withdrawn(row), withdrawn(pupil(3))]).await;
        world.assert_enrolled(3).await;
    }
}
