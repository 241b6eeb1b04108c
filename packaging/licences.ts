// Lists the licence of everything that comes with Mortise, from the lockfile: `--check` says whether the list in docs/
// is current, and fails on a licence that nobody has judged yet.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'

const listFile = new URL('../docs/licences.md', import.meta.url)

/** What may come along in a server that is given away under Apache-2.0. */
const judged: ReadonlySet<string> = new Set([
  '(MIT OR CC0-1.0)',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Unlicense',
])

/** Judged one by one: what is under them is used as it comes, in files of its own that anyone may replace. */
const ofOne: Readonly<Record<string, RegExp>> = {
  'LGPL-3.0-or-later': /^@img\/sharp-libvips-/,
  'Apache-2.0 AND LGPL-3.0-or-later': /^@img\/sharp-/,
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT': /^@img\/sharp-/,
}

/** Needed to build alone, but part of what is built. */
const builtIn: ReadonlySet<string> = new Set(['swagger-ui-dist'])

type Entry = { version?: string; license?: string; dev?: boolean; link?: boolean }

const lockfile = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Entry>
}
const marker = 'node_modules/'
const found = Object.entries(lockfile.packages).flatMap(([path, { version, license, dev, link }]) => {
  const name = path.slice(path.lastIndexOf(marker) + marker.length)
  if (!path.includes(marker) || link || (dev && !builtIn.has(name))) return []
  return [{ name, version: version ?? '', licence: license ?? 'none named' }]
})
const unjudged = found.filter(({ name, licence }) => !judged.has(licence) && !ofOne[licence]?.test(name))
if (unjudged.length > 0) {
  for (const { name, licence } of unjudged) {
    process.stderr.write(`${name}: nobody has judged its licence yet: ${licence}\n`)
  }
  process.exit(1)
}

const rows = [...new Set(found.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`))]
const text = `# Licences

Mortise is under Apache-2.0. What comes with it, in the package, the server, the client and the console's page, as [package-lock.json](../package-lock.json) has it (\`npm run licences\` writes this list, \`npm run check\` compares it):

| package | version | licence |
| --- | --- | --- |
${rows.sort().join('\n')}

The libraries under LGPL are \`libvips\` and what it is made of: they come as files of their own that may be replaced, and nothing of them is changed. The runtime, Node.js, brings [its own list](https://github.com/nodejs/node/blob/main/LICENSE).
`

const program = `node packaging/${basename(import.meta.filename)}`
if (process.argv[2] === '--check') {
  if (readFileSync(listFile, 'utf8') !== text) {
    process.stderr.write(`docs/licences.md is not current: ${program}\n`)
    process.exitCode = 1
  }
} else {
  writeFileSync(listFile, text)
}
