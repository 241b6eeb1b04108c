// Asks the provider about credentials before they are stored, so that bad ones never replace good ones.
import type { Provider } from '../catalogue/define.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { unverifiable, type Verdict } from '../catalogue/verdict.ts'
import type { Outbound } from '../outbound/send.ts'
import { grantToken } from '../outbound/token-grant.ts'
import { maskOf } from '../storage/connection-secrets.ts'
import { Secret } from '../vault/secret.ts'
import { type KeptToken, type Opened, type Opener, valuesOf } from './acting.ts'
import type { Asking } from './asking.ts'
import type { Caller } from './caller.ts'
import type { ConnectionChange, NewConnection } from './connection.ts'
import { changedFields, type JudgesAddress, judgeChange, refuseAddresses } from './connection-changes.ts'
import { initialFields, readConnectionFields } from './connection-fields.ts'
import { HubError } from './errors.ts'
import { providerOf } from './masked-connections.ts'
import { clientHash } from './token-state.ts'

export type StagedVerification = ReturnType<typeof stagedVerification>

export function stagedVerification(needs: {
  catalogue: Catalogue
  opener: Opener
  asking: Asking
  send: Outbound['send']
  judgeAddress: JudgesAddress
}) {
  const { catalogue, opener, asking, send, judgeAddress } = needs

  /** @throws HubError verification_failed unless the answer is yes, or nobody can be asked */
  async function expectAccepted(
    provider: Provider,
    plain: Opened['connection']['fields'],
    secrets: Opened['secrets'],
  ): Promise<Verdict> {
    const values = valuesOf(provider, plain, secrets)
    const names = provider.api?.tokens?.fields
    if (
      names &&
      'refreshToken' in names &&
      values.find(names.refreshToken) &&
      !values.find(names.accessToken)
    ) {
      // It may be good for one use, whose fruit could not be kept.
      return unverifiable('A refresh token is not tried before it is stored.')
    }
    const verdict = await asking.verdictOn(provider, async () => ({
      values: valuesOf(provider, plain, await withToken(provider, values, secrets)),
    }))
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
    const grant = api?.tokens?.grant(values)
    if (!api?.tokens || grant?.kind !== 'client_credentials') return secrets
    const { accessToken: token } = await grantToken(send, grant, undefined)
    const kept: KeptToken = { token, endsAt: null, client: clientHash(grant) }
    return new Map([...secrets, [api.tokens.fields.accessToken, new Secret(JSON.stringify(kept))]])
  }

  return {
    /** What the provider says of a connection that is to be made. */
    async ofNew(given: Pick<NewConnection, 'provider' | 'fields'>): Promise<Verdict> {
      const provider = providerOf(catalogue, given.provider)
      const read = readConnectionFields(provider, given.fields)
      refuseAddresses(provider, read, judgeAddress)
      const plain = changedFields(provider, initialFields(provider), read.plain, false)
      return expectAccepted(provider, plain, present(read.secrets))
    },

    /** The same of a change, and of which state of the connection it is true. */
    async ofChange(
      caller: Caller,
      id: number,
      given: ConnectionChange,
      { isWhole }: { isWhole: boolean },
    ): Promise<NonNullable<ConnectionChange['verified']>> {
      const { connection, provider, secrets, sealed } = await opener.open(caller, id)
      const masks = new Map([...sealed].map(([field, secret]) => [field, maskOf(secret)]))
      const { after, read } = judgeChange(provider, connection, masks, given, { isWhole, judgeAddress })
      const merged = present(new Map([...secrets, ...read.secrets]))
      return {
        verdict: await expectAccepted(provider, after.fields, merged),
        since: connection.updatedAt,
      }
    },
  }
}

function present(secrets: ReadonlyMap<string, Secret | null>): Map<string, Secret> {
  return new Map([...secrets].flatMap(([name, secret]) => (secret ? [[name, secret] as const] : [])))
}
