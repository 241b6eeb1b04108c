// Signing in at the console, and out; and who is signed in.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Dialect } from '../dialects/dialect.ts'
import type { AccountOperations } from '../hub/accounts.ts'
import type { ConsoleSessions, Session } from '../hub/console-sessions.ts'
import { HubError, invalidField, notFound } from '../hub/errors.ts'
import type { SessionCookie } from './cookies.ts'

const SignIn = Type.Object(
  {
    link: Type.Optional(Type.String({ maxLength: 255 })),
    api_key: Type.Optional(Type.String({ maxLength: 255 })),
  },
  { additionalProperties: false },
)

const Switch = Type.Object({ account: Type.Integer({ minimum: 1 }) }, { additionalProperties: false })

export function bindSessions(
  app: FastifyInstance,
  needs: {
    sessions: ConsoleSessions
    accounts: AccountOperations
    cookie: SessionCookie
    dialect: Pick<Dialect, 'bodyReader'>
  },
): void {
  const { sessions, accounts, cookie } = needs
  const readSignInBody = needs.dialect.bodyReader(SignIn)
  const readSwitchBody = needs.dialect.bodyReader(Switch)
  const url = '/session/'

  async function view({ caller, startedWith, homeId, endsAt }: Session): Promise<object> {
    const account = await accounts.find(caller.accountId)
    if (!account) throw notFound()
    return {
      account: { id: account.id, name: account.name },
      is_bound: caller.boundTo !== null,
      scopes: [...caller.scopes],
      started_with: startedWith,
      home_account: homeId,
      ends_at: endsAt,
    }
  }

  app.post(url, async (request, reply) => {
    const given = readSignIn(await readSignInBody(request))
    const begun = await sessions.signIn(given, fromOf(request))
    // The one before, if there is one, is nobody's any more.
    await endQuietly(sessions, cookie.read(request), request)
    return answer(reply.header('set-cookie', cookie.set(begun.token)), await view(begun))
  })

  app.get(url, async (request, reply) =>
    answer(reply, await view(await sessions.get(tokenOf(cookie, request), fromOf(request)))),
  )

  app.post('/session/account/', async (request, reply) => {
    const { account } = (await readSwitchBody(request)) as Static<typeof Switch>
    const begun = await sessions.switchTo(tokenOf(cookie, request), account, fromOf(request))
    return answer(reply.header('set-cookie', cookie.set(begun.token)), await view(begun))
  })

  app.delete('/sessions/', async (request, reply) => {
    const ended = await sessions.endAll(tokenOf(cookie, request), fromOf(request))
    return answer(reply.header('set-cookie', cookie.clear()), { ended })
  })

  app.delete(url, async (request, reply) => {
    await endQuietly(sessions, cookie.read(request), request)
    return reply.code(204).header('set-cookie', cookie.clear()).send()
  })
}

/** @throws HubError unauthenticated */
export function tokenOf(cookie: SessionCookie, request: FastifyRequest): string {
  const token = cookie.read(request)
  if (token === undefined) throw new HubError('unauthenticated', 'You are not signed in.')
  return token
}

function fromOf(request: FastifyRequest): { address: string; requestId: string } {
  return { address: request.ip ?? 'unknown', requestId: request.id }
}

function readSignIn(body: unknown): { link: string } | { apiKey: string } {
  const { link, api_key: apiKey } = body as { link?: string; api_key?: string }
  if (link !== undefined) return { link }
  if (apiKey !== undefined) return { apiKey }
  throw invalidField('api_key', 'This field is required.')
}

/** One that is over already needs no ending. */
async function endQuietly(
  sessions: ConsoleSessions,
  token: string | undefined,
  request: FastifyRequest,
): Promise<void> {
  try {
    if (token !== undefined) await sessions.end(token, fromOf(request))
  } catch (error) {
    if (!(error instanceof HubError && error.code === 'unauthenticated')) throw error
  }
}

function answer(reply: FastifyReply, body: object): FastifyReply {
  return reply.header('content-type', 'application/json').send(JSON.stringify(body))
}
