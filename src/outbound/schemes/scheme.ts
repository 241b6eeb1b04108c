// What a scheme is: one way in which credentials go onto requests.
import type { Credential } from '../../catalogue/api.ts'
import type { Outgoing } from '../send.ts'

export type Kind = Credential['kind']
type Of<K extends Kind> = Extract<Credential, { kind: K }>

/** Where the provider's service is, as it was worked out from the connection. */
export type Base = { readonly origin: string; readonly folder: string }

/** Puts a credential onto a request; what a caller has sent in its place is taken off. */
export type Scheme<K extends Kind> = {
  (request: Outgoing, credential: Of<K>, base: Base): Outgoing | Promise<Outgoing>
  /**
   * A request that went out with something kept, such as a session, was refused: that is not used again.
   * @returns whether the same request would go out with something else now
   */
  renew?(refused: Outgoing, credential: Of<K>, base: Base): boolean
}

/** A kind without a scheme does not compile. */
export type Schemes = { readonly [K in Kind]: Scheme<K> }
