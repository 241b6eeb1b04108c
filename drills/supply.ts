// What comes with Mortise from elsewhere: who may run code at an installation, licences, known holes, odd sources.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asObject, textOf } from '../test/support/v2.ts'
import { type Drill, judged, type Line, skipped } from './drill.ts'

const root = join(import.meta.dirname, '..')

/** Licences that ask for no more than to be named. */
const permissive =
  /^(0BSD|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|BlueOak-1\.0\.0|CC0-1\.0|ISC|MIT|MIT-0|Python-2\.0|Unlicense)$/

/** Others, each with why it is here. */
const known: Readonly<Record<string, { name: RegExp; why: string }>> = {
  'LGPL-3.0-or-later': {
    name: /^@img\/sharp-/,
    why: 'libvips, a library of its own that sharp loads: it may be replaced, and nothing of ours comes under its licence',
  },
  'MPL-2.0': { name: /^(lightningcss|axe-core)/, why: 'for the build and the tests of the console alone' },
}

/** What our README says that npm brings it for. */
const platforms = new Set(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'])

type Package = {
  readonly name: string
  readonly isDev: boolean
  readonly isOptional: boolean
  readonly isLink: boolean
  readonly hasScript: boolean
  readonly license: string | undefined
  readonly resolved: string | undefined
  readonly integrity: string | undefined
  readonly platform: string
}

export const supply: Drill = {
  about:
    'The lockfile and what it names: install scripts, licences, sources and integrity; and npm’s list of known holes.',
  async run() {
    const packages = readPackages()
    return [scripts(packages), licences(packages), sources(packages), audit()]
  },
}

function readPackages(): Package[] {
  const lock = asObject(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  return Object.entries(asObject(lock.packages))
    .filter(([path]) => path.includes('node_modules/'))
    .map(([path, value]) => {
      const entry = asObject(value)
      const text = (name: string) => (typeof entry[name] === 'string' ? entry[name] : undefined)
      const first = (name: string) => (Array.isArray(entry[name]) ? String(entry[name][0]) : 'any')
      return {
        name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
        isDev: entry.dev === true || entry.devOptional === true,
        isOptional: entry.optional === true,
        isLink: entry.link === true,
        hasScript: entry.hasInstallScript === true,
        license: text('license') ?? installedLicense(path),
        resolved: text('resolved'),
        integrity: text('integrity'),
        platform: `${first('os')}-${first('cpu')}`,
      }
    })
}

/** Packages of long ago say it in a list, or in their readme alone, where somebody has to have looked. */
function installedLicense(path: string): string | undefined {
  if (path.endsWith('/humanize-number')) return 'MIT'
  const file = join(root, path, 'package.json')
  if (!existsSync(file)) return undefined
  const { licenses } = asObject(JSON.parse(readFileSync(file, 'utf8')))
  return Array.isArray(licenses) ? licenses.map((one) => textOf(asObject(one).type)).join(' OR ') : undefined
}

/** Those that package.json names may run one; those for other platforms are never installed where we run. */
function scripts(packages: readonly Package[]): Line {
  const own = asObject(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const named = asObject(own.allowScripts)
  const having = packages.filter(({ hasScript }) => hasScript)
  const wrong = having
    .filter(({ name, isOptional, platform }) => !(name in named || (isOptional && !platforms.has(platform))))
    .map(({ name }) => `${name} runs a script, and nobody has allowed it`)
  const atRunTime = having.filter(({ isDev }) => !isDev)
  return judged(
    {
      what: 'install scripts',
      load: `${packages.length} packages`,
      faults: `${having.length} have one: ${having.map(({ name }) => name).join(', ')}`,
      losses: `${atRunTime.length} at run time`,
    },
    [...wrong, ...atRunTime.map(({ name }) => `${name} runs a script where Mortise is installed`)],
  )
}

function licences(packages: readonly Package[]): Line {
  const wrong: string[] = []
  const counts = new Map<string, number>()
  const exceptions = new Map<string, string[]>()
  for (const { name, license, isLink } of packages) {
    // Our own.
    if (isLink) continue
    const text = license ?? 'none'
    counts.set(text, (counts.get(text) ?? 0) + 1)
    for (const one of partsOf(text)) {
      if (permissive.test(one)) continue
      if (known[one]?.name.test(name)) exceptions.set(one, [...(exceptions.get(one) ?? []), name])
      else wrong.push(`${name}: ${text}`)
    }
  }
  const listed = [...counts].toSorted(([, a], [, b]) => b - a).map(([text, n]) => `${n} ${text}`)
  return judged(
    {
      what: 'licences',
      load: `${packages.length} packages`,
      faults: listed.join(', '),
      losses: String(wrong.length),
    },
    wrong,
    [...exceptions].map(([text, names]) => `${text}: ${names.join(', ')} (${known[text]?.why})`),
  )
}

/** Of alternatives, a permissive one is enough; of what holds together, each counts. */
function partsOf(expression: string): string[] {
  const alternatives = expression.replace(/^\((.*)\)$/, '$1').split(' OR ')
  const chosen = alternatives.find((one) => one.split(' AND ').every((part) => permissive.test(part)))
  return (chosen ?? expression).split(/ AND | OR /)
}

/** From the registry, whichever that is, and by its hash; links are our own workspaces. */
function sources(packages: readonly Package[]): Line {
  const odd = packages.flatMap(({ name, resolved, integrity, isLink }) => {
    if (isLink) return /^(sdk|console)$/.test(resolved ?? '') ? [] : [`${name} is a link to ${resolved}`]
    if (resolved !== undefined) return [`${name} comes from ${resolved}`]
    return /^sha512-/.test(integrity ?? '') ? [] : [`${name} has no hash`]
  })
  const what = 'sources in the lockfile'
  return judged(
    {
      what,
      load: `${packages.length} packages`,
      faults: 'each by sha512, none from elsewhere',
      losses: String(odd.length),
    },
    odd,
  )
}

function audit(): Line {
  const what = 'npm audit --omit=dev'
  const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (error) return skipped(what, error.message)
  const told = asObject(JSON.parse(stdout))
  if (!('metadata' in told))
    return skipped(
      what,
      `the registry was not to be asked: ${String(told.message ?? stdout).replace(/ - [A-Z]+ https?:.*/s, '')}`,
    )
  const { total } = asObject(asObject(told.metadata).vulnerabilities)
  const names = Object.keys(asObject(told.vulnerabilities))
  return judged(
    { what, load: '', faults: 'the registry’s list of known holes', losses: String(total) },
    names.map((name) => `${name} has a known hole`),
  )
}
