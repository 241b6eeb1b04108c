// The one way to a connection's credential: for a caller who may see the connection, and for its provider's own addresses.
import { type Api, MissingField, type Values } from '../catalogue/api.ts'
import type { Field, Provider } from '../catalogue/define.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { ActingCredential } from '../outbound/credential.ts'
import type { Schemes } from '../outbound/schemes/scheme.ts'
import type { Db } from '../storage/database.ts'
import { findWithSecrets } from '../storage/opened-connections.ts'
import type { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import { aboutConnection } from './audit.ts'
import type { AuditByMinute } from './audit-by-minute.ts'
import type { Caller } from './caller.ts'
import type { Connection, OpenedSecrets } from './connection.ts'
import { openAll, type SealedSecrets } from './connection-secrets.ts'
import { HubError } from './errors.ts'
import type { JsonText } from './json-text.ts'
import { shownProvider, visible } from './masked-connections.ts'
import type { Timestamp } from './timestamp.ts'

/** A connection with its fields in clear, for as long as one call to its provider takes. */
export type Opened = {
  readonly connection: Connection
  readonly provider: Provider
  readonly values: Values
  readonly secrets: OpenedSecrets
  /** The secrets as they are stored, by field. */
  readonly sealed: SealedSecrets
}

/** The same, able to call the provider. */
export type Acting = Opened & { readonly api: Api; readonly credential: ActingCredential }

export type Opener = {
  /** @throws HubError not_found, secret_integrity_error */
  open(caller: Caller, id: number): Promise<Opened>
}

export function connectionOpener(needs: {
  db: Db
  vault: Vault
  catalogue: Catalogue
  auditByMinute: AuditByMinute
}): Opener {
  const { db, vault, catalogue, auditByMinute } = needs
  return {
    async open(caller, id) {
      const found = await findWithSecrets(db, caller.accountId, id)
      const connection = visible(caller, found?.connection)
      const sealed = found?.sealed ?? new Map()
      const texts = [...sealed.values()].map((secret) => secret.sealed)
      const sealer = await vault.sealerKnowing(db, caller.accountId, texts)
      const secrets = await openAll(sealer, connection, sealed.values(), (connection) =>
        auditByMinute.note(caller, 'secrets.damaged', [aboutConnection(connection)]),
      )
      const provider = shownProvider(catalogue, connection, secrets.keys())
      return { connection, provider, values: valuesOf(provider, connection.fields, secrets), secrets, sealed }
    },
  }
}

/** @throws HubError not_available where the provider has no API that could be called */
export function acting(schemes: Schemes, opened: Opened): Acting {
  const { provider, values } = opened
  const { api, never } = provider
  if (!api || never?.proxy !== undefined) {
    throw new HubError('not_available', never?.proxy ?? `Mortise knows no API of ${provider.title}.`)
  }
  return { ...opened, api, credential: new ActingCredential({ api, values, schemes }) }
}

/** What a connection's fields are in clear; of a token that Mortise keeps for itself, the token alone. */
export function valuesOf(
  provider: Pick<Provider, 'fields'>,
  plain: ReadonlyMap<string, JsonText>,
  secrets: ReadonlyMap<string, Secret>,
): Values {
  const find = (name: string): string | undefined => {
    const field: Field | undefined = provider.fields[name]
    if (!field) return undefined
    if (!field.isSecret) {
      const value = plain.get(name)
      return value === undefined || value.text === 'null' ? undefined : String(value.parse())
    }
    const text = secrets.get(name)?.reveal()
    return text !== undefined && field.kind === 'token' ? keptToken(text).token : text
  }
  return {
    find,
    get(name) {
      const value = find(name)
      if (value === undefined) throw new MissingField(name)
      return value
    },
  }
}

/** A token that is kept in one sealed field, with its end and the client it was given to. */
export type KeptToken = {
  readonly token: string
  readonly endsAt: Timestamp | null
  /** A hash of the client and the address, so that it is of no use once those are changed. */
  readonly client: string
}

/** Only Mortise writes such fields. */
export function keptToken(text: string): KeptToken {
  return JSON.parse(text) as KeptToken
}
