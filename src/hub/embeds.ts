// What a page needs of a connection: its provider's snippet, made of the fields that a page may see.
import { capabilitiesOf } from '../catalogue/capabilities.ts'
import type { Provider } from '../catalogue/define.ts'
import type { EmbeddingPage, Snippet } from '../catalogue/snippet.ts'
import type { Connection } from './connection.ts'
import { oddShapes } from './connection-fields.ts'
import { type FieldErrors, HubError, invalidField } from './errors.ts'
import type { MaskedConnection } from './masked-connections.ts'

/** @throws HubError not_embeddable, naming the fields to change; invalid, where the page is no page */
export async function embedOf(
  { connection, provider }: Pick<MaskedConnection, 'connection' | 'provider'>,
  page: EmbeddingPage,
): Promise<Snippet> {
  const { snippet } = provider
  if (!snippet) {
    throw new HubError(
      'not_embeddable',
      capabilitiesOf(provider).embed.reason ?? 'There is no snippet of it.',
    )
  }
  const { fields } = connection
  const unset = snippet.needs.filter((name) => !fields.has(name))
  if (unset.length > 0) {
    const told = unset.map(
      (name) => [name, [`Set this field first. ${provider.fields[name]?.help}`]] as const,
    )
    throw notEmbeddable(new Map(told))
  }
  if (page.url !== undefined && !isWebAddress(page.url)) {
    throw invalidField('url', 'Give the whole address of the page, with http:// or https://.')
  }
  const made = await snippet.make(plainValues(connection, provider), page)
  if ('refused' in made) throw notEmbeddable(made.refused)
  const needed = snippet.needs.flatMap((name) => {
    const value = fields.get(name)
    return value ? [[name, value] as const] : []
  })
  return { ...made, warnings: [...oddShapes(provider, new Map(needed)), ...made.warnings] }
}

function notEmbeddable(fields: FieldErrors): HubError {
  return new HubError('not_embeddable', 'Some fields are not fit for a page.', { fields, within: 'fields' })
}

/** What may be seen by everybody who opens a page; secrets are not among a connection's fields at all. */
function plainValues({ fields }: Connection, provider: Provider): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(provider.fields).flatMap(([name, { kind, isSecret }]) => {
      const value = fields.get(name)
      if (isSecret || value === undefined) return []
      return [[name, kind === 'object' ? value : String(value.parse())]]
    }),
  )
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text)
}
