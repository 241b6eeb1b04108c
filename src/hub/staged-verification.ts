// Asks the provider about credentials before they are stored, so that bad ones never replace good ones.
import type { Provider } from '../catalogue/define.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { unverifiable, type Verdict } from '../catalogue/verdict.ts'
import { configured } from '../outbound/credential.ts'
import { CredentialRefused } from '../outbound/credential-refused.ts'
import { type Outbound, OutboundFailure } from '../outbound/send.ts'
import { grantToken } from '../outbound/token-grant.ts'
import { maskOf } from '../storage/connection-secrets.ts'
import { Secret } from '../vault/secret.ts'
import type { AccessTokens } from './access-tokens.ts'
import { type KeptToken, type Opened, type Opener, valuesOf } from './acting.ts'
import type { Asking } from './asking.ts'
import type { Caller } from './caller.ts'
import type { ConnectionChange, NewConnection } from './connection.ts'
import { changedFields, type JudgesAddress, judgeChange, refuseAddresses } from './connection-changes.ts'
import { initialFields, readConnectionFields } from './connection-fields.ts'
import { HubError } from './errors.ts'
import { JsonText } from './json-text.ts'
import { providerOf } from './masked-connections.ts'
import { clientHash, type TokenState, tokenStateOf } from './token-state.ts'

export type StagedVerification = ReturnType<typeof stagedVerification>

export function stagedVerification(needs: {
  catalogue: Catalogue
  opener: Opener
  asking: Asking
  tokens: AccessTokens
  send: Outbound['send']
  judgeAddress: JudgesAddress
}) {
  const { catalogue, opener, tokens, asking, send, judgeAddress } = needs

  /**
   * @param given the secrets among them that are new
   * @throws HubError verification_failed unless the answer is yes, or nobody can be asked
   */
  async function expectAccepted(
    provider: Provider,
    plain: Opened['connection']['fields'],
    secrets: Opened['secrets'],
    given: ReadonlyMap<string, Secret | null>,
  ): Promise<Verdict> {
    const values = valuesOf(provider, plain, secrets)
    if (isUntriedRefresh(provider, values, given)) {
      // It may be good for one use, whose fruit could not be kept.
      return unverifiable('A refresh token is not tried before it is stored.')
    }
    const ask = (plain: Opened['connection']['fields']) =>
      asking.verdictOn(provider, async () => ({
        values: valuesOf(provider, plain, await withToken(provider, values, secrets)),
      }))
    const first = await ask(plain)
    const verdict = first.isToBeAskedAgain ? await askedAgain(first, plain, ask) : first
    const { status, reason } = verdict
    if (status === 'rejected' || status === 'unreachable' || status === 'rate_limited') {
      throw new HubError('verification_failed', `${reason ?? 'The provider said no.'} Nothing was changed.`)
    }
    return verdict
  }

  async function withToken(
    { api }: Provider,
    values: Opened['values'],
    secrets: Opened['secrets'],
  ): Promise<Opened['secrets']> {
    const grant = configured(() => api?.tokens?.grant(values))
    if (!api?.tokens || grant?.kind !== 'client_credentials') return secrets
    const { accessToken: token } = await grantToken(send, grant)
    const kept: KeptToken = { token, endsAt: null, client: clientHash(grant) }
    return new Map([...secrets, [api.tokens.fields.accessToken, new Secret(JSON.stringify(kept))]])
  }

  /** The same connection, where the change leaves its tokens alone with one that is good for now. */
  async function withGoodToken(
    caller: Caller,
    opened: Opened,
    changed: Pick<Opened, 'values' | 'secrets'>,
  ): Promise<Opened> {
    const before = refreshStateOf(opened)
    const after = refreshStateOf({ ...opened, ...changed })
    if (!before || !after || !isSameGrant(before, after)) return opened
    try {
      return await tokens.ensure(caller, opened)
    } catch (error) {
      // The provider is asked all the same, and then says so itself.
      if (error instanceof CredentialRefused || error instanceof OutboundFailure) return opened
      throw error
    }
  }

  return {
    /** What the provider says of a connection that is to be made. */
    async ofNew(given: Pick<NewConnection, 'provider' | 'fields'>): Promise<Verdict> {
      const provider = providerOf(catalogue, given.provider)
      const read = readConnectionFields(provider, given.fields)
      refuseAddresses(provider, read, judgeAddress)
      const plain = changedFields(provider, initialFields(provider), read.plain, false)
      return expectAccepted(provider, plain, present(read.secrets), read.secrets)
    },

    /** The same of a change, and of which state of the connection it is true. */
    async ofChange(
      caller: Caller,
      id: number,
      given: ConnectionChange,
      { isWhole }: { isWhole: boolean },
    ): Promise<NonNullable<ConnectionChange['verified']>> {
      const opened = await opener.open(caller, id)
      const { connection, provider, sealed } = opened
      const masks = new Map([...sealed].map(([field, secret]) => [field, maskOf(secret)]))
      const { after, read } = judgeChange(provider, connection, masks, given, { isWhole, judgeAddress })
      const merged = (secrets: Opened['secrets']) => present(new Map([...secrets, ...read.secrets]))
      const changed = merged(opened.secrets)
      const values = valuesOf(provider, after.fields, changed)
      const { secrets } = await withGoodToken(caller, opened, { values, secrets: changed })
      return {
        verdict: await expectAccepted(provider, after.fields, merged(secrets), read.secrets),
        since: connection.updatedAt,
      }
    },
  }
}

/** With what the first answer tells of the fields, as it will be stored with the second. */
async function askedAgain(
  first: Verdict,
  plain: Opened['connection']['fields'],
  ask: (plain: Opened['connection']['fields']) => Promise<Verdict>,
): Promise<Verdict> {
  const found = Object.entries(first.fields ?? {})
  const texts = found.map(([name, text]) => [name, new JsonText(JSON.stringify(text))] as const)
  const second = await ask(new Map([...plain, ...texts]))
  return { ...second, fields: { ...first.fields, ...second.fields } }
}

function present(secrets: ReadonlyMap<string, Secret | null>): Map<string, Secret> {
  return new Map([...secrets].flatMap(([name, secret]) => (secret ? [[name, secret] as const] : [])))
}

/** Whether a refresh token is new and the access token is not of it, or has ended. */
function isUntriedRefresh(
  { api }: Provider,
  values: Opened['values'],
  given: ReadonlyMap<string, Secret | null>,
): boolean {
  const names = api?.tokens?.fields
  if (!names || !('refreshToken' in names) || !given.get(names.refreshToken)) return false
  return values.find(names.accessToken) === undefined || !given.get(names.accessToken)
}

function refreshStateOf(opened: Opened): TokenState | undefined {
  try {
    const state = tokenStateOf(opened)
    return state?.refreshToken === undefined ? undefined : state
  } catch (error) {
    if (error instanceof HubError && error.code === 'not_configured') return undefined
    throw error
  }
}

function isSameGrant(before: TokenState, after: TokenState): boolean {
  return (
    clientHash(before.grant) === clientHash(after.grant) &&
    before.refreshToken === after.refreshToken &&
    before.token === after.token
  )
}
