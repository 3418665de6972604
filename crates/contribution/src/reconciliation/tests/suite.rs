//! The service with payments that are booked already.

use std::sync::Arc;

use juyi_db::{Database, Target};
use juyi_domain::codes::{District, Office, PaymentMethod};
use juyi_domain::contribution::declaration::exception::Outcome;
use juyi_domain::contribution::declaration::total::Totals;
use juyi_domain::contribution::declaration::{DeclarationState, Declarer};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::id::{DeclarationId, EnrolmentId, PaymentId, RefundId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Receipt, Step};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::account_service_client::AccountServiceClient;
use juyi_proto::contribution::v1::tax_reconciliation_service_client::TaxReconciliationServiceClient;
use juyi_proto::contribution::v1::tax_row::Subject;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::enrolled_service_server::EnrolledServiceServer;
use juyi_proto::registry::v1::registry_service_server::RegistryServiceServer;
use juyi_testkit::registry::StandIn;
use juyi_testkit::{ManualClock, TestTarget, context_at};
use tonic::Status;
use tonic::service::Routes;
use tonic_types::StatusExt;

use crate::store::declarations::{self, Declaration};
use crate::store::migrations;
use crate::store::payments::{self, Payment, Refunded};
use crate::tests::stand_in::{People, farmer, person};
use crate::{NAME, Peers};

/// The day that is reconciled.
pub(crate) const DAY: &str = "2020-11-12";
pub(crate) const JINGHAI: District = District::Jinghai;

pub(crate) struct Suite {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) context: Context,
    pub(crate) registry: StandIn,
    pub(crate) people: People,
    pub(crate) database: Database,
    pub(crate) tax: TaxReconciliationServiceClient<Channel>,
    pub(crate) accounts: AccountServiceClient<Channel>,
}

impl Suite {
    pub(crate) async fn start(on: &TestTarget) -> Self {
        let (clock, registry, people) =
            (Arc::new(ManualClock::on("2021-03-01")), StandIn::default(), People::default());
        let context = context_at(Arc::clone(&clock));
        let routes = Routes::new(RegistryServiceServer::new(registry.clone()))
            .add_service(EnrolledServiceServer::new(people.clone()));
        let peers = Peers { registry: Channel::local("registry", routes), benefit_period: registry.channel() };
        let component = crate::build(&on.config(), context.clone(), peers).await.unwrap();
        let config = on.config().database;
        let target = Target::parse(&config.url).unwrap();
        let database = Database::open(&target, NAME, config.connections, &migrations()).await.unwrap();
        let channel = Channel::local(NAME, component.routes);
        let tax = TaxReconciliationServiceClient::new(channel.clone());
        Self { clock, context, registry, people, database, tax, accounts: AccountServiceClient::new(channel) }
    }

    /// A payment of 560.00 through the app that nobody has booked.
    pub(crate) fn payment(&self, voucher: &str) -> Payment {
        let mut receipt = Receipt::default();
        receipt.push(Step::new("J-2.1-c").paying(juyi_domain::codes::Payer::Person, Fen::yuan(560)));
        Payment {
            resident_id: self.context.id(),
            id: self.context.id(),
            enrolment_id: self.context.id(),
            policy_year: 2021,
            district: JINGHAI,
            unit_id: None,
            declaration_id: None,
            amount: Fen::yuan(560),
            paid_on: DAY.parse().unwrap(),
            method: PaymentMethod::MobileApp,
            voucher_number: voucher.to_owned(),
            way: juyi_domain::contribution::ways::Way::default(),
            invokes_epidemic_rule: false,
            refund: None,
            quote: Quote {
                prepaid: false,
                personal: Fen::yuan(560),
                subsidy: Fen::ZERO,
                government: None,
                payable: Fen::yuan(560),
                subsidy_ground: None,
                receipt,
            },
            recorded_by: tax_office(),
            created_at: self.context.now(),
        }
    }

    /// A payment of a unit, with its declaration.
    pub(crate) fn of_unit(&self, voucher: &str, unit_id: &str, declaration_id: Option<DeclarationId>) -> Payment {
        Payment { unit_id: Some(unit_id.to_owned()), declaration_id, ..self.payment(voucher) }
    }

