#!/usr/bin/env node
// Starts the command line, on a Node that is new enough: TypeScript as it is, and a SQLite without known faults.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [oldestMajor, oldestMinor] = [24, 15]

/** An unusable Node: like a mistake in the configuration, it is for a person to mend. */
const unusable = 78

if (isNewEnough(process.versions.node)) {
  module.enableCompileCache()
  // A package has no TypeScript, a clone nothing else.
  const source = new URL('../src/main.ts', import.meta.url)
  const { runProgram } = await import(existsSync(source) ? source.href : '../dist/src/main.js')
  await runProgram()
} else {
  const pinned = findPinned()
  if (pinned) runOn(pinned)
  else refuse()
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}

/** The Node that npm brought along, where there is one for this machine and it is new enough. */
function findPinned() {
  const name = `node-${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    const description = require.resolve(`${name}/package.json`)
    const program = join(dirname(description), 'bin', 'node')
    return existsSync(program) && isNewEnough(require(description).version) ? program : undefined
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** In its place, as far as one process can stand for another: signals, output and exit are the other's. */
function runOn(program) {
  const self = fileURLToPath(import.meta.url)
  const child = spawn(program, ['--max-semi-space-size=8', '--expose-gc', self, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  const forward = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  child.once('error', (error) => {
    process.stderr.write(`mortise: ${program} does not start: ${error.message}\n`)
    process.exitCode = unusable
  })
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
    for (const signal of signals) process.off(signal, forward)
  })
}

function refuse() {
  process.stderr.write(
    `mortise: this is Node ${process.versions.node}, and Node ${oldestMajor}.${oldestMinor} or newer is needed. Npm brings one for Linux on x64 and arm64 and for Intel Macs, unless it was told to leave optional packages out.\n`,
  )
  process.exitCode = unusable
}
