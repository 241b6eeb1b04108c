#!/usr/bin/env node
// Starts the command line, on a Node that is new enough to run TypeScript as it is.
import module from 'node:module'

const oldestNode = 24

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  process.stderr.write(
    `mortise: this is Node ${process.versions.node}, and Node ${oldestNode} or newer is needed. Where npm brings one, \`npm start\` uses it.\n`,
  )
  process.exitCode = 78
} else {
  module.enableCompileCache()
  const { runProgram } = await import('../src/main.ts')
  await runProgram()
}
