// Faults of storage, each done on purpose by the tests that are about it, at full counts.
import type { Drill, Line, Scale } from './drill.ts'
import { lineOfCases, runTests } from './test-files.ts'

type Fault = {
  readonly what: string
  readonly files: readonly string[]
  readonly load: string
  readonly faults: string
}

const faults: readonly Fault[] = [
  {
    what: 'a full disk, also under a backup',
    files: ['parts/storage-disk-full.test.ts', 'parts/storage-store.test.ts'],
    load: 'creates, one by one and 20 at once',
    faults: 'no room, and room again without a restart',
  },
  {
    what: 'failing syncs, a held lock, a read-only folder, garbage, a missing log',
    files: ['run/storage-faults.test.ts'],
    load: '6 clients; 20 writers and a reader',
    faults: '200 failed syncs; held for 10 s; three bad folders',
  },
  {
    what: 'a second server, kill -9, starts that are cut off',
    files: ['run/holding.test.ts', 'run/cut-off.test.ts'],
    load: '8 clients',
    faults: '50 kills, 30 starts',
  },
  {
    what: 'PostgreSQL stopped as by a crash, sessions ended, silence',
    files: ['run/postgres-outage.test.ts'],
    load: '8 clients on two nodes',
    faults: '10 stops, 10 times all sessions',
  },
  {
    what: 'what PostgreSQL may say within a request',
    files: ['run/postgres-failures.test.ts'],
    load: 'up to 30 writers',
    faults: 'serialization, deadlock, time limits, no room, no connection',
  },
  {
    what: 'a connection that is cut at COMMIT',
    files: ['run/nodes-idempotency.test.ts'],
    load: 'two nodes',
    faults: '100 cuts before it arrives, 100 before its answer',
  },
  {
    what: 'starts without a database, migrations beside others',
    files: ['run/postgres-start.test.ts', 'run/postgres-upgrade.test.ts'],
    load: 'three nodes',
    faults: 'not there, refused, too new, migrated meanwhile',
  },
]

export const storage: Drill = {
  about:
    'Faults of disks, files and databases, while clients read and write: only 503 is told, nothing acknowledged is lost, and it mends itself.',
  async run(scale: Scale) {
    const lines: Line[] = []
    for (const { what, files, load, faults: told } of faults) {
      scale.say(what)
      lines.push(lineOfCases(what, load, told, await runTests({ files, engine: 'sqlite' }, scale)))
    }
    return lines
  },
}
