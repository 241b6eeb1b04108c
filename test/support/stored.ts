// All that an account has, read by a connection from outside of the product, for the history checker.

import type { Stored } from './history.ts'
import { asObject } from './v2.ts'

export type Rows = (query: string) => Promise<Record<string, unknown>[]>

export async function readStored(rows: Rows, account = 1): Promise<Stored> {
  const of = `where account_id = ${account}`
  const integrations = await rows(`select uid, name, city, type from integrations ${of}`)
  const freelancers = await rows(`select id, integration_uid from freelancers ${of}`)
  const tallies = await rows(`select list, sum(n) as told from tallies ${of} and level = 2 group by list`)
  const audit = await rows(`select sequence, action, data from audit ${of} order by sequence`)
  const events = await rows(`select sequence, id, type, body from events ${of} order by sequence`)
  const [chain] = await rows(`select last_event from audit_chains ${of}`)
  const rowsIn = (list: string) => {
    if (list === 'freelancers') return freelancers.length
    const [, type] = list.split('/')
    return integrations.filter((row) => type === undefined || String(row.type) === type).length
  }
  return {
    integrations: integrations
      .filter(({ type }) => Number(type) !== 1)
      .map(({ uid, name, city }) => ({ uid: String(uid), name: String(name), city: String(city) })),
    freelancers: freelancers.map((row) => ({
      id: String(row.id),
      integrationUid: String(row.integration_uid),
    })),
    counts: tallies.map(({ list, told }) => ({
      list: String(list),
      told: Number(told),
      found: rowsIn(String(list)),
    })),
    audit: audit.map(({ sequence, action, data }) => ({
      sequence: Number(sequence),
      action: String(action),
      id: String(asObject(JSON.parse(String(data))).id),
    })),
    events: events.map(({ sequence, id, type, body }) => ({
      sequence: Number(sequence),
      id: String(id),
      type: String(type),
      body: String(body),
      name: String(asObject(asObject(JSON.parse(String(body))).data).name),
    })),
    lastEvent: Number(chain?.last_event),
  }
}
