// The catalogue: every provider with its mark, found by name or by what it gave.
import { Button, Group, Paper, SimpleGrid, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { Provider } from '../hub.ts'
import { Empty, Waiting } from '../parts/page.tsx'
import { PasteBox } from '../parts/paste-box.tsx'
import { ProviderMark } from '../parts/provider-mark.tsx'
import { texts } from '../texts.ts'
import { type Detected, detectProviders } from './detect.ts'
import { useProviders } from './providers.ts'

export function Catalogue({ onChoose }: { onChoose: (name: string, detected?: Detected) => void }) {
  const providers = useProviders()
  const [looked, setLooked] = useState('')
  const [detected, setDetected] = useState<readonly Detected[]>([])

  function detect(text: string): string {
    const found = detectProviders(providers, text)
    const [first] = found
    if (!first) return texts.paste.nothingAny
    if (found.length === 1) onChoose(first.provider, first)
    else setDetected(found)
    return texts.paste.several
  }

  const wanted = looked.trim().toLowerCase()
  const shown = providers.filter(
    ({ name, title }) =>
      (detected.length === 0 || detected.some(({ provider }) => provider === name)) &&
      (name.includes(wanted) || title.toLowerCase().includes(wanted)),
  )
  return (
    <Stack>
      <Paper withBorder p="md">
        <PasteBox help={texts.paste.helpAny} onPaste={detect} />
      </Paper>
      <Group align="end">
        <TextInput
          label={texts.catalogue.search}
          value={looked}
          onChange={(event) => setLooked(event.currentTarget.value)}
          style={{ flex: '1 1 12rem' }}
        />
        {detected.length > 0 && (
          <Button variant="default" onClick={() => setDetected([])}>
            {texts.paste.all}
          </Button>
        )}
      </Group>
      {providers.length === 0 && <Waiting />}
      {providers.length > 0 && shown.length === 0 && (
        <Empty title={texts.catalogue.none} help={texts.catalogue.noneHelp} />
      )}
      <SimpleGrid
        component="ul"
        className="catalogue"
        cols={{ base: 1, xs: 2, md: 3 }}
        spacing="sm"
        aria-label={texts.catalogue.title}
      >
        {shown.map((provider) => (
          <li key={provider.name}>
            <Card
              provider={provider}
              onChoose={() =>
                onChoose(
                  provider.name,
                  detected.find(({ provider: name }) => name === provider.name),
                )
              }
            />
          </li>
        ))}
      </SimpleGrid>
    </Stack>
  )
}

function Card({ provider, onChoose }: { provider: Provider; onChoose: () => void }) {
  const { name, title, integration_type, lifecycle, capabilities } = provider
  const { abilities, kinds } = texts.catalogue
  const can = Object.entries(abilities).filter(
    ([ability]) => capabilities[ability as keyof typeof abilities].available,
  )
  return (
    <UnstyledButton className="card" onClick={onChoose}>
      <ProviderMark name={name} />
      <Stack gap={0}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed">
          {[
            kinds[integration_type] ?? integration_type,
            ...(lifecycle.state === 'current' ? [] : [lifecycle.state]),
            ...can.map(([, label]) => label),
          ].join(' · ')}
        </Text>
      </Stack>
    </UnstyledButton>
  )
}
