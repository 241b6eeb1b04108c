// Deletes a connection; one that is in use is deleted only when that is meant.

import { Button } from '@mantine/core'
import { MortiseError } from '@mortise/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type Connection, mortise } from '../hub.ts'
import { Confirm } from '../parts/confirm.tsx'
import { texts } from '../texts.ts'

export function DeleteConnection({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { id, integration, title } = connection
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: ({ force }: { force: boolean }) =>
      mortise.as(integration).connections.remove(id, { query: force ? { force: 'true' } : {} }),
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
        isUsed && (
          <Button variant="default" onClick={() => mutate({ force: true })}>
            {texts.connections.deleteAnyway}
          </Button>
        )
      }
    >
      {texts.connections.deleteHelp}
    </Confirm>
  )
}