    pub(crate) async fn book(&self, payment: &Payment) {
        let mut session = self.database.begin().await.unwrap();
        if payment.method == PaymentMethod::Prepayment {
            // The voucher of a term pays several years.
            payments::insert_all(&mut session, std::slice::from_ref(payment)).await.unwrap();
        } else {
            payments::insert(&mut session, payment).await.unwrap();
        }
        session.commit().await.unwrap();
    }

    /// A declaration of 2021 with its sum and what of it is confirmed; of a paid one the rest are exceptions.
    pub(crate) async fn declare(
        &self,
        unit_id: &str,
        (payable, confirmed): (Fen, Fen),
        state: DeclarationState,
    ) -> DeclarationId {
        let declaration = Declaration {
            id: self.context.id(),
            unit_id: unit_id.to_owned(),
            request_id: self.context.id::<DeclarationId>().to_string(),
            declarer: Declarer::Institution,
            policy_year: 2021,
            district: JINGHAI,
            state: DeclarationState::Counting,
            named: None,
            declared_on: self.context.clock().today(),
            counted_to: String::new(),
            totals: Totals::default(),
            paid_to: String::new(),
            outcome: Outcome::default(),
            payment: None,
            receipt_number: None,
            recorded_by: tax_office(),
            created_at: self.context.now(),
        };
        let mut session = self.database.begin().await.unwrap();
        declarations::insert(&mut session, &declaration).await.unwrap();
        let totals = Totals { payable, ..Totals::default() };
        declarations::add_totals(&mut session, declaration.id, &totals).await.unwrap();
        if state == DeclarationState::Paid {
            let (confirmed_sum, exception_sum) = (confirmed, payable - confirmed);
            let outcome = Outcome { confirmed_sum, exception_sum, ..Outcome::default() };
            declarations::add_outcome(&mut session, declaration.id, &outcome).await.unwrap();
        }
        let counting = DeclarationState::Counting;
        assert!(declarations::advance(&mut session, declaration.id, counting, state).await.unwrap());
        session.commit().await.unwrap();
        declaration.id
    }

    pub(crate) async fn refund(&self, payment: &Payment, on: &str) -> RefundId {
        let id = self.context.id();
        let mut session = self.database.begin().await.unwrap();
        let refund = Refunded { id, on: on.parse().unwrap() };
        assert!(payments::refund(&mut session, payment.resident_id, payment.id, refund).await.unwrap());
        session.commit().await.unwrap();
        id
    }

    /// A farmer enrolled in the middle tier on 2020-11-11.
    pub(crate) fn enrol(&self, resident_id: ResidentId, enrolment_id: EnrolmentId) {
        self.registry.add_resident(registry::Resident {
            resident_id: resident_id.to_string(),
            birth_date: "1970-05-01".to_owned(),
            ..Default::default()
        });
        let terms = EnrolmentTerms { enrolment_id: enrolment_id.to_string(), ..farmer() };
        self.people.add(person(&resident_id.to_string(), terms));
        self.registry.add_enrolment(registry::Enrolment {
            enrolment_id: enrolment_id.to_string(),
            resident_id: resident_id.to_string(),
            policy_year: 2021,
            district: JINGHAI.to_string(),
            ..Default::default()
        });
    }

    pub(crate) async fn totals(
        &self,
        statement_id: &str,
        totals: &[(&str, i64, i64)],
    ) -> Result<pb::Reconciliation, Status> {
        let request_id = self.context.id::<PaymentId>().to_string();
        self.totals_again(&request_id, statement_id, totals).await
    }

    pub(crate) async fn totals_again(
        &self,
        request_id: &str,
        statement_id: &str,
        totals: &[(&str, i64, i64)],
    ) -> Result<pb::Reconciliation, Status> {
        let total = |(unit_id, count, yuan): &(&str, i64, i64)| pb::TaxTotal {
            unit_id: (*unit_id).to_owned(),
            count: *count,
            sum_fen: yuan * 100,
        };
        let request = pb::SubmitTaxTotalsRequest {
            request_id: request_id.to_owned(),
            statement_id: statement_id.to_owned(),
            district: JINGHAI.to_string(),
            booked_date: DAY.to_owned(),
            totals: totals.iter().map(total).collect(),
        };
        let reply = by(Office::Tax, JINGHAI, self.tax.clone().submit_tax_totals(request)).await?;
        Ok(reply.into_inner().reconciliation.unwrap())
    }

