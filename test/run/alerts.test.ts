// Alert rules and the dashboard ask for what a server really gives: each metric, with each label and value, by Prometheus' own grammar.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { parser } from '@prometheus-io/lezer-promql'
import { parse } from 'yaml'
import { type SampleRow, sampleRows } from '../../src/sandbox/index.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { call } from '../support/api.ts'
import { freePort, keyIn, newHome, repository, until } from '../support/command-line.ts'
import { newDatabase } from '../support/postgres.ts'
import { start } from '../support/process.ts'
import { startReceiver } from '../support/receiver.ts'
import { asObject, integrationsPath } from '../support/v2.ts'
import { type Sample, samplesIn, total } from '../support/watching.ts'

const read = (file: string) => readFileSync(join(repository, 'docs', file), 'utf8')

type Rule = { alert: string; expr: string; annotations: { summary: string; runbook: string } }
const { groups } = parse(read('alerts.yml')) as { groups: Array<{ rules: Rule[] }> }
const rules = groups.flatMap(({ rules }) => rules)

type Panel = { title: string; targets?: Array<{ expr: string; legendFormat: string }> }
const { panels } = JSON.parse(read('grafana/mortise.json')) as { panels: Panel[] }
const targets = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })))

/** What Prometheus itself adds. */
const ofPrometheus = new Set(['instance', 'job'])

type Selector = { name: string; matchers: Array<{ label: string; operator: string; value: string }> }
type Parsed = { selectors: Selector[]; grouped: string[]; mistakes: string[] }

function parsed(expression: string): Parsed {
  // As Grafana fills it in.
  const text = expression.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*')
  const found: Parsed = { selectors: [], grouped: [], mistakes: [] }
  let isGrouping = false
  parser.parse(text).iterate({
    enter({ name, from, to, node }) {
      const here = text.slice(from, to)
      if (node.type.isError) found.mistakes.push(`${text.slice(0, from)}⚠${here}`)
      if (name === 'GroupingLabels') isGrouping = true
      if (name === 'VectorSelector') found.selectors.push({ name: '', matchers: [] })
      const selector = found.selectors.at(-1)
      if (name === 'Identifier' && selector) selector.name = here
      if (name === 'LabelName' && isGrouping) found.grouped.push(here)
      if (name === 'UnquotedLabelMatcher') {
        const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(here) ?? []
        selector?.matchers.push({ label, operator, value: JSON.parse(`"${value}"`) })
      }
    },
    leave({ name }) {
      if (name === 'GroupingLabels') isGrouping = false
    },
  })
  return found
}

function fits({ labels }: Sample, { label, operator, value }: Selector['matchers'][number]): boolean {
  const own = labels[label] ?? ''
  if (operator === '=') return own === value
  if (operator === '!=') return own !== value
  return new RegExp(`^(?:${value})$`).test(own) === (operator === '=~')
}

let samples: Sample[] = []
before(async () => {
  samples = [...(await afterTraffic()), ...(await ofPostgres())]
})

