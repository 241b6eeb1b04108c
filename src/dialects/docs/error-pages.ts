// A page for each error code, from the list of codes and from how the dialects answer them.
import { type ErrorCode, errorCodes, HubError } from '../../hub/errors.ts'
import { showError as showInV1 } from '../v1/errors.ts'
import { showError as showInV2 } from '../v2/errors.ts'
import { type Html, html, proseOf } from './pages.ts'

/** Those that pass: the same request may be sent again, with its Idempotency-Key where it has one. */
const passing: ReadonlySet<number> = new Set([429, 503])

export function errorPage(base: string, code: ErrorCode): Html {
  const { v1, v2 } = answersTo(code, base)
  const [meaning, advice] = partsOf(code)
  return html`<main class="page">
<h1><code>${code}</code></h1>
<h2>What it means</h2>
<p>${proseOf(meaning)}</p>
${
  advice === ''
    ? html``
    : html`<h2>What to do</h2>
<p>${proseOf(advice)}</p>
`
}<p>${repetition(code, v2.status)}</p>
<h2>How it is answered</h2>
<table>
<thead><tr><th>where</th><th>status</th><th>body</th></tr></thead>
<tbody>
<tr><td>our own resources, <code>/v2/</code></td><td>${v2.status}</td><td><code>${JSON.stringify(v2.body)}</code></td></tr>
<tr><td><code>/v2/integrations/</code>, as documented</td><td>${v2.status}</td><td><code>${JSON.stringify({ detail: '…' })}</code></td></tr>
<tr><td><code>/api/v1/</code>, as documented</td><td>${v1.status}</td><td><code>${JSON.stringify(v1.body)}</code></td></tr>
</tbody>
</table>
<p>The answer’s <code>X-Request-Id</code> finds the request in the log of the hub. <a href="${base}/docs/errors/">All errors</a></p>
</main>`
}

function answersTo(code: ErrorCode, base: string) {
  const error = new HubError(code, '…')
  const v2 = showInV2(error, { coded: true, docs: `${base}/docs/errors/` })
  return { v1: showInV1(error), v2 }
}

/** The first sentence says what it means, those behind it what to do. */
function partsOf(code: ErrorCode): [meaning: string, advice: string] {
  const text: string = errorCodes[code]
  const [, meaning = text, advice = ''] = /^(.+?\.)\s+(?=[A-Z])(.+)$/s.exec(text) ?? []
  return [meaning, advice]
}

function repetition(code: ErrorCode, status: number): Html {
  if (passing.has(status) || code === 'idempotency_in_progress')
    return html`It passes: send the same request again, after as long as <code>Retry-After</code> says where there is one, and with the same <code>Idempotency-Key</code>.`
  if (status >= 500)
    return html`Sending the same request again may help, with the same <code>Idempotency-Key</code>; if it does not, tell who runs the hub.`
  return html`Sending the same request again changes nothing.`
}
