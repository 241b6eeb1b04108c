// Stands in for providers that give access tokens: refresh tokens good for one use, every redemption counted.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Told = { readonly status: number; readonly body: unknown; readonly headers?: object }

/** A request for a token, as it arrived. */
export type Asked = {
  readonly host: string
  readonly form: Readonly<Record<string, string>>
  readonly authorization: string | undefined
}

export type TokenServer = {
  /** For a hub that calls it in place of all providers. */
  readonly origin: string
  /** A new grant, and its first pair of tokens. */
  grant(): { readonly access_token: string; readonly refresh_token: string }
  /** How often each refresh token was redeemed, also in vain. */
  readonly redeemed: ReadonlyMap<string, number>
  /** All that was asked for a token. */
  readonly asked: readonly Asked[]
  /** Authorization headers of calls to APIs. */
  readonly called: readonly string[]
  /** The refresh token that is good now, of the grant that a token is of. */
  latest(token: string): string
  /** Whether nothing of a grant is good any more. */
  isRevoked(token: string): boolean
  /** The access token that was given last ends now. */
  end(accessToken: string): void
  /**
   * Between what a token request does and its answer.
   * @param act answers in place of the server where it gives something back
   */
  meanwhile(act: ((asked: Asked, told: Told) => Promise<Told | undefined>) | undefined): void
  /** Before a token request does anything. */
  instead(act: ((asked: Asked) => Told | undefined) | undefined): void
  /** What APIs answer whose credential is good. */
  answering(act: ((host: string, path: string) => Told | undefined) | undefined): void
  close(): Promise<void>
}

export type TokenServerOptions = {
  /** How long access tokens live, in seconds. */
  readonly livesS?: number
  /** Whether a refresh token that is used again takes all that came of it with it. */
  readonly revokesFamily?: boolean
  /** Whether each refresh gives a new refresh token. */
  readonly rotates?: boolean
}

export const client = { client_id: 'the-client_id.1', client_secret: 'the-client_secret.1' }
const basic = `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}`

type Family = { number: number; isRevoked: boolean }

export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const { livesS = 3_600, revokesFamily = false, rotates = true } = options
  const families: Family[] = []
  const redeemed = new Map<string, number>()
  const asked: Asked[] = []
  const called: string[] = []
  const ends = new Map<string, number>()
  let meanwhile: ((asked: Asked, told: Told) => Promise<Told | undefined>) | undefined
  let instead: ((asked: Asked) => Told | undefined) | undefined
  let answering: ((host: string, path: string) => Told | undefined) | undefined
  let minted = 0

  const familyOf = (token: string) => {
    const [, family = '', number = ''] = token.split('.')
    return { family: families[Number(family)], at: Number(family), number: Number(number) }
  }
  const accessToken = (family: string | number) => {
    const token = `at.${family}.${minted++}`
    ends.set(token, performance.now() + livesS * 1_000)
    return token
  }

  function redeem(token: string): Told {
    redeemed.set(token, (redeemed.get(token) ?? 0) + 1)
    const { family, at, number } = familyOf(token)
    if (!family || family.isRevoked || number !== family.number) {
      if (family && revokesFamily) family.isRevoked = true
      return { status: 400, body: { error: 'invalid_grant', error_description: `${token} is not good` } }
    }
    if (rotates) family.number++
    return {
      status: 200,
      body: {
        access_token: accessToken(at),
        token_type: 'Bearer',
        expires_in: livesS,
        ...(rotates && { refresh_token: `rt.${at}.${family.number}` }),
      },
    }
  }

  function grantFor({ form, authorization }: Asked): Told {
    const isClient =
      authorization === basic ||
      (form.client_id === client.client_id && form.client_secret === client.client_secret)
    if (!isClient) return { status: 401, body: { error: 'invalid_client' } }
    if (form.grant_type === 'refresh_token') return redeem(form.refresh_token ?? '')
    return {
      status: 200,
      body: { access_token: accessToken('c'), token_type: 'Bearer', expires_in: livesS },
    }
  }

  async function tokenAnswer(request: Asked): Promise<Told> {
    asked.push(request)
    const told = instead?.(request) ?? grantFor(request)
    return (await meanwhile?.(request, told)) ?? told
  }

  function apiAnswer({ headers, url = '/' }: IncomingMessage): Told {
    const { authorization = '', host = '' } = headers
    called.push(authorization)
    const token = authorization.replace(/^Bearer /, '')
    const { family } = familyOf(token)
    if ((ends.get(token) ?? 0) <= performance.now() || family?.isRevoked) {
      return { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED', message: token } } }
    }
    return (
      answering?.(host, url) ?? {
        status: 200,
        body: { accountSummaries: [{ account: 'accounts/1', displayName: 'One' }] },
      }
    )
  }

  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy())
  })
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const part of request) text += String(part)
    const { host = '', authorization } = request.headers
    const form = Object.fromEntries(new URLSearchParams(text))
    const told =
      request.method === 'POST' ? await tokenAnswer({ host, form, authorization }) : apiAnswer(request)
    const body = typeof told.body === 'string' ? told.body : JSON.stringify(told.body)
    response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers }).end(body)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    origin: `http://127.0.0.1:${port}`,
    grant() {
      const at = families.push({ number: 0, isRevoked: false }) - 1
      return { access_token: accessToken(at), refresh_token: `rt.${at}.0` }
    },
    redeemed,
    asked,
    called,
    latest(token) {
      const { at, family } = familyOf(token)
      return `rt.${at}.${family?.number}`
    },
    isRevoked: (token) => familyOf(token).family?.isRevoked === true,
    end: (token) => void ends.delete(token),
    meanwhile(act) {
      meanwhile = act
    },
    instead(act) {
      instead = act
    },
    answering(act) {
      answering = act
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
