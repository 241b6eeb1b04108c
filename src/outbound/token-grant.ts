// Asks a provider's token address for an access token, by OAuth 2.
import type * as OAuth from 'oauth4webapi'
import type { Grant } from '../catalogue/api.ts'
import { CredentialRefused } from './credential-refused.ts'
import { readAnswer } from './read-answer.ts'
import { type Outbound, OutboundFailure } from './send.ts'

export type GrantedToken = {
  readonly accessToken: string
  /** A new one, in place of that which was given; undefined where that stays. */
  readonly refreshToken: string | undefined
  readonly expiresInS: number | undefined
}

/**
 * @param refreshToken for grants that need one
 * @throws CredentialRefused where the provider says no for good, OutboundFailure where it did not answer or may
 *   answer otherwise another time
 */
export async function grantToken(
  send: Outbound['send'],
  grant: Grant,
  refreshToken: string | undefined,
): Promise<GrantedToken> {
  // Loaded here: most servers have no tokens to ask for when they start.
  const oauth = await import('oauth4webapi')
  const { origin } = new URL(grant.tokenUrl)
  const server: OAuth.AuthorizationServer = { issuer: origin, token_endpoint: grant.tokenUrl }
  const client: OAuth.Client = { client_id: grant.clientId }
  const authentication =
    grant.clientAuth === 'basic'
      ? oauth.ClientSecretBasic(grant.clientSecret)
      : oauth.ClientSecretPost(grant.clientSecret)
  const options = {
    [oauth.customFetch]: fetchThrough(send),
    // The guard decides which addresses may be called without TLS.
    [oauth.allowInsecureRequests]: true,
  }
  try {
    const token =
      grant.kind === 'client_credentials'
        ? await oauth.processClientCredentialsResponse(
            server,
            client,
            await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, options),
          )
        : await oauth.processRefreshTokenResponse(
            server,
            client,
            await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken ?? '', options),
          )
    const { access_token: accessToken, refresh_token, expires_in: expiresInS } = token
    return { accessToken, refreshToken: refresh_token, expiresInS }
  } catch (error) {
    throw failureFrom(oauth, error)
  }
}

/** As much of `fetch` as the library uses: one request, its answer read to the end. */
function fetchThrough(send: Outbound['send']) {
  return async (
    url: string,
    { method, headers, body }: { method: string; headers: Record<string, string>; body: URLSearchParams },
  ): Promise<Response> => {
    const { origin, pathname, search } = new URL(url)
    const incoming = await send({
      method,
      origin,
      path: `${pathname}${search}`,
      headers: Object.entries(headers),
      body: Buffer.from(body.toString()),
    })
    const answer = await readAnswer(incoming)
    return new Response(answer.text, {
      status: answer.status,
      headers: { 'content-type': answer.header('content-type') ?? '' },
    })
  }
}

/** Refusals that no repetition changes. */
const final = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_scope'])

function failureFrom(oauth: typeof OAuth, error: unknown): Error {
  if (error instanceof OutboundFailure) return error
  const code = error instanceof oauth.ResponseBodyError ? error.error : undefined
  if (code === 'invalid_grant') {
    return new CredentialRefused(
      'rejected',
      'The provider says that the refresh token has ended or was revoked. Connect the account anew.',
    )
  }
  if (code !== undefined && final.has(code)) {
    return new CredentialRefused('rejected', 'The provider does not accept the client id and secret.')
  }
  const status = error instanceof oauth.ResponseBodyError ? error.status : 0
  if (status === 401) {
    return new CredentialRefused('rejected', 'The provider does not accept the client id and secret.')
  }
  return new OutboundFailure('unreachable', error)
}
