#!/usr/bin/env node
// The command line's first step: a Node that is new enough, and its cache of compiled code.
import module from 'node:module'

const oldestNode = 24

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  process.stderr.write(
    `mortise: this is Node ${process.versions.node}; Node ${oldestNode} or newer is needed. npm scripts bring their own: npm start\n`,
  )
  process.exitCode = 78
} else {
  module.enableCompileCache()
  const { runProgram } = await import('./commands/program.ts')
  await runProgram()
}
