// What Mortise can do with a provider's connections, and where it cannot, why.
import type { Capability, Provider } from './define.ts'

export type Ability = { readonly available: boolean; readonly reason: string | null }

export function capabilitiesOf(provider: Provider): Readonly<Record<Capability, Ability>> {
  return {
    verify: abilityOf(provider.never?.verify),
    proxy: abilityOf(provider.never?.proxy),
    embed: provider.snippet
      ? { available: true, reason: null }
      : { available: false, reason: `Mortise has no snippet of ${provider.title} for pages.` },
  }
}

/** Neither of these is built yet. */
function abilityOf(never: string | undefined): Ability {
  return { available: false, reason: never ?? 'Not in this version.' }
}
