// The checker that the kill loops and drills are judged by: made-up bad histories, each of which it has to find.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deliveryFaults, type Fault, faultsIn, type Operation, type Stored } from '../support/history.ts'

const answered = (status: number, body?: object) => ({ status, text: body ? JSON.stringify(body) : '' })
const created = (name: string, more: Partial<Operation> = {}): Operation => ({
  noun: 'integration',
  verb: 'created',
  name,
  city: 'first',
  sent: 1,
  answer: answered(201, { id: `${name}-id` }),
  repeats: [],
  ...more,
})
const changed = (name: string, city: string, more: Partial<Operation> = {}): Operation =>
  created(name, { verb: 'changed', city, answer: answered(200), ...more })
const { city: _, ...withoutCity } = created('gone')
const deleted = (name: string, more: Partial<Operation> = {}): Operation => ({
  ...withoutCity,
  name,
  verb: 'deleted',
  answer: answered(204),
  ...more,
})

type Told = readonly [noun: string, verb: 'created' | 'changed' | 'deleted', name: string]

/** What is stored where all went well: those objects, and a record and an event of each change. */
function stored(objects: Record<string, string>, told: readonly Told[], more: Partial<Stored> = {}): Stored {
  const integrations = Object.entries(objects).map(([name, city]) => ({ uid: `${name}-uid`, name, city }))
  const events = told.map(([noun, verb, name], at) => {
    const type = `${noun}.${verb === 'changed' ? 'updated' : verb}`
    return { id: `evt-${at + 1}`, sequence: at + 1, type, name, body: `${type} ${name}` }
  })
  return {
    integrations,
    freelancers: [],
    counts: [{ list: 'integrations', told: integrations.length, found: integrations.length }],
    audit: told.map(([noun, verb, name], at) => ({
      sequence: at + 1,
      action: `${noun}.${verb}`,
      id: `${name}-id`,
    })),
    events,
    lastEvent: events.length,
    ...more,
  }
}

const made: Told = ['integration', 'created', 'a']
const kindsOf = (faults: readonly Fault[]) => [...new Set(faults.map(({ kind }) => kind))]

test('a history without a fault has none: done, perhaps done, deleted, repeated', () => {
  const unknown = created('b')
  delete unknown.answer
  const history = [
    created('a', { repeats: [JSON.stringify({ id: 'a-id' })] }),
    changed('a', 'second'),
    unknown,
    created('c'),
    deleted('c', { sent: 2, answer: answered(404) }),
  ]
  const told: Told[] = [
    made,
    ['integration', 'changed', 'a'],
    ['integration', 'created', 'c'],
    ['integration', 'deleted', 'c'],
  ]
  assert.deepEqual(faultsIn(history, stored({ a: 'second' }, told)), [])
  const withUnknown = stored({ a: 'second', b: 'first' }, [...told, ['integration', 'created', 'b']])
  assert.deepEqual(faultsIn(history, withUnknown), [])
})

describe('it finds', () => {
  const bad: Record<string, [Fault['kind'], readonly Operation[], Stored]> = {
    'a create that was acknowledged and is not there': ['lost', [created('a')], stored({}, [])],
    'a change that was acknowledged and is not there': [
      'lost',
      [created('a'), changed('a', 'second')],
      stored({ a: 'first' }, [made, ['integration', 'changed', 'a']]),
    ],
    'a deleted one that came back': [
      'lost',
      [created('a'), deleted('a')],
      stored({ a: 'first' }, [made, ['integration', 'deleted', 'a']]),
    ],
    'one that is gone when it is to be changed': [
      'lost',
      [created('a'), changed('a', 'second', { answer: answered(404) })],
      stored({}, [made]),
    ],
    'a deletion that found nothing at the first attempt': [
      'lost',
      [created('a'), deleted('a', { answer: answered(404) })],
      stored({}, [made, ['integration', 'deleted', 'a']]),
    ],
    'an object that is there twice': [
      'twice',
      [created('a', { sent: 2 })],
      stored({ a: 'first' }, [made, made], {
        integrations: ['one', 'two'].map((uid) => ({ uid, name: 'a', city: 'first' })),
        counts: [],
      }),
    ],
    'an object that nobody asked for': [
      'twice',
      [created('a')],
      stored({ a: 'first', b: 'first' }, [made, ['integration', 'created', 'b']]),
    ],
    'a change that was done twice': [
      'twice',
      [created('a'), changed('a', 'second')],
      stored({ a: 'second' }, [made, ['integration', 'changed', 'a'], ['integration', 'changed', 'a']]),
    ],
    'a repeated request that was answered otherwise': [
      'twice',
      [created('a', { repeats: ['{"id":"other"}'] })],
      stored({ a: 'first' }, [made]),
    ],
    'a list whose count is not its rows': [
      'half',
      [created('a')],
      stored({ a: 'first' }, [made], { counts: [{ list: 'integrations', told: 2, found: 1 }] }),
    ],
    'a change without its record': ['half', [created('a')], stored({ a: 'first' }, [made], { audit: [] })],
    'a change without its event': [
      'lost',
      [created('a')],
      stored({ a: 'first' }, [made], { events: [], lastEvent: 0 }),
    ],
    'a freelancer without its integration': [
      'half',
      [],
      stored({}, [], { freelancers: [{ id: 'f', integrationUid: 'none' }] }),
    ],
    'an integration without its freelancer': [
      'half',
      [created('a', { noun: 'freelancer' })],
      stored({ a: 'first' }, [['freelancer', 'created', 'a'], made], {}),
    ],
    'a freelancer’s change that is told of by halves': [
      'half',
      [created('a', { noun: 'freelancer' })],
      stored({ a: 'first' }, [['freelancer', 'created', 'a']], {
        freelancers: [{ id: 'f', integrationUid: 'a-uid' }],
      }),
    ],
    'records whose numbers have a gap': [
      'half',
      [created('a')],
      stored({ a: 'first' }, [made], { audit: [{ sequence: 2, action: 'integration.created', id: 'a-id' }] }),
    ],
    'a number that was given out twice': [
      'twice',
      [],
      stored({}, [], { audit: [1, 1].map((sequence) => ({ sequence, action: 'x', id: 'x' })) }),
    ],
    'an event that the chain has not counted': [
      'half',
      [created('a')],
      stored({ a: 'first' }, [made], { lastEvent: 0 }),
    ],
    'a request that was refused for no reason': [
      'refused',
      [created('a', { answer: answered(400, { detail: 'no' }) })],
      stored({}, []),
    ],
  }
  for (const [what, [kind, history, state]] of Object.entries(bad)) {
    test(what, () => assert.ok(kindsOf(faultsIn(history, state)).includes(kind)))
  }
})

test('a delivery is found that did not come, came otherwise, or of which nothing is stored; twice is no fault', () => {
  const { events } = stored({}, [made])
  const [event] = events
  assert.ok(event)
  assert.deepEqual(deliveryFaults(events, [event, event]), [])
  assert.deepEqual(kindsOf(deliveryFaults(events, [])), ['lost'])
  assert.deepEqual(kindsOf(deliveryFaults(events, [{ ...event, body: 'other' }])), ['half'])
  assert.deepEqual(kindsOf(deliveryFaults(events, [event, { id: 'evt-9', body: '' }])), ['twice'])
})
