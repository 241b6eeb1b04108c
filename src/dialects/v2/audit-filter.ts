// Reads what narrows the audit trail; every value that cannot be meant is told, in one answer.
import { type AuditNoun, auditActions, auditNouns } from '../../hub/audit.ts'
import type { AuditFilter } from '../../hub/audit-trail.ts'
import { invalidFields } from '../../hub/errors.ts'
import { parseTimestamp } from '../../hub/timestamp.ts'
import type { Query } from '../url-encoded.ts'
import { messages } from './text-rules.ts'

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** No message repeats what was sent: it may be a key in the wrong place. */
const words = {
  action: `Give an action, or the beginning of some, such as integration.*; there are: ${auditActions.join(', ')}.`,
  subject: `Give a noun and an id, such as connection/12; nouns are: ${Object.keys(auditNouns).join(', ')}.`,
  key: "Give a key's id, which is a UUID.",
  request_id: "Give a request's id, which is a UUID.",
} as const

/** @throws HubError invalid, by parameter */
export function readAuditFilter(query: Query): AuditFilter {
  const errors = new Map<string, string[]>()
  const filter: Mutable<AuditFilter> = {}

  /** Blank is as good as not given. */
  function read<Value>(
    name: string,
    parse: (text: string) => Value | undefined,
    message: string,
    take: (value: Value) => void,
  ): void {
    const [text = '', ...more] = query.all(name)
    if (more.length > 0) errors.set(name, [messages.once])
    if (more.length > 0 || text === '') return
    const value = parse(text)
    if (value === undefined) errors.set(name, [message])
    else take(value)
  }

  read('action', actionsOf, words.action, (actions) => {
    filter.actions = actions
  })
  read('subject', subjectOf, words.subject, (subject) => {
    filter.subject = subject
  })
  read('key', uuidOf, words.key, (uid) => {
    filter.keyUid = uid
  })
  read('since', parseTimestamp, messages.notTime, (time) => {
    filter.since = time
  })
  read('until', parseTimestamp, messages.notTime, (time) => {
    filter.until = time
  })
  read('request_id', uuidOf, words.request_id, (id) => {
    filter.requestId = id
  })
  if (errors.size > 0) throw invalidFields(errors)
  return filter
}

/** One action, or all with the same beginning. */
function actionsOf(text: string) {
  const isBeginning = text.endsWith('.*')
  const found = auditActions.filter((action) =>
    isBeginning ? action.startsWith(text.slice(0, -1)) : action === text,
  )
  return found.length > 0 ? found : undefined
}

function subjectOf(text: string): AuditFilter['subject'] {
  const slash = text.indexOf('/')
  const noun = text.slice(0, slash)
  const id = text.slice(slash + 1)
  if (!isNoun(noun)) return undefined
  const isSound =
    noun === 'route'
      ? /^[A-Z-]{3,20} \/[\w/:.-]{0,200}$/.test(id)
      : noun === 'api_key' || noun === 'webhook'
        ? uuidOf(id) !== undefined
        : auditNouns[noun] === 'a number'
          ? /^[1-9]\d{0,14}$/.test(id)
          : /^[A-Za-z0-9._~-]{1,255}$/.test(id)
  return isSound ? { type: noun, id } : undefined
}

function isNoun(text: string): text is AuditNoun {
  return Object.hasOwn(auditNouns, text)
}

function uuidOf(text: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : undefined
}
