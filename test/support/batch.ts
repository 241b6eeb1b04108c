// Several test files in one process, one after the other; each file's tests and hooks stand in a suite of its name.
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'

/** Called at the top of a process. @param files from the folder that it runs in */
export function batch(files: readonly string[]): void {
  const underWay = new Set<string>()
  for (const file of files) {
    // What a file declares while it is imported belongs to the suite, its `before` and `after` too.
    describe(file, async () => {
      before(() => void underWay.add(file))
      after(() => void underWay.delete(file))
      underWay.add(file)
      try {
        await import(pathToFileURL(file).href)
      } catch (error) {
        // As a test it is counted in the summary, which a suite is not.
        test('is loaded', () => Promise.reject(error))
      }
      underWay.delete(file)
    })
  }
  // A process that ends too early has not failed by itself, and what it left out would be missed by nobody.
  process.on('exit', () => {
    if (underWay.size === 0) return
    process.exitCode = 1
    process.stderr.write(`The process ended in the middle of ${[...underWay].join(', ')}\n`)
  })
}
