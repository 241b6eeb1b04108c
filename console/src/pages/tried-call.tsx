// What a call would send, and what was answered: told apart by who answered, in what time, and with what.
import { Group, Stack, Text, Title } from '@mantine/core'
import type { Explained as ExplainedCall, Tried } from '../hub.ts'
import { Body } from '../parts/body.tsx'
import { CopyBlock } from '../parts/copy.tsx'
import { texts } from '../texts.ts'

export function Explained({ explained }: { explained: ExplainedCall }) {
  const { method, url, headers, token_renewed, body_signed } = explained
  return (
    <Stack gap="xs" role="status">
      <Title order={3} size="h5">
        {texts.calls.wouldSend}
      </Title>
      <Text size="sm" c="dimmed">
        {texts.calls.wouldSendHelp} {token_renewed && texts.calls.tokenRenewed}{' '}
        {body_signed && texts.calls.bodySigned}
      </Text>
      <CopyBlock text={`${method} ${url}\n${linesOf(headers)}`} label={texts.calls.wouldSend} />
    </Stack>
  )
}

export function Answer({ tried }: { tried: Tried }) {
  const { status, headers, duration_ms, body, body_bytes, is_cut } = tried
  return (
    <Stack gap="xs" role="status">
      <Title order={3} size="h5">
        {texts.calls.answer}
      </Title>
      <Group gap="md">
        <Text fw={650}>{texts.calls.status(status)}</Text>
        <Text size="sm">{texts.calls.fromProvider}</Text>
        <Text size="sm" c="dimmed">
          {texts.calls.origin('upstream')} · {texts.milliseconds(duration_ms)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {texts.calls.answerHeaders(headers.length)}
      </Text>
      <CopyBlock text={linesOf(headers)} label={texts.calls.answerHeaders(headers.length)} />
      {body === null && <Text>{texts.calls.binary(body_bytes)}</Text>}
      {body === '' && <Text c="dimmed">{texts.calls.noBody}</Text>}
      {body !== null && body !== '' && <Body text={body} label={texts.calls.answerBody} />}
      {is_cut && <Text size="sm">{texts.calls.cut(body_bytes)}</Text>}
    </Stack>
  )
}

function linesOf(headers: ReadonlyArray<{ name: string; value: string }>): string {
  return headers.map(({ name, value }) => `${name}: ${value}`).join('\n')
}