    /// Totals that the rows add up to, then the rows.
    pub(crate) async fn state(&self, statement_id: &str, rows: &[pb::TaxRow]) -> Result<pb::Reconciliation, Status> {
        let mut totals = std::collections::BTreeMap::<&str, (i64, i64)>::new();
        for row in rows {
            let total = totals.entry(&row.unit_id).or_default();
            *total = (total.0 + 1, total.1 + row.amount_fen);
        }
        let totals: Vec<_> = totals.into_iter().map(|(unit_id, (count, fen))| (unit_id, count, fen / 100)).collect();
        self.totals(statement_id, &totals).await?;
        self.send(pieces(statement_id, &[], rows, 2)).await
    }

    pub(crate) async fn send(&self, pieces: Vec<pb::SubmitTaxDetailsRequest>) -> Result<pb::Reconciliation, Status> {
        let stream = tokio_stream::iter(pieces);
        let reply = by(Office::Tax, JINGHAI, self.tax.clone().submit_tax_details(stream)).await?;
        Ok(reply.into_inner().reconciliation.unwrap())
    }

    pub(crate) async fn exceptions(&self) -> Vec<pb::ReconciliationException> {
        let request = pb::ListReconciliationExceptionsRequest { district: JINGHAI.to_string(), ..Default::default() };
        let reply = by(Office::Tax, JINGHAI, self.tax.clone().list_reconciliation_exceptions(request)).await;
        reply.unwrap().into_inner().exceptions
    }
}

/// The row that says what is booked.
pub(crate) fn row(payment: &Payment) -> pb::TaxRow {
    let enrolment = pb::PaidEnrolment {
        resident_id: payment.resident_id.to_string(),
        enrolment_id: payment.enrolment_id.to_string(),
    };
    pb::TaxRow {
        voucher_number: payment.voucher_number.clone(),
        unit_id: payment.unit_id.clone().unwrap_or_default(),
        subject: Some(Subject::Enrolment(enrolment)),
        amount_fen: payment.amount.get(),
        booked_date: payment.paid_on.to_string(),
        method: payment.method.to_wire(),
    }
}

/// The row that takes it back.
pub(crate) fn reversal(payment: &Payment, refund: RefundId) -> pb::TaxRow {
    let row = row(payment);
    pb::TaxRow { voucher_number: refund.to_string(), amount_fen: -row.amount_fen, booked_date: DAY.to_owned(), ..row }
}

/// A header, and rows in chunks.
pub(crate) fn pieces(
    statement_id: &str,
    unit_ids: &[&str],
    rows: &[pb::TaxRow],
    size: usize,
) -> Vec<pb::SubmitTaxDetailsRequest> {
    use pb::submit_tax_details_request::Piece;
    let header = pb::TaxDetailsHeader {
        district: JINGHAI.to_string(),
        statement_id: statement_id.to_owned(),
        unit_ids: unit_ids.iter().map(|&unit_id| unit_id.to_owned()).collect(),
        row_count: i64::try_from(rows.len()).unwrap(),
    };
    let chunk = |(place, rows): (usize, &[pb::TaxRow])| {
        let first_row = i64::try_from(place * size + 1).unwrap();
        Piece::Chunk(pb::TaxRowChunk { first_row, rows: rows.to_vec() })
    };
    let chunks = rows.chunks(size).enumerate().map(chunk);
    std::iter::once(Piece::Header(header))
        .chain(chunks)
        .map(|piece| pb::SubmitTaxDetailsRequest { piece: Some(piece) })
        .collect()
}

pub(crate) fn tax_office() -> Caller {
    Caller { office: Office::Tax, district: Some(JINGHAI), name: "tax".to_owned() }
}

pub(crate) async fn by<T>(office: Office, district: District, call: impl Future<Output = T>) -> T {
    let caller = Caller { office, district: Some(district), name: String::new() };
    Caller::scope(Some(caller), call).await
}

/// Every reason of a refusal.
pub(crate) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    answer.unwrap_err().get_error_details().error_info().unwrap().metadata["reasons"].clone()
}
