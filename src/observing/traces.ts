// Traces, sent as OpenTelemetry's variables say: a span for each request, and in it its transactions and its calls.
import {
  type Context,
  context,
  diag,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node'
import type { Observer, Step } from '../hub/observer.ts'

export type Traces = Required<Pick<Observer, 'within' | 'follow'>> & {
  /** Sends what was gathered; no longer than some seconds. */
  close(): Promise<void>
}

export type TracesProtocol = 'http/protobuf' | 'http/json'

/** A collector that is away must not hold up the end. */
const closeMs = 3_000

/** @param onError hears, in words, that spans could not be sent */
export async function openTraces(needs: {
  protocol: TracesProtocol
  version: string
  onError(words: string): void
}): Promise<Traces> {
  const { protocol, version, onError } = needs
  diag.setLogger({ error: onError, warn: onError, info: ignore, debug: ignore, verbose: ignore })
  const provider = new NodeTracerProvider({
    // What the environment says of the service counts more than what we say.
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'mortise', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    // Where to, how often and with which headers: from the environment.
    spanProcessors: [new BatchSpanProcessor(await exporterFor(protocol))],
  })
  // Of this process as a whole, by the nature of the package: which request is under way.
  provider.register()
  const tracer = provider.getTracer('mortise', version)

  return {
    async within(step, work) {
      const span = tracer.startSpan(step.name, optionsOf(step, SpanKind.CLIENT))
      const note = span.setAttributes.bind(span)
      try {
        return await context.with(trace.setSpan(context.active(), span), () => work(note))
      } catch (error) {
        markFailed(span, error)
        throw error
      } finally {
        span.end()
      }
    },

    follow(step, header) {
      const from = propagation.extract(ROOT_CONTEXT, header, headerGetter)
      const span = tracer.startSpan(step.name, optionsOf(step, SpanKind.SERVER), from)
      const inside: Context = trace.setSpan(from, span)
      return {
        run: (goOn) => context.with(inside, goOn),
        end(facts, isFailure) {
          span.setAttributes(facts)
          if (isFailure) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },

    async close() {
      const closing = provider.shutdown().catch(ignore)
      const limit = AbortSignal.timeout(closeMs)
      const tooLate = new Promise<void>((resolve) => limit.addEventListener('abort', () => resolve()))
      await Promise.race([closing, tooLate])
    },
  }
}

/** One of them alone is loaded. */
async function exporterFor(protocol: TracesProtocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter()
}

function optionsOf({ facts, isOutgoing }: Step, kind: SpanKind) {
  return { kind: isOutgoing || kind === SpanKind.SERVER ? kind : SpanKind.INTERNAL, attributes: facts }
}

/** By the kind of error alone: what it says may name hosts, and quote what somebody sent. */
function markFailed(span: Span, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const type = typeof code === 'string' ? code : error instanceof Error ? error.name : typeof error
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

type ReadsHeader = (name: string) => string | undefined

const headerGetter: TextMapGetter<ReadsHeader> = {
  keys: () => [],
  get: (read, name) => read(name),
}

function ignore(): void {}
