// The patterns of declarations: which an operator may give, and how a value is held against one.

/** Longer values match no pattern: however a pattern is written, looking at them is soon over. */
const valueCharactersMax = 1_024
const patternCharactersMax = 200

export function matches(pattern: string, value: string): boolean {
  return value.length <= valueCharactersMax && new RegExp(pattern, 'u').test(value)
}

/** @returns what is wrong with a pattern that comes from outside, and how to mend it */
export function patternMistake(pattern: string): string | undefined {
  if (pattern.length > patternCharactersMax) {
    return `Give a pattern of at most ${patternCharactersMax} characters; this one has ${pattern.length}.`
  }
  try {
    new RegExp(pattern, 'u')
  } catch (error) {
    return `Give a regular expression as JavaScript has it with the flag u (${reasonOf(error)}). In JSON a backslash is written twice.`
  }
  if (repeatsWhatVaries(pattern)) {
    return 'Write it without a repeated group that has *, +, ?, {…,…} or | in it, such as (a+)+: matching one can take for ever. Often a class does: [a-z0-9.-]+'
  }
  return undefined
}

function reasonOf(error: unknown): string {
  const { message } = error instanceof Error ? error : { message: String(error) }
  return message.slice(message.lastIndexOf(': ') + 2).toLowerCase()
}

/** What counts: an escape, a class, what opens a group, what repeats, and an either-or. */
const parts = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\)|[*+?]|\{\d+(?:,\d*)?\}|\|/gsu

/** Such a pattern can take longer than anybody waits, even for a short value. */
function repeatsWhatVaries(pattern: string): boolean {
  const groups: { varies: boolean }[] = [{ varies: false }]
  let closed: { varies: boolean } | undefined
  let end = -1
  for (const { 0: part, index } of pattern.matchAll(parts)) {
    const isAfterGroup = index === end
    end = -1
    const varies = /^(?:[*+?|]|\{\d+,\d*\})$/.test(part)
    if (isAfterGroup && closed?.varies && /^[*+{]/.test(part)) return true
    if (part.startsWith('(')) groups.push({ varies: false })
    else if (part === ')') {
      closed = groups.pop()
      end = index + 1
      const outer = groups.at(-1)
      if (outer && closed?.varies) outer.varies = true
    } else if (varies) {
      const group = groups.at(-1)
      if (group) group.varies = true
    }
  }
  return false
}
