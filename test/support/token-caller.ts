// A process of its own with a hub on a shared database, whose callers use a connection's token when they are told to.
import { createHub } from '../../src/app.ts'
import { egressOf } from '../../src/commands/egress.ts'
import { readSettings } from '../../src/settings.ts'
import { openStore } from '../../src/store.ts'

export type CallsWanted = { readonly account: number; readonly connection: number; readonly callers: number }
export type CallsMade = { readonly failures: readonly string[] }

const [data = ''] = process.argv.slice(2)
const settings = await readSettings(process.env, { data })
const { config, secrets, catalogue } = settings
const store = await openStore(config, secrets, { mayCreate: false })
const hub = createHub({
  db: store.db,
  keyRing: store.keyRing,
  rateLimits: config.rateLimits,
  catalogue,
  egress: egressOf(config, secrets),
})
const provider = `${config.egress.sandboxUrl}/v1beta/accountSummaries`

/** As a call through the hub goes: with a token, and where that is refused, once more with another. */
async function use({ account, connection }: CallsWanted): Promise<string | undefined> {
  const caller = hub.callerFor(account)
  const call = async (token: string | undefined) =>
    (await fetch(provider, { headers: { authorization: `Bearer ${token}` } })).status
  try {
    const opened = await hub.accessTokens.ensure(caller, await hub.opener.open(caller, connection))
    const refused = opened.values.get('access_token')
    if ((await call(refused)) === 200) return undefined
    const anew = await hub.accessTokens.ensure(caller, opened, { refused })
    const status = await call(anew.values.get('access_token'))
    return status === 200 ? undefined : `answered ${status}`
  } catch (error) {
    return `${error}`
  }
}

process.on('message', (wanted: CallsWanted) => {
  void Promise.all(Array.from({ length: wanted.callers }, () => use(wanted))).then((answers) => {
    const failures = answers.filter((failure) => failure !== undefined)
    process.send?.({ failures } satisfies CallsMade)
  })
})
process.send?.({ failures: [] } satisfies CallsMade)
