// A duty: what the command line asks of a store, whether this process has it open or a running server does.
import { type Static, type TObject, Type } from 'typebox'
import type { Hub } from '../app.ts'
import { importedNumberMax } from '../hub/caller.ts'
import { invalidField } from '../hub/errors.ts'

export type Duty = {
  /** The input comes from outside, through a socket perhaps: it is checked before anything runs. */
  run(hub: Hub, input: unknown): Promise<object>
}

/** A number that an older system gave. */
export const importedNumber = Type.Integer({ minimum: 1, maximum: importedNumberMax })

export function defineDuty<Schema extends TObject, Result extends object>(
  schema: Schema,
  run: (hub: Hub, input: Static<Schema>) => Promise<Result>,
): { run(hub: Hub, input: unknown): Promise<Result> } {
  return {
    async run(hub, input) {
      // Loaded here, since a server may never need it and should be ready at once.
      const { Value } = await import('typebox/value')
      if (!Value.Check(schema, input)) {
        const [first] = Value.Errors(schema, input)
        throw invalidField(first?.instancePath.slice(1) ?? 'input', first?.message ?? 'This cannot be read.')
      }
      return run(hub, input)
    },
  }
}
