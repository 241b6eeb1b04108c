// What tests of the command line give: an integration as options, and a credential that the sandbox accepts.
import { sampleRows } from '../../src/sandbox/index.ts'

/** That the stand-in of Stripe knows, and accepts. */
export const healthy = sampleRows().find(({ provider, mode }) => provider === 'stripe' && mode === 'valid')
  ?.fields?.secret_key

export const pinestreet = [
  ['--name', 'Pinestreet Tech'],
  ['--email', 'albin@pinestreet.tech'],
  ['--recipient', 'Pinestreet Technology AB'],
  ['--address-line-1', 'Malmvägen 8'],
  ['--zip-code', '14171'],
  ['--city', 'Segeltorp'],
].flat()
