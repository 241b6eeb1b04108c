// One answer on its way in: its headers, and a body that nobody has to stream where it came with them.
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { HeaderPairs, Incoming, Outgoing } from './send.ts'

/** What came and was not asked for yet; with more than this, the other side has to wait. */
const heldBytesMax = 65_536

/** As it was sent, compressed where it was. Whoever does not read it must destroy it. */
export class AnswerBody extends Readable {
  readonly #controller: Dispatcher.DispatchController
  readonly #held: Buffer[] = []
  #heldBytes = 0
  #isWanted = false
  #isComplete = false
  #isOver = false

  constructor(controller: Dispatcher.DispatchController) {
    super()
    this.#controller = controller
  }

  /** All of it, where all has come and nothing was read: a short answer mostly comes together with its headers. */
  takeWhole(): Buffer | undefined {
    if (!this.#isComplete || this.#isWanted || this.destroyed) return undefined
    const [only = Buffer.alloc(0)] = this.#held
    const whole = this.#held.length > 1 ? Buffer.concat(this.#held) : only
    this.#held.length = 0
    return whole
  }

  add(part: Buffer): void {
    if (this.#isWanted) this.#isWanted = this.push(part)
    else {
      this.#held.push(part)
      this.#heldBytes += part.length
      if (this.#heldBytes < heldBytesMax) return
    }
    if (!this.#isWanted) this.#controller.pause()
  }

  complete(): void {
    this.#isComplete = true
    if (this.#isWanted) this.#finish()
  }

  /** Who reads it hears of an end that is none; where nobody does, the process must not end of it. */
  fail(error: Error): void {
    this.#isComplete = true
    this.on('error', () => undefined)
    this.destroy(error)
  }

  override _read(): void {
    this.#isWanted = true
    for (let part = this.#held.shift(); part; part = this.#held.shift()) {
      this.#heldBytes -= part.length
      this.#isWanted = this.push(part)
      if (!this.#isWanted) return
    }
    if (this.#isComplete) this.#finish()
    else this.#controller.resume()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#held.length = 0
    if (!this.#isComplete) this.#controller.abort(error ?? new Error('Nobody wants this answer any more.'))
    done(error)
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.push(null)
  }
}

type Needs = {
  readonly body: Outgoing['body']
  /** Ends it. */
  readonly signal: AbortSignal | undefined
  /** How long the other side may take from the end of the request to its answer's headers. */
  readonly limitMs: number
  resolve(incoming: Incoming): void
  reject(error: unknown): void
}

/** Buffers lie outside the collector's own heap: by itself, it looks for those nobody needs after 64 MB of them. */
const collectedEachBytes = 8_388_608

/** Hears of one request from the client that sends it. */
export class Answering implements Dispatcher.DispatchHandler {
  readonly #needs: Needs
  #controller: Dispatcher.DispatchController | undefined
  #body: AnswerBody | undefined
  #interimSinceMs: number | undefined
  #passedBytes = 0
  readonly #onAbort = () => this.#abort()

  constructor(needs: Needs) {
    this.#needs = needs
    needs.signal?.addEventListener('abort', this.#onAbort)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#needs.signal?.aborted) this.#abort()
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) {
      this.#limitInterim()
      return
    }
    this.#body = new AnswerBody(controller)
    this.#needs.resolve({ status, headers: pairsOf(controller.rawHeaders), body: this.#body })
  }

  onResponseData(_controller: Dispatcher.DispatchController, part: Buffer): void {
    this.#notePassed(part)
    this.#body?.add(part)
  }

  onBodySent(part: Buffer): void {
    this.#notePassed(part)
  }

  onResponseEnd(): void {
    this.#letGo()
    this.#body?.complete()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#letGo()
    const { body, reject } = this.#needs
    if (this.#body) this.#body.fail(error)
    else reject(error)
    if (body instanceof Readable) {
      body.on('error', () => undefined)
      body.destroy(error)
    }
  }

  #abort(): void {
    this.#controller?.abort(new Error('Nobody waits for this answer any more.'))
  }

  /** Of what is young alone, and so within a millisecond; where the process was started with `--expose-gc`. */
  #notePassed({ length }: Buffer): void {
    this.#passedBytes += length
    if (this.#passedBytes < collectedEachBytes) return
    this.#passedBytes = 0
    globalThis.gc?.({ type: 'minor', execution: 'sync' })
  }

  #letGo(): void {
    this.#needs.signal?.removeEventListener('abort', this.#onAbort)
  }

  /** Interim answers begin the client's own limit anew, so that they alone could go on for ever. */
  #limitInterim(): void {
    const { body, limitMs } = this.#needs
    if (body instanceof Readable && !body.readableEnded) return
    this.#interimSinceMs ??= performance.now()
    if (performance.now() - this.#interimSinceMs > limitMs) throw new NothingButInterim()
  }
}

class NothingButInterim extends Error {
  readonly code = 'UND_ERR_HEADERS_TIMEOUT'
}

function pairsOf(raw: Dispatcher.DispatchController['rawHeaders']): HeaderPairs {
  const flat = Array.isArray(raw) ? raw : []
  const pairs: Array<[string, string]> = []
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([textOf(flat[at]), textOf(flat[at + 1])])
  return pairs
}

function textOf(part: Buffer | string | undefined): string {
  return typeof part === 'object' ? part.toString('latin1') : (part ?? '')
}
