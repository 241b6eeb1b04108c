// Which events a webhook is told of: everything, all of a noun, or single types.
import { Checkbox, Fieldset, Stack, Text } from '@mantine/core'
import { texts } from '../texts.ts'

const everything = '*'
const nouns = Map.groupBy(Object.keys(texts.events.types), (type) => type.slice(0, type.indexOf('.')))

export function EventChoice(props: {
  value: readonly string[]
  onChange: (value: string[]) => void
  error: string | undefined
}) {
  const { value, onChange, error } = props
  const has = (pattern: string) => value.includes(pattern)
  /** What is chosen as a part goes where the whole is chosen, so that the list says what is meant. */
  function choose(pattern: string, parts: readonly string[], isChosen: boolean): void {
    const rest = value.filter((one) => one !== pattern && !parts.includes(one))
    onChange(isChosen ? [...rest, pattern] : rest)
  }
  const all = [...nouns].flatMap(([noun, types]) => [`${noun}.*`, ...types])
  return (
    <Fieldset legend={texts.webhooks.events}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {texts.webhooks.eventsHelp}
        </Text>
        {error !== undefined && (
          <Text size="sm" c="red" role="alert">
            {error}
          </Text>
        )}
        <Checkbox
          label={`${texts.webhooks.everything} (*)`}
          checked={has(everything)}
          onChange={(event) => choose(everything, all, event.currentTarget.checked)}
        />
        {!has(everything) &&
          [...nouns].map(([noun, types]) => {
            const whole = `${noun}.*`
            return (
              <Stack key={noun} gap={6}>
                <Checkbox
                  label={`${texts.webhooks.everyOf(texts.events.nouns[noun] ?? noun)} (${whole})`}
                  checked={has(whole)}
                  indeterminate={!has(whole) && types.some(has)}
                  onChange={(event) => choose(whole, types, event.currentTarget.checked)}
                />
                {!has(whole) && (
                  <Stack gap={6} ml="xl">
                    {types.map((type) => (
                      <Checkbox
                        key={type}
                        label={type}
                        description={texts.events.types[type]}
                        checked={has(type)}
                        onChange={(event) => choose(type, [], event.currentTarget.checked)}
                      />
                    ))}
                  </Stack>
                )}
              </Stack>
            )
          })}
      </Stack>
    </Fieldset>
  )
}
