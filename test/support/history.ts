// What clients were answered, held against what is stored: finds what was lost, done twice or done by halves.

export type Noun = 'integration' | 'freelancer'
export type Verb = 'created' | 'changed' | 'deleted'

/** One thing that a client wanted done, however often it had to ask; those on one object in their order. */
export type Operation = {
  readonly noun: Noun
  readonly verb: Verb
  /** The object's name, which no other one has. */
  readonly name: string
  /** What tells its states apart; of a deletion, none. */
  readonly city?: string
  /** How often it was sent: each time under the same key, or, for a deletion, without any. */
  sent: number
  /** What was answered in the end; nothing where nobody answered. */
  answer?: { readonly status: number; readonly text: string }
  /** What was answered to the same request with the same key later. */
  readonly repeats: string[]
}

export type StoredObject = { readonly uid: string; readonly name: string; readonly city: string }
export type StoredEvent = {
  readonly id: string
  readonly sequence: number
  readonly type: string
  readonly name: string
  readonly body: string
}

/** All that an account has, seen from outside of the product. */
export type Stored = {
  /** But for the one that every account has. */
  readonly integrations: readonly StoredObject[]
  readonly freelancers: ReadonlyArray<{ readonly id: string; readonly integrationUid: string }>
  /** By list, how many rows it has by its own count, and by counting them. */
  readonly counts: ReadonlyArray<{ readonly list: string; readonly told: number; readonly found: number }>
  readonly audit: ReadonlyArray<{ readonly sequence: number; readonly action: string; readonly id: string }>
  readonly events: readonly StoredEvent[]
  /** The number of the account's last event, as the chain has it. */
  readonly lastEvent: number
}

/** What came to somebody who hears of every change of these nouns. */
export type Received = { readonly id: string; readonly body: string }

export type Fault = { readonly kind: 'lost' | 'twice' | 'half' | 'refused'; readonly what: string }

const eventVerbs: Readonly<Record<Verb, string>> = {
  created: 'created',
  changed: 'updated',
  deleted: 'deleted',
}

export function faultsIn(history: readonly Operation[], stored: Stored): Fault[] {
  const rows = Map.groupBy(stored.integrations, ({ name }) => name)
  const freelancers = Map.groupBy(stored.freelancers, ({ integrationUid }) => integrationUid)
  const told = countBy(stored.events, ({ type, name }) => `${type} ${name}`)
  const recorded = countBy(stored.audit, ({ action, id }) => `${action} ${id}`)
  const byName = Map.groupBy(history, ({ name }) => name)
  const faults = [...history.flatMap(answerFaults), ...wholeFaults(stored)]
  for (const [name, operations] of byName) {
    const [first] = operations
    if (!first) continue
    const found = rows.get(name) ?? []
    faults.push(...stateFaults(name, operations, found))
    for (const { uid } of found) {
      const wanted = first.noun === 'freelancer' ? 1 : 0
      const has = freelancers.get(uid)?.length ?? 0
      if (has !== wanted) faults.push({ kind: 'half', what: `${name}: ${has} freelancers to an integration` })
    }
    const id = idOf(operations)
    for (const verb of ['created', 'changed', 'deleted'] as const) {
      const times = timesOf(operations, verb)
      const events = told.get(`${first.noun}.${eventVerbs[verb]} ${name}`) ?? 0
      faults.push(...timesFaults(`${name}: events of being ${verb}`, events, times))
      // A freelancer's integration is told of too.
      const beside = told.get(`integration.${eventVerbs[verb]} ${name}`) ?? 0
      if (beside !== events) {
        faults.push({ kind: 'half', what: `${name}: ${events} and ${beside} events of one change` })
      }
      // Where nobody answered, nobody knows the id that records name it by.
      if (id === undefined) continue
      const records = recorded.get(`${first.noun}.${verb} ${id}`) ?? 0
      if (records !== events)
        faults.push({ kind: 'half', what: `${name}: ${records} records, ${events} events of being ${verb}` })
    }
  }
  for (const { name } of stored.integrations) {
    if (!byName.has(name)) faults.push({ kind: 'twice', what: `${name}: nobody asked for it` })
  }
  return faults
}

/** Each event of these nouns comes, as it is stored, and nothing else does; more than once is allowed. */
export function deliveryFaults(events: readonly StoredEvent[], received: readonly Received[]): Fault[] {
  const came = Map.groupBy(received, ({ id }) => id)
  const known = new Set(events.map(({ id }) => id))
  const heard = events.filter(({ type }) => /^(integration|freelancer)\./.test(type))
  return [
    ...heard.flatMap(({ id, type, name, body }): Fault[] => {
      const all = came.get(id)
      if (!all) return [{ kind: 'lost', what: `${type} of ${name} was not delivered` }]
      return all.every((one) => one.body === body)
        ? []
        : [{ kind: 'half', what: `${type} of ${name} came otherwise than it is stored` }]
    }),
    ...[...came.keys()]
      .filter((id) => !known.has(id))
      .map((id): Fault => ({ kind: 'twice', what: `${id} was delivered, and is not stored` })),
  ]
}

