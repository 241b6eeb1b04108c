// What Mortise can do with a provider's connections, and where it cannot, why.
import type { Capability, Provider } from './define.ts'

export type Ability = { readonly available: boolean; readonly reason: string | null }

export function capabilitiesOf(provider: Provider): Readonly<Record<Capability, Ability>> {
  return {
    verify: abilityOf(
      provider.never?.verify ??
        (provider.api?.verify ? undefined : `Mortise does not know whom to ask at ${provider.title}.`),
    ),
    proxy: abilityOf(
      provider.never?.proxy ?? (provider.api ? undefined : `Mortise knows no API of ${provider.title}.`),
    ),
    embed: abilityOf(provider.snippet ? undefined : `Mortise has no snippet of ${provider.title} for pages.`),
  }
}

function abilityOf(reason: string | undefined): Ability {
  return { available: reason === undefined, reason: reason ?? null }
}
