// What a connection is: one provider's settings and credentials. The credentials are never on it.
import type { Secret } from '../vault/secret.ts'
import type { JsonText } from './json-text.ts'
import type { Timestamp } from './timestamp.ts'

export type Connection = {
  /** Never leaves the hub; sealed values are bound to it. */
  uid: string
  id: number
  integrationUid: string
  provider: string
  title: string
  useCloudfront: boolean
  /** What may be shown, by field; a field that is not set is not there. */
  fields: ReadonlyMap<string, JsonText>
  metadata: JsonText
  createdAt: Timestamp
  updatedAt: Timestamp
}

/** Secrets by field, opened for one answer. */
export type OpenedSecrets = ReadonlyMap<string, Secret>

export type NewConnection = {
  integrationId: string
  provider: string
  title: string
  useCloudfront?: boolean
  /** Plain and secret fields alike; the catalogue knows which is which. */
  fields: ReadonlyMap<string, JsonText>
  metadata?: JsonText
  /** For moving in from another system: what its clients know the connection by. */
  id?: number
  createdAt?: Timestamp
  updatedAt?: Timestamp
}

export type ConnectionFilter = {
  providers?: readonly string[]
  integrationUid?: string
}
