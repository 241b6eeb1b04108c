// Every sample printed in the two vendor documents, run with its own tool against the demo.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newFolders, type Served, start } from '../support/process.ts'
import { runSample, type SampleAnswer, whatLacks } from '../support/sample-runs.ts'
import {
  type Block,
  type SampleLanguage,
  sampleLanguages,
  seedBlocks,
  seedText,
} from '../support/seed-blocks.ts'

const addresses = { v1: 'http://localhost:3500', v2: 'https://api.gigapay.se' }

const counts = {
  v1: { shell: 2, javascript: 0, python: 0, json: 3 },
  v2: { shell: 6, javascript: 6, python: 6, json: 5 },
}

const statuses = new Map([
  ['List all integrations', 200],
  ['Retrieve a integration', 200],
  ['List All Integrations Webhooks', 200],
  ['Create an Integration', 201],
  ['Retrieve an Integration', 200],
  ['Update an Integration', 200],
  ['Replace an Integration', 200],
  ['Delete an Integration', 204],
])

const members = [
  'id',
  'name',
  'type',
  'logo',
  'metadata',
  'email',
  'recipient',
  'address_line_1',
  'address_line_2',
  'zip_code',
  'city',
]

/** The vendor's slips, all in v2: what is printed, what was meant, and why. Each mends one place. */
type Slip = { section: string; language: SampleLanguage | 'json'; text: string; mended: string; why: string }

const slips: readonly Slip[] = [
  {
    section: 'List All Integrations Webhooks',
    language: 'json',
    text: '"count": 4',
    mended: '"count": 2',
    why: 'a count of four above two results on the only page',
  },
  {
    section: 'List All Integrations Webhooks',
    language: 'json',
    text: '"https://api.gigapay.se/v2/integrations/?page=2"',
    mended: 'null',
    why: 'page 2 as the previous page of the first and last page',
  },
  {
    section: 'List All Integrations Webhooks',
    language: 'json',
    text: '"id": "1",\n            "name": "Zerebra AB Gig"',
    mended: '"id": "2",\n            "name": "Zerebra AB Gig"',
    why: 'the id of the first object, printed a second time',
  },
  {
    section: 'List All Integrations Webhooks',
    language: 'json',
    text: '},\n    ]',
    mended: '}\n    ]',
    why: 'a comma after the last result is no JSON',
  },
  {
    section: 'Create an Integration',
    language: 'python',
    text: '        "logo": "iVBORw0KGgoAAA...",\n',
    mended: '',
    why: 'cut-off logo: three dots instead of the rest of the picture',
  },
  {
    section: 'Create an Integration',
    language: 'shell',
    text: '/v2/integrations/```',
    mended: '/v2/integrations/',
    why: 'a closing fence glued to the command',
  },
  {
    section: 'Create an Integration',
    language: 'javascript',
    text: '/v2/webhooks/',
    mended: '/v2/integrations/',
    why: 'the path of another resource',
  },
  {
    section: 'Create an Integration',
    language: 'javascript',
    text: 'Authorization: "Token asasdadjanfkanfda",',
    mended: 'Authorization: "Token asasdadjanfkanfda", "Content-Type": "application/json",',
    why: 'JSON sent without its Content-Type, which fetch then calls text/plain',
  },
  {
    section: 'Retrieve an Integration',
    language: 'python',
    text: '/v2/webhooks/',
    mended: '/v2/integrations/',
    why: 'the path of another resource',
  },
  {
    section: 'Update an Integration',
    language: 'shell',
    text: '"invoice@pinestreet.tech"} https',
    mended: '"invoice@pinestreet.tech"}\' https',
    why: 'the quote around the body is never closed',
  },
  {
    section: 'Update an Integration',
    language: 'json',
    text: '"email": "albin@pinestreet.tech"',
    mended: '"email": "invoice@pinestreet.tech"',
    why: 'the e-mail address as it was before the update',
  },
  {
    section: 'Replace an Integration',
    language: 'python',
    text: '        "logo": "iVBORw0KGgoAAA...",\n',
    mended: '',
    why: 'cut-off logo: three dots instead of the rest of the picture',
  },
  {
    section: 'Replace an Integration',
    language: 'shell',
    text: '/v2/integrations/846291712/```',
    mended: '/v2/integrations/846291712/',
    why: 'a closing fence glued to the command',
  },
  {
    section: 'Replace an Integration',
    language: 'javascript',
    text: '/v2/webhooks/',
    mended: '/v2/integrations/',
    why: 'the path of another resource',
  },
  {
    section: 'Replace an Integration',
    language: 'javascript',
    text: 'Authorization: "Token asasdadjanfkanfda",',
    mended: 'Authorization: "Token asasdadjanfkanfda", "Content-Type": "application/json",',
    why: 'JSON sent without its Content-Type, which fetch then calls text/plain',
  },
]

const blocks = [...seedBlocks('v1'), ...seedBlocks('v2')]