/** Of a server that was asked for all kinds of things. */
async function afterTraffic(): Promise<Sample[]> {
  const home = newHome()
  const [sandbox, receiver, port] = [await startSandbox({ port: 0 }), await startReceiver(), await freePort()]
  const served = await start('serve', ['--data', home.data], {
    ...home.env,
    MORTISE_METRICS_PORT: String(port),
    MORTISE_SANDBOX_URL: sandbox.address,
    MORTISE_EGRESS_ALLOW: new URL(receiver.address).host,
    MORTISE_VERIFY: 'on',
  })
  const key = keyIn(served.output().stdout)
  const ask = (method: string, path: string, body?: unknown) =>
    call(served.address, method, path, { key, body, headers: { 'integration-id': '1' } })
  const measured = async () => samplesIn(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
  async function connect(provider: string, mode: SampleRow['mode']): Promise<string> {
    const row = sampleRows().find((row) => row.provider === provider && row.mode === mode)
    const body = { provider, title: mode, fields: row?.fields }
    const made = await ask('POST', '/v2/connections/', body)
    assert.equal(made.status, 201, made.text)
    return `/v2/connections/${asObject(made.body).id}/`
  }
  try {
    await ask('POST', '/v2/webhooks/', { url: receiver.address })
    await ask('PATCH', `${integrationsPath}1/`, { name: 'Other' })
    await ask('GET', `${integrationsPath}none/`)
    await ask('GET', '/api/v1/integrations')
    for (const mode of ['valid', 'down', 'rejected'] as const) {
      const connection = await connect('stripe', mode)
      await ask('GET', `${connection}proxy/v1/balance`)
      await ask('POST', `${connection}verify/`)
    }
    for (const mode of ['valid', 'rejected'] as const) {
      const connection = await connect('paypal', mode)
      await ask('POST', `${connection}verify/`)
    }
    const file = new DatabaseSync(join(home.data, 'mortise.db'), { timeout: 5_000 })
    file.exec(`update connection_upkeep set check_at = '2026-01-01T00:00:00.000000Z'`)
    file.exec(`update connection_secrets set sealed = sealed || 'x' where rowid = 1`)
    file.close()
    await ask('POST', '/v2/connections/1/reveal/')
    await until('connections were checked by themselves, and an event was delivered', async () => {
      const now = await measured()
      const checked = { cause: 'schedule', status: 'rejected' }
      const ended = total(now, 'mortise_deliveries_ended_total', { outcome: 'delivered' }) ?? 0
      return (total(now, 'mortise_verifications_total', checked) ?? 0) > 0 && ended > 0
    })
    return await measured()
  } finally {
    await served.stop()
    await sandbox.close()
    await receiver.close()
    home.remove()
  }
}

async function ofPostgres(): Promise<Sample[]> {
  const home = newHome()
  const [{ url, remove }, port] = [await newDatabase(), await freePort()]
  const env = { ...home.env, DATABASE_URL: url, MORTISE_METRICS_PORT: String(port) }
  const served = await start('serve', ['--data', home.data], env)
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  await served.stop()
  await remove()
  home.remove()
  return samplesIn(text)
}

function expectGiven(expression: string): void {
  const { selectors, grouped, mistakes } = parsed(expression)
  assert.deepEqual(mistakes, [], 'it can be read')
  assert.ok(selectors.length > 0)
  const labels = new Set([...ofPrometheus, 'le'])
  for (const { name, matchers } of selectors) {
    if (name === 'up') continue
    const own = matchers.filter(({ label }) => !ofPrometheus.has(label))
    const matching = samples.filter(
      (sample) => sample.name === name && own.every((matcher) => fits(sample, matcher)),
    )
    assert.ok(matching.length > 0, `${name} ${JSON.stringify(own)} is given by no server`)
    for (const { label } of own)
      assert.ok(
        matching.some((sample) => label in sample.labels),
        label,
      )
    for (const label of matching.flatMap((sample) => Object.keys(sample.labels))) labels.add(label)
  }
  for (const label of grouped) assert.ok(labels.has(label), `no metric has the label ${label}`)
}

describe('alerts', () => {
  const operations = read('operations.md')
  after(() => assert.ok(rules.length > 15))

  for (const { alert, expr, annotations } of rules) {
    test(`${alert} asks for what is given, and stands in the drills`, () => {
      expectGiven(expr)
      assert.ok(operations.includes(`\n### ${alert}\n`), 'what it means and what to do is told')
      assert.equal(annotations.runbook, `operations.md#${alert.toLowerCase()}`)
    })
  }

  test('that are told of in the drills are all there', () => {
    const told = [...operations.matchAll(/^### (Mortise\w+)$/gm)].map(([, name]) => name)
    assert.deepEqual(
      told,
      rules.map(({ alert }) => alert),
    )
  })
})

describe('the dashboard', () => {
  for (const { title, expr, legendFormat } of targets) {
    test(`“${title}” shows what is given: ${expr.slice(0, 60)}`, () => {
      expectGiven(expr)
      const { selectors, grouped } = parsed(expr)
      const known = selectors.flatMap(({ name }) =>
        samples.filter((sample) => sample.name === name).flatMap(({ labels }) => Object.keys(labels)),
      )
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        assert.ok([...grouped, ...known, ...ofPrometheus].includes(label), `${label} in the legend`)
    })
  }
})

test('an expression that asks for what nobody gives is found out', () => {
  assert.throws(() => expectGiven('rate(mortise_nothing_total[5m])'), /is given by no server/)
  assert.throws(() => expectGiven('mortise_vault_slots{kind="tattoo"}'), /is given by no server/)
  assert.throws(() => expectGiven('sum by (colour) (mortise_ready)'), /no metric has the label colour/)
  assert.throws(() => expectGiven('sum by (('), /it can be read/)
})
