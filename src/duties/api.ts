// A request of the API, as the person at the command line: admitted without a key, to everything of one account.
import pino from 'pino'
import { Type } from 'typebox'
import { createApi } from '../api.ts'
import { defineDuty } from './duty.ts'

/** Headers of the answer that somebody looks at. */
const kept = ['content-type', 'content-encoding', 'x-request-id', 'retry-after', 'mortise-origin']

export const request = defineDuty(
  Type.Object({
    account: Type.Integer({ minimum: 1 }),
    method: Type.Union(
      ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => Type.Literal(method)),
    ),
    path: Type.String({ pattern: '^/v2/' }),
    headers: Type.Record(Type.String(), Type.String()),
    /** In base64: a provider may be sent anything. */
    body: Type.Optional(Type.String()),
  }),
  async (hub, { account, method, path, headers, body }) => {
    await hub.accounts.get(account)
    const admit = async () => hub.callerFor(account)
    const app = createApi({
      hub: { ...hub, admission: { ...hub.admission, admit } },
      log: pino({ level: 'silent' }),
      publicUrl: () => 'http://localhost',
      isTls: false,
      trustedProxies: [],
      readiness: { isStopping: false, look: hub.readiness.look },
    })
    try {
      const answer = await app.inject({
        method: method as 'GET',
        url: path,
        headers: { ...headers, authorization: 'Token local' },
        ...(body !== undefined && { payload: Buffer.from(body, 'base64') }),
      })
      const shown = kept.flatMap((name) => {
        const value = answer.headers[name]
        return value === undefined ? [] : [[name, String(value)] as const]
      })
      const body64 = answer.rawPayload.toString('base64')
      return { status: answer.statusCode, headers: Object.fromEntries(shown), body: body64 }
    } finally {
      await app.close()
      // What was noted beside the answer is written down before anybody goes.
      await hub.flush()
    }
  },
)
