// A bar on standard error, for people at a terminal; everybody else is told nothing until the end.

const width = 30

export class Progress {
  readonly #what: string
  readonly #total: number
  readonly #isShown: boolean

  /** @param what is counted, such as `values` */
  constructor(what: string, total: number, { json = false }: { json?: boolean }) {
    this.#what = what
    this.#total = total
    this.#isShown = process.stderr.isTTY === true && !json
  }

  show(done: number): void {
    if (!this.#isShown) return
    const part = this.#total === 0 ? 1 : Math.min(1, done / this.#total)
    const bar = '#'.repeat(Math.round(part * width)).padEnd(width, '.')
    process.stderr.write(`\r[${bar}] ${done} of ${this.#total} ${this.#what}`)
  }

  end(): void {
    if (this.#isShown) process.stderr.write('\n')
  }
}
