// What is told of an import: a line for each connection, what is wrong and where; never a value.
import type { Flaw } from './import-files.ts'
import type { Planned } from './import-plan.ts'
import { counted, table } from './report.ts'

/** What becomes of a connection in the file. */
export type Status = 'fits' | 'there' | 'does not fit' | 'created' | 'refused' | 'not begun'
export type Outcome = { readonly plan: Planned; status: Status; id?: number; problems: readonly string[] }

export type Told = {
  readonly outcomes: readonly Outcome[]
  readonly flaws: readonly Flaw[]
  readonly unknown: readonly Flaw[]
  readonly isApplied: boolean
  /** Whether it was to be written; it is not where something does not fit. */
  readonly isAsked: boolean
}

export function asJson({ outcomes, flaws, unknown, isApplied }: Told): object {
  return {
    applied: isApplied,
    connections: outcomes.map(({ plan, status, id, problems }) => ({
      where: plan.where,
      status,
      ...(id !== undefined && { id }),
      ...(plan.provider && { provider: plan.provider.name, fields: Object.keys(plan.fields) }),
      ...(isTitled(status) && { title: plan.title }),
      problems,
      notes: plan.notes,
    })),
    unreadable: flaws,
    unknown,
  }
}

export function wordsOn(told: Told): string[] {
  const { outcomes, flaws, unknown } = told
  const lines: string[] = []
  if (outcomes.length > 0) lines.push(table(outcomes.map(row)))
  const said = outcomes.flatMap(({ plan, problems, status }) => [
    ...problems.map((says) => `${plan.where}: ${says}`),
    ...(status === 'fits' || status === 'created'
      ? plan.notes.map((says) => `${plan.where}: note: ${says}`)
      : []),
  ])
  said.push(...flaws.map(({ where, says }) => `${where}: ${says}`))
  if (said.length > 0) lines.push('', ...said)
  if (unknown.length > 0) {
    lines.push('', 'Left alone:', ...unknown.map(({ where, says }) => `  ${where}: ${says}`))
  }
  lines.push('', ...summary(told))
  return lines
}

function row({ plan, status, id }: Outcome) {
  return {
    where: plan.where,
    provider: plan.provider?.name,
    title: isTitled(status) ? plan.title : undefined,
    fields: Object.keys(plan.fields),
    '': status === 'there' ? `there already: ${id}` : status === 'created' ? `created: ${id}` : status,
  }
}

/** What does not fit may have anything in it, also a secret where the title should be. */
function isTitled(status: Status): boolean {
  return status !== 'does not fit'
}

function summary({ outcomes, flaws, isApplied, isAsked }: Told): string[] {
  const count = (...wanted: Status[]) => outcomes.filter(({ status }) => wanted.includes(status)).length
  const wrong = count('does not fit') + flaws.length
  if (isApplied) {
    const left = count('refused', 'not begun')
    const more = left > 0 ? ` ${left} left: mend what is told below, and run the same again.` : ''
    return [
      `${counted(count('created'), 'connection')} created, ${count('there')} there already, ${wrong} left out.${more}`,
      'The file still has the secrets in clear: delete it once you need it no more.',
    ]
  }
  const what = `${count('fits')} would be created, ${count('there')} there already, ${wrong} ${wrong === 1 ? 'does' : 'do'} not fit.`
  if (wrong > 0) {
    const how = 'Mend the file, or leave out what does not fit with --apply --skip.'
    return [`${what} ${isAsked ? 'Nothing was written' : 'Nothing is written'}. ${how}`]
  }
  return [`${what} Nothing is written; to do it, add --apply.`]
}
