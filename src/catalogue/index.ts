// The list of providers, by hand, in the order of v1's document.
import type { Provider } from './define.ts'
import { activeCampaign } from './providers/active-campaign.ts'
import { amazon } from './providers/amazon.ts'
import { aweber } from './providers/aweber.ts'
import { convertkit } from './providers/convertkit.ts'
import { disqus } from './providers/disqus.ts'
import { drip } from './providers/drip.ts'
import { getresponse } from './providers/getresponse.ts'
import { googleAnalytics } from './providers/google-analytics.ts'
import { html } from './providers/html.ts'
import { infusionsoft } from './providers/infusionsoft.ts'
import { intercom } from './providers/intercom.ts'
import { mailchimp } from './providers/mailchimp.ts'
import { ontraport } from './providers/ontraport.ts'
import { paypal } from './providers/paypal.ts'
import { sendreach } from './providers/sendreach.ts'
import { stripe } from './providers/stripe.ts'
import { wishlist } from './providers/wishlist.ts'

export const providers = [
  activeCampaign,
  amazon,
  aweber,
  convertkit,
  disqus,
  drip,
  getresponse,
  googleAnalytics,
  html,
  infusionsoft,
  intercom,
  mailchimp,
  ontraport,
  paypal,
  sendreach,
  stripe,
  wishlist,
] as const satisfies readonly Provider[]

/** All providers that connections can be made of. */
export type Catalogue = {
  readonly providers: readonly Provider[]
  find(name: string): Provider | undefined
}

/** @param added what an operator declares beside the built-in providers */
export function createCatalogue(added: readonly Provider[] = []): Catalogue {
  const all: readonly Provider[] = [...providers, ...added]
  const byName = new Map(all.map((provider) => [provider.name, provider]))
  return { providers: all, find: (name) => byName.get(name) }
}
