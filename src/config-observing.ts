// Reads where metrics are served, and whether traces are sent: those by the variables that OpenTelemetry has for it.

export type ObservingConfig = {
  /** A port of its own for metrics, which asks for no key; null where there is none. */
  readonly metrics: { readonly host: string; readonly port: number } | null
  /** How traces are sent; null where they are not. */
  readonly traces: { readonly protocol: 'http/protobuf' | 'http/json' } | null
}

type Value = (name: string) => string | undefined
type Wrong = (mistake: string) => undefined

/** @param read what the rest of the configuration reads hosts and ports with */
export function readObserving(
  value: Value,
  read: { host(name: string, text: string): string; port(name: string, text: string): number },
  wrong: Wrong,
): ObservingConfig {
  const given = value('MORTISE_METRICS_PORT')
  // Of a service that is called mortise-metrics, Kubernetes sets this to its address.
  const port = given?.startsWith('tcp://') ? undefined : given
  const host = read.host('MORTISE_METRICS_HOST', value('MORTISE_METRICS_HOST') ?? '127.0.0.1')
  return {
    metrics: port === undefined ? null : { host, port: read.port('MORTISE_METRICS_PORT', port) },
    traces: readTraces(value, wrong),
  }
}

/** On where an address for them is given, or the exporter is asked for by its name. */
function readTraces(value: Value, wrong: Wrong): ObservingConfig['traces'] {
  const endpointName = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find(value)
  const exporter = value('OTEL_TRACES_EXPORTER') ?? (endpointName === undefined ? 'none' : 'otlp')
  if (exporter === 'none' || value('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return null
  if (exporter !== 'otlp') {
    wrong(`OTEL_TRACES_EXPORTER=${exporter} is neither otlp nor none: traces are sent by OTLP alone.`)
  }
  const endpoint = endpointName === undefined ? undefined : value(endpointName)
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    // Not repeated: it may hold a password.
    wrong(`${endpointName} is no address such as http://collector:4318.`)
  }
  const protocolName = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'].find(value)
  const protocol = (protocolName === undefined ? undefined : value(protocolName)) ?? 'http/protobuf'
  if (protocol === 'http/protobuf' || protocol === 'http/json') return { protocol }
  wrong(
    `${protocolName}=${protocol} is not spoken here: set http/protobuf or http/json, with the port for it (most collectors: 4318), or OTEL_TRACES_EXPORTER=none.`,
  )
  return null
}
