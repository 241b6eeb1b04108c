// How quickly a store of a million integrations moves into PostgreSQL, compared and opened, as the command does it.
import { join } from 'node:path'
import pg from 'pg'
import { createProgram } from '../src/commands/program.ts'
import { makeStoreToMove, masterKey } from '../test/support/moved-store.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { cpuOfServer } from './on-postgres.ts'
import type { Begun, Place } from './requests.ts'

const sizes = { integrations: 1_000_000, connections: 100_000 }
const rounds = 3

export async function beginOnMove({ folder }: Place): Promise<Begun> {
  const server = await startPostgres()
  const dataDir = join(folder, 'data')
  await makeStoreToMove({ dataDir, keyDir: folder }, sizes)
  process.env.MORTISE_MASTER_KEY = masterKey.key.export().toString('base64')

  const move = async () => {
    const client = new pg.Client({ connectionString: server.url('postgres') })
    await client.connect()
    await client.query('drop database if exists moved')
    await client.query('create database moved')
    await client.end()
    const program = createProgram('bench')
    const [begun, before, database] = [performance.now(), process.cpuUsage(), cpuOfServer(server)]
    await program.parseAsync(['move', '--json', '--to', server.url('moved'), '--data', dataDir], {
      from: 'user',
    })
    const { user, system } = process.cpuUsage(before)
    return {
      s: (performance.now() - begun) / 1_000,
      cpuS: (user + system) / 1_000_000,
      databaseS: cpuOfServer(server) - database,
    }
  }

  const scenarios = {
    async move() {
      const lines: string[] = []
      for (let round = 0; round < rounds; round++) {
        const { s, cpuS, databaseS } = await move()
        const perSecond = Math.round(sizes.integrations / s)
        lines.push(`| ${s.toFixed(1)} | ${perSecond} | ${cpuS.toFixed(1)} | ${databaseS.toFixed(1)} |`)
      }
      return [
        `## ${sizes.integrations} integrations with a record each, and ${sizes.connections} connections\n`,
        '| seconds | integrations a second | processor seconds of the command | of PostgreSQL |',
        '| ---: | ---: | ---: | ---: |',
        ...lines,
        '',
      ].join('\n')
    },
  }
  return { scenarios, processes: [{ stop: () => server.remove() }] }
}
