// Every command in the documentation works as it stands there, in an empty folder.
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { repository } from '../support/command-line.ts'
import { type Block, blocksIn, openPage } from '../support/documented.ts'
import { newDatabase } from '../support/postgres.ts'

const database = 'postgres://mortise:PASSWORD@db.example.com:5432/mortise'

const served: Block = { kind: 'server', commands: [{ command: 'npm start', prints: '' }] }

describe('the documentation', { concurrency: 2 }, () => {
  for (const file of globSync('docs/*.md', { cwd: repository }).sort()) {
    const markdown = readFileSync(join(repository, file), 'utf8')
    const blocks = blocksIn(markdown)
    if (blocks.length === 0) continue
    test(`${basename(file)}: its commands print what it says`, async () => {
      const own = markdown.includes(database) ? await newDatabase() : undefined
      const page = openPage(own && [[database, own.url]])
      try {
        // What a page does not start itself is done beside a server.
        if (blocks.every(({ kind }) => kind !== 'server')) await page.run(served)
        for (const block of blocks) await page.run(block)
      } finally {
        await page.close()
        await own?.remove()
      }
    })
  }
})
