// The log on standard error: a line of JSON each, gathered and written many at a time.
import pino, { type DestinationStream, type LevelWithSilent, type Logger } from 'pino'

/** One write for each line would cost as much as the request it tells of. */
const gatheredMax = 65_536
/** How long a line may wait for others. */
const waitMs = 100

export function openLog(level: LevelWithSilent): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, gathering(2))
}

type Gathering = DestinationStream & { flush(done?: () => void): void; flushSync(): void }

/** In a list: `pino`'s own buffer is put together anew for each line that it takes. */
function gathering(fd: number): Gathering {
  const out = pino.destination({ fd, sync: false, minLength: gatheredMax, maxWrite: 2 * gatheredMax })
  let lines: string[] = []
  let length = 0
  let timer: NodeJS.Timeout | undefined

  function handOver(): void {
    clearTimeout(timer)
    timer = undefined
    if (length > 0) out.write(lines.join(''))
    lines = []
    length = 0
  }

  function flush(done?: () => void): void {
    handOver()
    out.flush(done)
  }

  // Before the destination's own listener, which writes what it has.
  process.prependListener('exit', handOver)

  return {
    write(line) {
      lines.push(line)
      length += line.length
      if (length >= gatheredMax) handOver()
      else timer ??= setTimeout(flush, waitMs).unref()
    },
    flush,
    /** Called behind a line of the level `fatal`. */
    flushSync() {
      handOver()
      out.flushSync()
    },
  }
}
