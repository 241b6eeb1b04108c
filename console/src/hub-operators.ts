// What operators ask of the hub, beside the API: the vault, the settings, and other accounts.
import { ask, type Session } from './hub.ts'

export type Slot = {
  readonly id: string
  readonly kind: string
  readonly fingerprint: string
  readonly created_at: string
  readonly is_in_use: boolean
  readonly is_genuine: boolean
}

type Key = { readonly id: string; readonly created_at: string; readonly is_current: boolean }
export type RootKey = Key & { readonly wraps: number }
export type DataKey = Key & { readonly values: number; readonly answers: number }

export type VaultState = {
  readonly slots: readonly Slot[]
  readonly root_keys: readonly RootKey[]
  readonly data_keys: readonly DataKey[]
  readonly root_plan: { readonly is_resumed: boolean; readonly wraps: number; readonly slots: number }
  readonly data_plan: { readonly is_resumed: boolean; readonly values: number }
}

export type InForce = {
  readonly version: string
  readonly settings: ReadonlyArray<{
    readonly name: string
    readonly value: string
    readonly variable: string
  }>
}

export const getVault = () => ask('GET', '/v2/vault/') as Promise<VaultState>

export const addSlot = (given: { kind: 'recovery' } | { kind: 'passphrase'; text: string }) =>
  ask('POST', '/v2/vault/slots/', given) as Promise<{ slot: Slot; recovery_code: string | null }>

export const testSlot = (given: { kind: string; text: string }) =>
  ask('POST', '/v2/vault/slots/test/', given) as Promise<Slot>

export const removeSlot = (id: string) => ask('DELETE', `/v2/vault/slots/${encodeURIComponent(id)}/`)

export const dropKey = (id: string) => ask('DELETE', `/v2/vault/keys/${encodeURIComponent(id)}/`)

export const getSettings = () => ask('GET', '/v2/settings/') as Promise<InForce>

export const switchAccount = (account: number) =>
  ask('POST', '/session/account/', { account }) as Promise<Session>

export const signOutEverywhere = () => ask('DELETE', '/sessions/')

/** How far a rotation has come, part by part; who stops asking leaves the rest for the next one. */
export async function* rotateRootKey(): AsyncGenerator<{ done: number; damaged: number }> {
  await ask('POST', '/v2/vault/root-rotation/')
  let after: number | null | undefined
  let done = 0
  while (after !== null) {
    const body = after === undefined ? {} : { after }
    const part = (await ask('POST', '/v2/vault/root-rotation/steps/', body)) as {
      rewrapped: number
      rest: number | null
    }
    done += part.rewrapped
    after = part.rest
    yield { done, damaged: 0 }
  }
}

/** The same for the values of this account. */
export async function* rotateDataKey(): AsyncGenerator<{ done: number; damaged: number }> {
  let rest: string | null | undefined
  while (rest !== null) {
    const body = rest === undefined ? {} : { rest }
    const part = (await ask('POST', '/v2/vault/data-rotation/steps/', body)) as {
      resealed: number
      damaged: number
      rest: string | null
    }
    rest = part.rest
    yield { done: part.resealed, damaged: part.damaged }
  }
}