/** Done, perhaps done, or neither: 503 may be told after a commit whose outcome is not known. */
function outcomeOf({ verb, answer, sent }: Operation): 'done' | 'unknown' | 'refused' {
  if (answer === undefined || answer.status >= 500) return 'unknown'
  const { status } = answer
  if (verb === 'created') return status === 201 ? 'done' : 'refused'
  if (verb === 'changed') return status === 200 ? 'done' : 'refused'
  // An earlier attempt may have been done without anybody hearing of it.
  return status === 204 || (status === 404 && sent > 1) ? 'done' : 'refused'
}

function answerFaults(operation: Operation): Fault[] {
  const { name, verb, answer, repeats } = operation
  const faults: Fault[] = []
  if (outcomeOf(operation) === 'refused') {
    // What is there no more was lost; anything else should not have been said either.
    const kind = answer?.status === 404 ? 'lost' : 'refused'
    faults.push({ kind, what: `${name} could not be ${verb}: ${answer?.status} ${answer?.text}` })
  }
  if (repeats.some((text) => text !== answer?.text)) {
    faults.push({
      kind: 'twice',
      what: `${name}: being ${verb} was answered differently when it was repeated`,
    })
  }
  return faults
}

function stateFaults(
  name: string,
  operations: readonly Operation[],
  found: readonly StoredObject[],
): Fault[] {
  if (found.length > 1) return [{ kind: 'twice', what: `${name} is there ${found.length} times` }]
  let possible = new Set<string | undefined>([undefined])
  for (const operation of operations) {
    const outcome = outcomeOf(operation)
    if (outcome === 'done') possible = new Set([operation.city])
    else if (outcome === 'unknown') possible.add(operation.city)
  }
  const city = found[0]?.city
  if (possible.has(city)) return []
  const wanted = [...possible].map((one) => one ?? 'absent').join(' or ')
  return [{ kind: 'lost', what: `${name} is ${city ?? 'absent'}, not ${wanted}` }]
}

type Times = { readonly least: number; readonly most: number }

function timesOf(operations: readonly Operation[], verb: Verb): Times {
  const outcomes = operations.filter((one) => one.verb === verb).map(outcomeOf)
  const least = outcomes.filter((outcome) => outcome === 'done').length
  return { least, most: least + outcomes.filter((outcome) => outcome === 'unknown').length }
}

function timesFaults(what: string, times: number, { least, most }: Times): Fault[] {
  if (times < least) return [{ kind: 'lost', what: `${what}: ${times} of ${least}` }]
  return times > most ? [{ kind: 'twice', what: `${what}: ${times} of ${most}` }] : []
}

/** What is written together is there together: rows and counts, records and events, each with its number. */
function wholeFaults({ integrations, freelancers, counts, audit, events, lastEvent }: Stored): Fault[] {
  const faults: Fault[] = counts
    .filter(({ told, found }) => told !== found)
    .map(({ list, told, found }) => ({ kind: 'half', what: `${list}: ${told} by its count, ${found} rows` }))
  const uids = new Set(integrations.map(({ uid }) => uid))
  for (const { id, integrationUid } of freelancers) {
    if (!uids.has(integrationUid))
      faults.push({ kind: 'half', what: `${id}: a freelancer without integration` })
  }
  faults.push(...numberFaults('audit records', audit), ...numberFaults('events', events))
  if (events.length > 0 && Math.max(...events.map(({ sequence }) => sequence)) !== lastEvent)
    faults.push({ kind: 'half', what: `the last event is ${lastEvent} by the chain` })
  return faults
}

function numberFaults(what: string, rows: ReadonlyArray<{ readonly sequence: number }>): Fault[] {
  const numbers = new Set(rows.map(({ sequence }) => sequence))
  const faults: Fault[] = []
  if (numbers.size < rows.length) faults.push({ kind: 'twice', what: `${what}: numbers given out twice` })
  let last = 0
  for (const number of numbers) last = Math.max(last, number)
  if (last > numbers.size)
    faults.push({ kind: 'half', what: `${what}: ${last - numbers.size} numbers are missing` })
  return faults
}

function idOf(operations: readonly Operation[]): string | undefined {
  const created = operations.find((one) => one.verb === 'created' && one.answer?.status === 201)
  return created?.answer && String(Object(JSON.parse(created.answer.text)).id)
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return counts
}
