import { createRequire } from 'node:module';
import { ensureContext } from './globals.ts';

export interface Telemetry {
  /** Flushes what is buffered; bounded to a few seconds, never rejects. Idempotent. */
  shutdown(): Promise<void>;
}

export interface TelemetryOptions {
  service: string;
  env?: Record<string, string | undefined>;
}

const SHUTDOWN_MS_MAX = 3_000;

/**
 * Sets context propagation, and exports traces and metrics by OTLP/HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Without it nothing is recorded or sent, and the SDK,
 * whose loading takes some 200 ms, is not even loaded.
 *
 * There are no auto-instrumentations: spans are the ones we name, because foreign ones put URLs and statements, which
 * may hold personal data, into attributes.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  ensureContext();
  const env = options.env ?? process.env;
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT']) return { shutdown: () => Promise.resolve() };
  const sdk = startSdk(options.service, env['OTEL_EXPORTER_OTLP_ENDPOINT'].replace(/\/+$/, ''));
  let stopping: Promise<void> | undefined;
  return { shutdown: () => (stopping ??= stopWithin(sdk, SHUTDOWN_MS_MAX)) };
}

type NodeSdk = InstanceType<(typeof import('@opentelemetry/sdk-node'))['NodeSDK']>;

function startSdk(service: string, endpoint: string): NodeSdk {
  // Loaded only here (see above), synchronously, so that the first span after start is recorded.
  const load = createRequire(import.meta.url);
  const { NodeSDK } = load('@opentelemetry/sdk-node') as typeof import('@opentelemetry/sdk-node');
  const { BatchSpanProcessor } = load(
    '@opentelemetry/sdk-trace',
  ) as typeof import('@opentelemetry/sdk-trace');
  const { PeriodicExportingMetricReader } = load(
    '@opentelemetry/sdk-metrics',
  ) as typeof import('@opentelemetry/sdk-metrics');
  const traces = load('@opentelemetry/exporter-trace-otlp-http') as TraceExporterModule;
  const metrics = load('@opentelemetry/exporter-metrics-otlp-http') as MetricExporterModule;
  const sdk = new NodeSDK({
    serviceName: service,
    autoDetectResources: false,
    instrumentations: [],
    logRecordProcessors: [],
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new traces.OTLPTraceExporter({ url: `${endpoint}/v1/traces` }) }),
    ],
    metricReaders: [
      new PeriodicExportingMetricReader({
        exporter: new metrics.OTLPMetricExporter({ url: `${endpoint}/v1/metrics` }),
      }),
    ],
  });
  sdk.start();
  return sdk;
}

type TraceExporterModule = typeof import('@opentelemetry/exporter-trace-otlp-http');
type MetricExporterModule = typeof import('@opentelemetry/exporter-metrics-otlp-http');

async function stopWithin(sdk: NodeSdk, deadlineMs: number): Promise<void> {
  const deadline = new Promise<void>((resolve) => setTimeout(resolve, deadlineMs).unref());
  // A collector that is gone must not keep a service from ending, and there is nobody left to tell.
  await Promise.race([sdk.shutdown().catch(() => undefined), deadline]);
}
