// Credentials that are verified before they are stored, at providers that have to be asked twice.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Sandboxed, sampleOf, startSandboxed } from '../support/sandbox.ts'

let hub: Sandboxed
before(async () => {
  hub = await startSandboxed()
})
after(() => hub.close())

describe('asked before anything is stored (?verify=true),', () => {
  const create = async (provider: string, fields: Record<string, unknown>) => {
    const body = { provider, title: 'Staged', fields }
    return hub.send('POST', '/v2/connections/?verify=true', body)
  }

  test('a provider that has to be asked twice is: Drip with an API token, Amazon in another region', async () => {
    const drip = await create('drip', { api_account_id: '9999999', access_token: 'api_valid' })
    assert.equal(drip.status, 201, drip.text)
    assert.partialDeepStrictEqual(drip.body, {
      fields: { token_kind: 'api_token' },
      health: { status: 'healthy' },
    })
    const amazon = await create('amazon', sampleOf('amazon', 'valid'))
    assert.equal(amazon.status, 201, amazon.text)
    assert.partialDeepStrictEqual(amazon.body, {
      fields: { region: 'eu-north-1', ready: 'ready' },
      health: { status: 'healthy' },
    })
  })

  test('a credential that is refused both ways is refused, and what comes after a change is asked anew', async () => {
    const refused = await create('drip', { api_account_id: '9999999', access_token: 'api_rejected' })
    assert.equal(refused.status, 422, refused.text)
    const id = await hub.make('drip', { api_account_id: '9999999', access_token: 'sandbox-valid' })
    const path = `/v2/connections/${id}/?verify=true`
    const changed = await hub.send('PATCH', path, { fields: { access_token: 'api_valid' } })
    assert.equal(changed.status, 200, changed.text)
    assert.partialDeepStrictEqual(changed.body, {
      fields: { token_kind: 'api_token' },
      health: { status: 'healthy' },
    })
    const worse = await hub.send('PATCH', path, { fields: { access_token: 'sandbox-rejected' } })
    assert.equal(worse.status, 422)
    assert.equal((await hub.verify(id)).health.status, 'healthy', 'nothing was changed')
  })
})
