#!/usr/bin/env node
// Starts the command line, on a Node that is new enough: TypeScript as it is, and a SQLite without known faults.
import module from 'node:module'

const [oldestMajor, oldestMinor] = [24, 15]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  process.stderr.write(
    `mortise: this is Node ${process.versions.node}, and Node ${oldestMajor}.${oldestMinor} or newer is needed. Where npm brings one, \`npm start\` uses it.\n`,
  )
  process.exitCode = 78
} else {
  module.enableCompileCache()
  const { runProgram } = await import('../src/main.ts')
  await runProgram()
}