describe('the vendor documents', () => {
  for (const document of ['v1', 'v2'] as const) {
    test(`${document} holds exactly the samples that are run here, none of them outside a code block`, () => {
      const found = { shell: 0, javascript: 0, python: 0, json: 0 }
      for (const { language } of blocks.filter((block) => block.document === document)) {
        assert.ok(Object.hasOwn(found, language), `a code block in "${language}"`)
        found[language as keyof typeof found] += 1
      }
      assert.deepEqual(found, counts[document])
      const callsIn = (pattern: RegExp) => seedText(document).match(pattern)?.length ?? 0
      const calls = {
        shell: callsIn(/\bcurl\b/g),
        javascript: callsIn(/\bfetch\(/g),
        python: callsIn(/\brequests\.\w+\(/g),
        json: found.json,
      }
      assert.deepEqual(calls, found)
    })
  }

  test('hold every slip of the table, each in exactly one place of the block it names', () => {
    for (const slip of slips) {
      const named = blocks.filter((block) => isIn(slip, block))
      assert.equal(named.length, 1, `${slip.section}, ${slip.language}: ${slip.why}`)
      assert.equal(
        named[0]?.text.split(slip.text).length,
        2,
        `${slip.section}, ${slip.language}: ${slip.why}`,
      )
    }
  })
})

for (const language of sampleLanguages) {
  describe(`the ${language} samples, one after the other on a fresh demo`, async () => {
    const lack = await whatLacks(language)
    const folders = newFolders()
    let demo: Served | undefined

    before(async () => {
      if (!lack) demo = await start('demo', [], { ...folders.env, TMPDIR: folders.root })
    })
    after(async () => {
      await demo?.stop()
      folders.remove()
    })

    const runOnDemo = (sample: Block): Promise<SampleAnswer> => {
      assert.ok(demo)
      const parts = mended(sample).split(addresses[sample.document])
      assert.equal(parts.length, 2, 'a sample names the address once')
      return runSample(language, parts.join(demo.address))
    }

    for (const sample of blocks.filter((block) => block.language === language)) {
      test(`${sample.document} "${sample.section}" answers what the document prints`, async (t) => {
        if (lack) return t.skip(lack)
        const { status, text } = await runOnDemo(sample)
        assert.equal(status, statuses.get(sample.section), text)
        const printed = printedAfter(sample)
        if (printed === undefined) assert.equal(text, '')
        else if (sample.document === 'v1') assert.equal(text, JSON.stringify(printed))
        else assertShows(JSON.parse(text), printed)
      })
    }

    if (counts.v2[language] > 0) {
      test('v2 "Retrieve an Integration" answers 404 after "Delete an Integration"', async (t) => {
        if (lack) return t.skip(lack)
        const retrieve = blocks.find((block) => isIn({ section: 'Retrieve an Integration', language }, block))
        assert.ok(retrieve)
        assert.deepEqual(await runOnDemo(retrieve), { status: 404, text: '{"detail":"Not found."}' })
      })
    }
  })
}

function isIn(place: { section: string; language: string }, block: Block): boolean {
  return block.document === 'v2' && block.section === place.section && block.language === place.language
}

function mended(block: Block): string {
  return slips
    .filter((slip) => isIn(slip, block))
    .reduce((text, slip) => text.split(slip.text).join(slip.mended), block.text)
}

/** The mended JSON of the sample's section; undefined where the document says that the answer is empty. */
function printedAfter(sample: Block): unknown {
  const { document, section } = sample
  const printed = blocks.slice(blocks.indexOf(sample)).find((block) => block.language === 'json')
  if (printed?.document === document && printed.section === section) return JSON.parse(mended(printed))
  const text = seedText(document).split(`## ${section}\n`)[1]
  assert.match(text ?? '', /^> The above command returns an empty response\.$/m)
  return undefined
}

/** An object of v2, or a list of them, shows what is printed, member for member. */
function assertShows(shown: unknown, printed: unknown): void {
  const [answer, expected] = [asObject(shown), asObject(printed)]
  if (!Array.isArray(expected.results)) {
    assertShowsIntegration(answer, expected)
    return
  }
  const { results, ...envelope } = answer
  const { results: printedResults, ...printedEnvelope } = expected
  assert.deepEqual(envelope, printedEnvelope)
  assert.ok(Array.isArray(results) && results.length === expected.results.length)
  for (const [at, result] of results.entries()) {
    assertShowsIntegration(asObject(result), asObject(expected.results[at]))
  }
}

/** The logo is not compared: the printed ones are pictures at the vendor's. */
function assertShowsIntegration(shown: Record<string, unknown>, printed: Record<string, unknown>): void {
  assert.deepEqual(Object.keys(shown), members)
  const compared = Object.keys(printed).filter((name) => name !== 'logo')
  const only = (object: Record<string, unknown>) => compared.map((name) => [name, object[name]])
  assert.deepEqual(only(shown), only(printed))
}

function asObject(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value))
  return value as Record<string, unknown>
}
