// MailWizz, as the second generation of SendReach runs it: a keyed hash of method, address, parameters and time.
import { createHmac } from 'node:crypto'
import { isForm } from '../form.ts'
import { withHeaders } from './plain.ts'
import type { Scheme } from './scheme.ts'

/** The other side only wants it to be in the signature. */
const remoteAddress = '127.0.0.1'

export function mailwizz({ nowMs }: { nowMs(): number }): Scheme<'mailwizz'> {
  return (request, { publicKey, privateKey }) => {
    const special = {
      'X-MW-PUBLIC-KEY': publicKey,
      'X-MW-TIMESTAMP': String(Math.floor(nowMs() / 1_000)),
      'X-MW-REMOTE-ADDR': remoteAddress,
    }
    const { method, origin, headers, body } = request
    const [plain = '', search = ''] = request.path.split('?', 2)
    const queryText = sorted([...new URLSearchParams(search)])
    const path = queryText === '' ? plain : `${plain}?${queryText}`
    const fields = Buffer.isBuffer(body) && isForm(headers) ? [...new URLSearchParams(body.toString())] : []
    const parameters = sorted([...Object.entries(special), ...fields])
    const address = `${origin}${path.replace(/\/(?=$|\?)/, '')}`
    const text = `${method} ${address}${queryText === '' ? '?' : '&'}${parameters}`
    const signature = createHmac('sha1', privateKey).update(text).digest('hex')
    // What is signed is sorted, so what is sent is too.
    return withHeaders({ ...request, path }, { ...special, 'X-MW-SIGNATURE': signature })
  }
}

/** By name, byte for byte, and encoded as PHP encodes forms. */
function sorted(pairs: ReadonlyArray<readonly [string, string]>): string {
  const inOrder = pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return new URLSearchParams(inOrder.map(([name, value]): [string, string] => [name, value]))
    .toString()
    .replaceAll('*', '%2A')
}
