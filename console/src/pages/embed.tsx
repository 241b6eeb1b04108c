// The snippet of a connection, for pages: as text, and in a frame of its own where somebody asks to see it.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { AsCode } from '../code/as-code.tsx'
import { type Connection, mortise, previewUrl } from '../hub.ts'
import { CopyBlock } from '../parts/copy.tsx'
import { Section } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { texts } from '../texts.ts'

export function Embed({ connection: { id, integration, updated_at } }: { connection: Connection }) {
  const [isShown, setShown] = useState(false)
  const { data, error } = useQuery({
    queryKey: ['embed', integration, id, updated_at],
    queryFn: ({ signal }) => mortise.as(integration).connections.embed(id, { signal }),
  })
  return (
    <Section
      title={texts.connections.embed}
      actions={<AsCode act={(hub) => hub.as(integration).connections.embed(id)} />}
    >
      <Stack gap="sm">
        {error && <Problem error={error} title={texts.connections.noEmbed} />}
        {data?.warnings.map((warning) => (
          <Text size="sm" key={warning}>
            {warning}
          </Text>
        ))}
        {data && <CopyBlock text={data.html} label={texts.connections.embed} />}
        {data && data.hosts.length > 0 && (
          <Text size="sm" c="dimmed">
            {texts.calls.loadsFrom} {data.hosts.join(', ')}
          </Text>
        )}
        {data && (
          <>
            <Text size="sm" c="dimmed">
              {texts.calls.previewHelp}
            </Text>
            <Group>
              <Button size="xs" variant="default" onClick={() => setShown(!isShown)}>
                {isShown ? texts.calls.closePreview : texts.calls.preview}
              </Button>
            </Group>
          </>
        )}
        {data && isShown && (
          <iframe
            key={updated_at}
            className="preview"
            src={previewUrl(id)}
            title={texts.calls.previewTitle}
            sandbox="allow-scripts"
            referrerPolicy="no-referrer"
          />
        )}
      </Stack>
    </Section>
  )
}
