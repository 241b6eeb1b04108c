// A bar on standard error, for people at a terminal; everybody else is told nothing until the end.

const width = 30

export class Progress {
  readonly #what: string
  readonly #total: number | undefined
  readonly #isShown: boolean
  #isBegun = false

  /**
   * @param what is counted, such as `values`
   * @param total undefined where nobody knows it: then it is counted alone
   */
  constructor(what: string, total: number | undefined, { json = false }: { json?: boolean }) {
    this.#what = what
    this.#total = total
    this.#isShown = process.stderr.isTTY === true && !json
  }

  show(done: number): void {
    if (!this.#isShown) return
    this.#isBegun = true
    if (this.#total === undefined) {
      process.stderr.write(`\r${done} ${this.#what}`)
      return
    }
    const part = this.#total === 0 ? 1 : Math.min(1, done / this.#total)
    const bar = '#'.repeat(Math.round(part * width)).padEnd(width, '.')
    process.stderr.write(`\r[${bar}] ${done} of ${this.#total} ${this.#what}`)
  }

  end(): void {
    if (this.#isBegun) process.stderr.write('\n')
    this.#isBegun = false
  }
}
