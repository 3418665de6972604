//! One trace across the services, received by an OTLP receiver in the test; and logs without personal data.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use juyi_domain::codes::Office;
use juyi_tests::offices::{Clients, by, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::processes::Process;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{TraceService, TraceServiceServer};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::trace::v1::Span;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
struct Receiver {
    spans: Arc<Mutex<Vec<Span>>>,
}

#[tonic::async_trait]
impl TraceService for Receiver {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let spans = request.into_inner().resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
        self.spans.lock().unwrap().extend(spans.flat_map(|scope| scope.spans));
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

impl Receiver {
    async fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tonic::transport::Server::builder().add_service(TraceServiceServer::new(self.clone()));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        format!("http://{address}")
    }

    /// Names of the spans in the trace that a call of this method began.
    fn trace_of(&self, method: &str) -> BTreeSet<String> {
        let spans = self.spans.lock().unwrap();
        let Some(root) = spans.iter().find(|span| span.name == method && span.parent_span_id.is_empty()) else {
            return BTreeSet::new();
        };
        spans.iter().filter(|span| span.trace_id == root.trace_id).map(|span| span.name.clone()).collect()
    }
}

const SETTLE: &str = "/juyi.settlement.v1.SettlementService/Settle";
const EXPECTED: [&str; 5] = [
    SETTLE,
    "/juyi.benefit_period.v1.CoveredService/BatchGetCovered",
    "/juyi.registry.v1.StandingService/BatchGetStanding",
    "/juyi.registry.v1.ProviderRegisterService/BatchGetProviders",
    "/juyi.assistance.v1.AssistanceService/AssessAid",
];

#[tokio::test]
async fn one_trace_across_gateway_settlement_benefit_period_and_assistance() {
    let receiver = Receiver::default();
    let endpoint = receiver.listen().await;
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().display());
    let settings = [("JUYI__DATABASE__URL", url.as_str()), ("JUYI__TELEMETRY__OTLP_ENDPOINT", endpoint.as_str())];
    let suite = Process::start("all", &settings).await;
    let clients = Clients::new(&suite.channel());
    let number = identity_number("120223", "19500101", 41);
    let resident_id = clients.aided_adult(&number).await;
    let bill = stay("B-1", "2021-03-01", "2021-03-09", 12_000_000);
    by(Office::Provider, clients.settlement.clone().settle(to_settle(&resident_id, bill))).await.unwrap();
    // Stopping sends what the exporter still holds.
    assert_eq!(suite.stop().await, 0);
    for _ in 0..100 {
        if EXPECTED.iter().all(|name| receiver.trace_of(SETTLE).contains(*name)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let trace = receiver.trace_of(SETTLE);
    for name in EXPECTED {
        assert!(trace.contains(name), "{name} is missing in {trace:?}");
    }
    // The gateway and the settlement service each have their span of the same call.
    let spans = receiver.spans.lock().unwrap();
    let roots: Vec<_> = spans.iter().filter(|span| span.name == SETTLE).collect();
    assert_eq!(roots.len(), 2);
    assert_eq!(roots[0].trace_id, roots[1].trace_id);
    assert!(!format!("{spans:?}").contains(&number), "no identity number in a trace");
}

#[tokio::test]
async fn logs_hold_no_personal_data() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().display());
    let log = directory.path().join("log");
    let file = std::fs::File::create(&log).unwrap();
    let settings = [("JUYI__DATABASE__URL", url.as_str()), ("JUYI__TELEMETRY__LOG", "trace")];
    let suite = Process::start_logging("all", &settings, file).await;
    let clients = Clients::new(&suite.channel());
    let number = identity_number("120223", "19500101", 42);
    let resident_id = clients.covered_adult(&number).await;
    let bill = stay("B-1", "2021-03-01", "2021-03-09", 2_000_000);
    by(Office::Provider, clients.settlement.clone().settle(to_settle(&resident_id, bill))).await.unwrap();
    assert_eq!(suite.stop().await, 0);
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("SettlementService/Settle"), "calls are logged");
    assert!(!text.contains(&number) && !text.contains("somebody"), "numbers and names are not");
}
