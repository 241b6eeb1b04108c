// A limit on the time in which this process ran: what arrived while it stood still is read before the limit is over.

export type RunningLimit = {
  readonly signal: AbortSignal
  /** It is not needed any more. */
  clear(): void
}

/** @param tickMs how exact it is; whoever stands still for four of them has been stopped */
export function runningLimit(ms: number, tickMs = 500): RunningLimit {
  const controller = new AbortController()
  let leftMs = ms
  let lastMs = performance.now()
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const goneMs = nowMs - lastMs
    lastMs = nowMs
    // A process that was stopped for longer has not had its turn at what came meanwhile.
    leftMs -= goneMs > 4 * tickMs ? 0 : goneMs
    if (leftMs <= 0) controller.abort(new DOMException('The time is over.', 'TimeoutError'))
  }, tickMs)
  timer.unref()
  return { signal: controller.signal, clear: () => clearInterval(timer) }
}
