// How v2 shows connections.
import type { Static } from 'typebox'
import { secretNames } from '../../catalogue/define.ts'
import type { Connection as ConnectionSchema, health as healthSchema } from '../../contract/v2/connections.ts'
import type { Health } from '../../hub/connection.ts'
import { JsonText } from '../../hub/json-text.ts'
import type { MaskedConnection } from '../../hub/masked-connections.ts'

export function connectionView({
  connection,
  provider,
  integrationId,
  masks,
}: MaskedConnection): Static<typeof ConnectionSchema> {
  const { health } = connection
  return {
    id: connection.id,
    integration: integrationId,
    provider: provider.name,
    type: provider.type,
    integration_type: provider.integrationType,
    title: connection.title,
    use_cloudfront: connection.useCloudfront,
    fields: fieldsView(connection, provider),
    secrets: Object.fromEntries(
      secretNames(provider).map((name) => {
        const mask = masks.get(name)
        return [
          name,
          { set: mask !== undefined, hint: mask?.hint ?? null, updated_at: mask?.updatedAt ?? null },
        ]
      }),
    ),
    health: healthView(health),
    metadata: connection.metadata,
    created_at: connection.createdAt,
    updated_at: connection.updatedAt,
  }
}

export function healthView({
  status,
  reason,
  checkedAt,
  account,
  mode,
  scopes,
}: Health): Static<typeof healthSchema> {
  return { status, reason, checked_at: checkedAt, account, mode, scopes }
}

function fieldsView(
  { fields }: MaskedConnection['connection'],
  provider: MaskedConnection['provider'],
): JsonText {
  const plain = Object.entries(provider.fields).filter(([, field]) => !field.isSecret)
  const members = plain.map(([name]) => `${JSON.stringify(name)}:${fields.get(name)?.text ?? 'null'}`)
  return new JsonText(`{${members.join(',')}}`)
}
