// Ctrl-C while a long command runs: the part that is being done is finished first. A second one ends it at once.

/** Through npm, a terminal's Ctrl-C arrives twice; one after this is meant. */
const secondSignalMs = 500

export type StopAsked = {
  readonly isAsked: boolean
  /** From here on a signal ends the process as ever. */
  end(): void
}

export function listenForStop(): StopAsked {
  let askedAt: number | undefined
  const onSignal = () => {
    if (askedAt !== undefined && performance.now() - askedAt > secondSignalMs) {
      end()
      process.kill(process.pid, 'SIGINT')
    }
    askedAt ??= performance.now()
  }
  const end = () => {
    process.off('SIGINT', onSignal)
  }
  process.on('SIGINT', onSignal)
  return {
    get isAsked() {
      return askedAt !== undefined
    },
    end,
  }
}
