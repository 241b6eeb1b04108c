// A connection's credential, ready to be put onto requests to its provider, and good for nothing else.
import {
  type Api,
  type Credential,
  type Draft,
  MissingField,
  UnusableField,
  type Values,
} from '../catalogue/api.ts'
import { HubError } from '../hub/errors.ts'
import { formType, isForm } from './form.ts'
import { pathWithin } from './path.ts'
import { applyScheme, renewScheme } from './schemes/index.ts'
import { maskedRequest } from './schemes/masked.ts'
import type { Base, Schemes } from './schemes/scheme.ts'
import type { Outgoing } from './send.ts'

/** What tells that a request was about to carry a credential to a place that is not the provider's. */
export class OriginRefused extends Error {
  override readonly name = 'OriginRefused'
}

/**
 * The values are in here and come out on requests alone; of these, only on such as go to an address that was
 * worked out from the connection's own fields.
 */
export class ActingCredential {
  readonly #api: Api
  readonly #values: Values
  readonly #schemes: Schemes
  /** Worked out once: a request asks several times. */
  readonly #bases = new Map<string, Base>()

  constructor(needs: { api: Api; values: Values; schemes: Schemes }) {
    this.#api = needs.api
    this.#values = needs.values
    this.#schemes = needs.schemes
  }

  /** The names of the provider's services, the one that is meant where none is named first. */
  get services(): readonly string[] {
    return Object.keys(this.#api.services)
  }

  /** @throws HubError not_configured where a field that it needs is missing or of no use */
  base(service: string): Base {
    const worked = this.#bases.get(service)
    if (worked) return worked
    const known = Object.hasOwn(this.#api.services, service) ? this.#api.services[service] : undefined
    if (!known) throw new OriginRefused(`There is no service ${service}.`)
    const base = configured(() => baseFrom(known.base(this.#values)))
    this.#bases.set(service, base)
    return base
  }

  /**
   * @param draft of which nothing decides where it goes, but the name of a service
   * @returns the request without its credential
   */
  address(draft: Draft): Outgoing {
    const { origin, folder } = this.base(draft.service ?? this.services[0] ?? '')
    const form = draft.form && new URLSearchParams(draft.form).toString()
    const given = { ...(form !== undefined && { 'content-type': formType }), ...draft.headers }
    return {
      method: draft.method ?? 'GET',
      origin,
      path: pathWithin(folder, draft.path),
      headers: Object.entries(given),
      body: form === undefined ? null : Buffer.from(form),
    }
  }

  /**
   * The request with the credential on it, and what the provider asks of every request.
   * @throws OriginRefused where it goes anywhere but to the service's own address
   * @throws HubError not_configured, or provider_unreachable where the credential has to be had from the provider
   */
  async authorize(request: Outgoing, service = this.services[0] ?? ''): Promise<Outgoing> {
    const { credential, whole, base } = this.#prepared(request, service)
    const authorized = await applyScheme(this.#schemes, credential, whole, base)
    if (authorized.headers.some(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value))) {
      throw new HubError('not_configured', 'A field of the connection holds signs that no header can hold.')
    }
    return authorized
  }

  /**
   * The provider has refused a request, as it went out.
   * @returns whether it was a session that may have ended, so that the same request may go out with a new one
   */
  renew(refused: Outgoing, service = this.services[0] ?? ''): boolean {
    const credential = configured(() => this.#api.credential(this.#values, service))
    return renewScheme(this.#schemes, credential, refused, this.base(service))
  }

  /** What that would give, with a mask in place of everything that is or comes of the credential. */
  async mask(request: Outgoing, service: string): Promise<Outgoing> {
    const { credential, whole, base } = this.#prepared(request, service)
    return maskedRequest(this.#schemes, credential, whole, base)
  }

  #prepared(request: Outgoing, service: string): { credential: Credential; whole: Outgoing; base: Base } {
    const base = this.base(service)
    if (request.origin !== base.origin || !request.path.startsWith(`${base.folder}/`)) {
      throw new OriginRefused('This is not where the connection’s credential belongs.')
    }
    const credential = configured(() => this.#api.credential(this.#values, service))
    const sent = new Set(request.headers.map(([name]) => name.toLowerCase()))
    const wanted = Object.entries(this.#api.headers ?? {}).filter(([name]) => !sent.has(name.toLowerCase()))
    return { credential, whole: { ...request, headers: [...request.headers, ...wanted] }, base }
  }

  /** Whether a request has to be there as a whole before its credential can be worked out. */
  signsBody(request: Pick<Outgoing, 'headers'>, service = this.services[0] ?? ''): boolean {
    const { kind, ...more } = configured(() => this.#api.credential(this.#values, service))
    if (kind === 'aws_sigv4') return 'service' in more && more.service !== 's3'
    return (kind === 'oauth1' || kind === 'mailwizz') && isForm(request.headers)
  }
}

/** What a declaration finds missing or wrong in a connection's fields is told to the caller. */
export function configured<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw asHubError(error)
  }
}

/** The same for what was thrown already; anything else is given back as it is. */
export function asHubError(error: unknown): unknown {
  if (error instanceof MissingField) {
    return new HubError('not_configured', `fields.${error.field} has to be set before this can be done.`)
  }
  if (error instanceof UnusableField) {
    return new HubError('not_configured', `fields.${error.field}: ${error.message}`)
  }
  return error
}

function baseFrom(text: string): Base {
  const url = new URL(text)
  const folder = url.pathname.replace(/\/+$/, '')
  return { origin: url.origin, folder }
}
