// Deletes a connection; one that is in use is deleted only when that is meant.

import { Button } from '@mantine/core'
import { MortiseError } from '@mortise/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { AsCode } from '../code/as-code.tsx'
import { type Connection, type Mortise, mortise } from '../hub.ts'
import { Confirm } from '../parts/confirm.tsx'
import { texts } from '../texts.ts'

export function DeleteConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { id, integration, title } = connection
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const actOf =
    ({ force }: { force: boolean }) =>
    (hub: Mortise) =>
      hub.as(integration).connections.remove(id, { query: force ? { force: 'true' } : {} })
  const { mutate, isPending, error } = useMutation({
    mutationFn: (given: { force: boolean }) => actOf(given)(mortise),
    async onSuccess() {
      await navigate({ to: '/console/as/$integration/connections', params: { integration } })
      await queryClient.invalidateQueries()
    },
  })
  const isUsed = error instanceof MortiseError && error.code === 'recently_used'
  return (
    <Confirm
      title={texts.connections.deleteTitle(title)}
      action={texts.delete}
      onConfirm={() => mutate({ force: false })}
      onClose={onClose}
      isPending={isPending}
      error={error}
      more={
        <>
          <AsCode act={actOf({ force: isUsed })} />
          {isUsed && (
            <Button variant="default" onClick={() => mutate({ force: true })}>
              {texts.connections.deleteAnyway}
            </Button>
          )}
        </>
      }
    >
      {texts.connections.deleteHelp}
    </Confirm>
  )
}
