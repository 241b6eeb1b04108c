// The stand-ins, one for each provider that can be called, and the credentials that show what each of them does.
import { providers } from '../catalogue/index.ts'
import { activeCampaign } from './providers/active-campaign.ts'
import { amazon } from './providers/amazon.ts'
import { aweber } from './providers/aweber.ts'
import { convertkit } from './providers/convertkit.ts'
import { disqus } from './providers/disqus.ts'
import { drip } from './providers/drip.ts'
import { getresponse } from './providers/getresponse.ts'
import { googleAnalytics } from './providers/google-analytics.ts'
import { infusionsoft } from './providers/infusionsoft.ts'
import { intercom } from './providers/intercom.ts'
import { mailchimp } from './providers/mailchimp.ts'
import { ontraport } from './providers/ontraport.ts'
import { paypal } from './providers/paypal.ts'
import { sendreach } from './providers/sendreach.ts'
import { stripe } from './providers/stripe.ts'
import { wishlist } from './providers/wishlist.ts'
import { type Mode, modes, type StandIn, type Tools } from './stand-in.ts'

/** Those that go by the host first: the others go by paths and headers, which any host may have. */
export function createStandIns(tools: Tools): StandIn[] {
  return [
    amazon(tools),
    aweber(tools),
    convertkit(),
    disqus(),
    drip(),
    getresponse(tools),
    googleAnalytics(tools),
    infusionsoft(),
    intercom(tools),
    mailchimp(),
    ontraport(),
    paypal(tools),
    stripe(tools),
    activeCampaign(),
    sendreach(tools),
    wishlist(tools),
  ]
}

/** Providers without a stand-in, and why. */
export const withoutStandIn: Readonly<Record<string, string>> = {
  html: 'There is nobody to stand in for: it is markup of your own.',
}

export type SampleRow = {
  readonly provider: string
  /** Which kind of credentials, where the provider takes several; null for that of v1's fields. */
  readonly variant: string | null
  readonly mode: Mode
  /** Null where there is no such case. */
  readonly fields: Readonly<Record<string, string>> | null
  readonly note: string | null
}

/** In the catalogue's order, one row for each mode. */
export function sampleRows(): SampleRow[] {
  const standIns = createStandIns({ nowMs: () => 0, newId: () => '', accessTokenS: 0 })
  return providers.flatMap(({ name }) => {
    const standIn = standIns.find(({ provider }) => provider === name)
    if (!standIn) return []
    const kinds = [[null, standIn.samples] as const, ...Object.entries(standIn.variants ?? {})]
    return kinds.flatMap(([variant, samples]) =>
      modes.map((mode): SampleRow => {
        const sample = samples[mode]
        const row = { provider: name, variant, mode }
        if ('none' in sample) return { ...row, fields: null, note: sample.none }
        return { ...row, fields: sample.fields, note: sample.note ?? null }
      }),
    )
  })
}
