//! Structured logs and traces. Nothing personal is ever a field: spans carry methods, codes and offices.

use http::HeaderMap;
use http::header::HeaderValue;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde::{Deserialize, Serialize};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// What is logged and where traces go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// Filter of logs, for example `info` or `warn,juyi_kit=info`.
    pub log: String,
    /// OTLP receiver over gRPC, for example `http://127.0.0.1:4317`; empty for none.
    pub otlp_endpoint: String,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        Self { log: "info".to_owned(), otlp_endpoint: String::new() }
    }
}

/// Keeps the exporter; [`Telemetry::close`] sends what it still holds.
#[derive(Debug)]
pub struct Telemetry {
    provider: Option<SdkTracerProvider>,
}

/// The configuration of logs or traces cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("telemetry: {0}")]
pub struct BadTelemetry(String);

impl Telemetry {
    /// Installs logs on standard error and, when configured, the exporter of traces. Once per process, inside the
    /// runtime.
    ///
    /// # Errors
    /// [`BadTelemetry`] for a filter or an endpoint that cannot be used.
    pub fn install(config: &TelemetryConfig, service: &'static str) -> Result<Self, BadTelemetry> {
        let filter = EnvFilter::try_new(&config.log).map_err(|error| BadTelemetry(error.to_string()))?;
        let logs = tracing_subscriber::fmt::layer()
            .json()
            .with_writer(std::io::stderr)
            .with_current_span(false)
            .with_span_list(false)
            .with_filter(filter);
        let provider = if config.otlp_endpoint.is_empty() { None } else { Some(exporter(config, service)?) };
        let traces = provider.as_ref().map(|provider| {
            let own = EnvFilter::new("off,juyi_kit=info,juyi_gateway=info,juyi_settlement=info");
            tracing_opentelemetry::layer().with_tracer(provider.tracer("juyi")).with_filter(own)
        });
        tracing_subscriber::registry()
            .with(logs)
            .with(traces)
            .try_init()
            .map_err(|error| BadTelemetry(error.to_string()))?;
        Ok(Self { provider })
    }

    /// Sends what is still held back. Blocks; call it outside the runtime's workers.
    pub fn close(self) {
        if let Some(provider) = self.provider {
            let _ = provider.shutdown();
        }
    }
}

fn exporter(config: &TelemetryConfig, service: &'static str) -> Result<SdkTracerProvider, BadTelemetry> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_tonic()
        .with_endpoint(&config.otlp_endpoint)
        .build()
        .map_err(|error| BadTelemetry(error.to_string()))?;
    let resource = Resource::builder_empty().with_service_name(format!("juyi-{service}")).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

struct HeadersMut<'a>(&'a mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(key), HeaderValue::try_from(value)) {
            self.0.insert(name, value);
        }
    }
}

/// The span of a call, continuing the trace its metadata name.
pub fn rpc_span(service: &'static str, method: &str, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!("rpc", otel.name = method, otel.kind = "server", service, method);
    let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(headers)));
    span
}

/// Writes the trace of the work in progress into the metadata of a call.
pub fn write_trace(headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut HeadersMut(headers));
}

/// The trace of the work in progress, to be kept with an event; empty when nothing is traced.
#[must_use]
pub fn current_trace() -> String {
    let mut headers = HeaderMap::new();
    write_trace(&mut headers);
    headers.get("traceparent").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The span of a delivery, continuing the trace of the event's cause.
pub fn event_span(topic: &str, trace: &str) -> Span {
    let span = tracing::info_span!("deliver", otel.name = topic, topic);
    if let Ok(value) = HeaderValue::from_str(trace) {
        let headers = HeaderMap::from_iter([(http::HeaderName::from_static("traceparent"), value)]);
        let _ = span.set_parent(TraceContextPropagator::new().extract(&Headers(&headers)));
    }
    span
}
