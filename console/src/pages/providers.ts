// What connections can be made of: read once, since it changes with the server alone.
import { useQuery } from '@tanstack/react-query'
import { mortise, type Provider } from '../hub.ts'

const none: readonly Provider[] = []

export function useProviders(): readonly Provider[] {
  const { data } = useQuery({
    queryKey: ['providers'],
    async queryFn({ signal }) {
      const all: Provider[] = []
      for await (const provider of mortise.providers.all({ signal, query: { page_size: '100' } })) {
        all.push(provider)
      }
      return all
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? none
}

export function useProvider(name: string | undefined): Provider | undefined {
  return useProviders().find((provider) => provider.name === name)
}
