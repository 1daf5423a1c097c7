//! Spans for an OpenTelemetry collector, over OTLP/HTTP: of requests, operations and statements. With the feature `otel` alone.
//!
//! Attributes are what the log has: routes, names of operations, the text of statements without the values bound to them.

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::config::{OtlpSettings, Settings, Task};

/// Where collectors take spans, behind their endpoint.
const TRACES_PATH: &str = "/v1/traces";

/// Sends spans in the background, in batches; nothing where no collector is configured.
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Prepares to send; nothing is connected yet.
    ///
    /// # Errors
    /// When no client for the collector can be made.
    pub fn start(settings: &Settings) -> anyhow::Result<Self> {
        let Task::Serve(serve) = &settings.task else { return Ok(Self(None)) };
        let Some(OtlpSettings { endpoint, service }) = &serve.otlp else { return Ok(Self(None)) };
        let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary);
        let exporter = exporter.with_endpoint(format!("{endpoint}{TRACES_PATH}")).build()?;
        let resource = Resource::builder().with_service_name(service.clone()).build();
        Ok(Self(Some(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())))
    }

    /// What turns the spans of this server into spans for the collector; those of libraries stay here.
    pub fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let tracer = self.0.as_ref()?.tracer(env!("CARGO_PKG_NAME"));
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        let ours = Targets::new().with_target(env!("CARGO_PKG_NAME"), LevelFilter::DEBUG);
        Some(layer.with_location(false).with_threads(false).with_target(false).with_filter(ours))
    }

    /// Sends what has not been sent. Blocks for as long as the collector takes, within the exporter's bounds.
    pub fn stop(self) {
        if let Some(Err(error)) = self.0.map(|provider| provider.shutdown()) {
            eprintln!("cpor: the last spans were not sent: {error}");
        }
    }
}

/// Makes a span the child of a caller's, named by the hexadecimal digits of a `traceparent`.
pub fn join(span: &Span, trace: &str, parent: &str, flags: &str) {
    let (Ok(trace), Ok(parent)) = (TraceId::from_hex(trace), SpanId::from_hex(parent)) else { return };
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).unwrap_or_default());
    let caller = SpanContext::new(trace, parent, flags, true, TraceState::default());
    // A span that nobody records has no parent either.
    let _unrecorded = span.set_parent(opentelemetry::Context::new().with_remote_span_context(caller));
}

/// Trace, span and flags of a span that is recorded, in hexadecimal digits.
#[must_use]
pub fn identity(span: &Span) -> Option<(String, String, String)> {
    let context = span.context();
    let span = context.span();
    let known = span.span_context();
    let flags = if known.is_sampled() { "01" } else { "00" };
    known.is_valid().then(|| (known.trace_id().to_string(), known.span_id().to_string(), flags.to_owned()))
}
