// `mortise openapi`: prints the description of the API, writes it, or checks that a written one is still true.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { openApiDocument } from '../contract/openapi.ts'
import { invalidField } from '../hub/errors.ts'
import { readVersion } from '../version.ts'
import { exitCodes } from './exit-codes.ts'
import { print } from './report.ts'

export function addOpenapi(program: Command): void {
  program
    .command('openapi')
    .description('print the OpenAPI document')
    .option('--write <file>', 'write it there instead')
    .option('--check <file>', 'fail where that file is not what would be written')
    .action((options: { write?: string; check?: string }) => {
      const text = `${JSON.stringify(openApiDocument(readVersion()), null, 2)}\n`
      if (options.write !== undefined) withFile(options.write, (file) => writeFileSync(file, text))
      else if (options.check === undefined) print(text.trimEnd())
      else if (withFile(options.check, (file) => readFileSync(file, 'utf8')) !== text) {
        process.stderr.write(
          `mortise: ${options.check} is out of date. Run: mortise openapi --write ${options.check}\n`,
        )
        process.exitCode = exitCodes.failed
      }
    })
}

function withFile<Result>(file: string, work: (file: string) => Result): Result {
  try {
    return work(file)
  } catch (error) {
    throw invalidField('file', `${file} cannot be read or written (${String(error)}).`)
  }
}
