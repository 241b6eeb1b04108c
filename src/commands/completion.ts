// `mortise completion bash|zsh`: what a shell needs to complete commands and options.
import { Argument, type Command } from 'commander'
import { providers } from '../catalogue/index.ts'
import { scopes } from '../hub/caller.ts'
import { print } from './report.ts'

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print what a shell needs to complete commands and options')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      `
Examples:
  $ eval "$(mortise completion bash)"      for this shell; in ~/.bashrc for all
  $ eval "$(mortise completion zsh)"       likewise, in ~/.zshrc, after compinit`,
    )
    .action((shell: string) => print(shell === 'bash' ? bash(program) : zsh(program)))
}

type Place = { readonly path: string; readonly words: readonly string[] }

/** Where a person may be, and what may come next there. */
function placesOf(command: Command, path = 'mortise'): Place[] {
  const names = command.commands.map((sub) => sub.name())
  const flags = command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? [])
  const own = { path, words: [...names, ...valuesOf(path), ...flags, '--help'] }
  return [own, ...command.commands.flatMap((sub) => placesOf(sub, `${path} ${sub.name()}`))]
}

/** Arguments that are one of a list. */
function valuesOf(path: string): readonly string[] {
  if (path === 'mortise providers' || path === 'mortise connections create')
    return providers.map(({ name }) => name)
  return path === 'mortise completion' ? ['bash', 'zsh'] : []
}

/** Options whose values are one of a list. */
const valuesAfter: Readonly<Record<string, readonly string[]>> = {
  '--provider': providers.map(({ name }) => name),
  '--scopes': scopes,
}

function bash(program: Command): string {
  return `_mortise() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} at=mortise word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
${descend(program)}
  done
  case "$before" in
${cases(Object.entries(valuesAfter), (words) => `words="${words.join(' ')}"`)}
  esac
  if [ -z "$words" ]; then
    case "$at" in
${cases(
  placesOf(program).map(({ path, words }) => [path, words]),
  (words) => `words="${words.join(' ')}"`,
)}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _mortise mortise`
}

function zsh(program: Command): string {
  return `#compdef mortise
_mortise() {
  local at=mortise word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
${descend(program)}
  done
  case "\${words[CURRENT-1]}" in
${cases(Object.entries(valuesAfter), (words) => `found=(${words.join(' ')})`)}
  esac
  if (( ! \${#found} )); then
    case "$at" in
${cases(
  placesOf(program).map(({ path, words }) => [path, words]),
  (words) => `found=(${words.join(' ')})`,
)}
    esac
  fi
  compadd -- $found || _files
}
compdef _mortise mortise`
}

/** Words that name a command lead into it; options and their values lead nowhere. */
function descend(program: Command): string {
  const inner = placesOf(program)
    .map(({ path }) => path)
    .filter((path) => path !== 'mortise')
  return `    case "$at $word" in
      ${inner.map((path) => `"${path}"`).join('|')}) at="$at $word" ;;
    esac`
}

function cases(
  entries: ReadonlyArray<readonly [string, readonly string[]]>,
  act: (words: readonly string[]) => string,
): string {
  return entries.map(([pattern, words]) => `    "${pattern}") ${act(words)} ;;`).join('\n')
}
