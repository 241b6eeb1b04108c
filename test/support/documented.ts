// Commands in the documentation, run as they stand there: what it says they print is what they print.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { newHome, until } from './command-line.ts'
import { main } from './process.ts'

/**
 * What is special about a block of commands: `server` is left running until the page is through, or
 * another one wants its port, `stop` stops it
 * first, and `refused` fails, as the page says.
 */
type Kind = 'server' | 'stop' | 'refused' | ''
export type Block = { readonly kind: Kind; readonly commands: ReadonlyArray<Documented> }
type Documented = { readonly command: string; readonly prints: string }

/** @returns the blocks marked as `console`, in the order of the page */
export function blocksIn(markdown: string): Block[] {
  return [...markdown.matchAll(/^```console ?(server|stop|refused)?\n(.*?)^```$/gms)].map(
    ([, kind = '', text = '']) => ({ kind: kind as Kind, commands: commandsIn(text) }),
  )
}

function commandsIn(text: string): Documented[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [, command = '', prints = ''] = /^((?:.*\\\n)*.*)\n?([\s\S]*)$/.exec(part) ?? []
      return { command, prints: prints.trim() }
    })
}

export type Page = { run(block: Block): Promise<void>; close(): Promise<void> }

/**
 * A folder and a home of its own for one page, and ports that nobody else has.
 * @param standIns what stands in the documentation for what differs from machine to machine
 */
export function openPage(standIns: ReadonlyArray<readonly [documented: string, own: string]> = []): Page {
  const home = newHome()
  const folder = join(home.root, 'work')
  mkdirSync(folder)
  const env = { ...home.env, NODE: process.execPath, MAIN: main }
  /** By the port that the documentation has for it. */
  const servers = new Map<string, { child: ChildProcess; port: string }>()
  /** What later commands find as earlier ones have set it. */
  const set: string[] = []

  const replaced = () => [
    ...standIns,
    ...[...servers].map(
      ([documented, { port }]) => [`127.0.0.1:${documented}`, `127.0.0.1:${port}`] as const,
    ),
  ]
  const toHere = (text: string) =>
    replaced().reduce((so, [documented, own]) => so.replaceAll(documented, own), text)
  const fromHere = (text: string) =>
    replaced().reduce((so, [documented, own]) => so.replaceAll(own, documented), text)
  const scriptOf = (command: string, how: '' | 'exec') =>
    [
      `mortise() { ${how} "$NODE" "$MAIN" "$@"; }`,
      // What package.json has behind these names, with the data in this folder.
      'npm() { case "$*" in ci) ;; start) mortise serve ;; "run demo") mortise demo ;; esac; }',
      ...set,
      toHere(command),
    ].join('\n')

  async function stop(port: string): Promise<void> {
    const child = servers.get(port)?.child
    servers.delete(port)
    if (!child || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    await ended
  }

  /** A server takes the shell's place, so that it is the one to be stopped. */
  async function serve(command: string): Promise<string> {
    const documented = /MORTISE_PORT=(\d+) /.exec(command)?.[1] ?? '3500'
    await stop(documented)
    const script = scriptOf(command.replace(`MORTISE_PORT=${documented} `, ''), 'exec')
    const child = spawn('bash', ['-c', script], { cwd: folder, env: { ...env, MORTISE_PORT: '0' } })
    let printed = ''
    let said = ''
    child.stdout.on('data', (chunk) => {
      printed += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      said += String(chunk)
    })
    await until(`it listens: ${command}`, () => {
      if (child.exitCode !== null) throw new Error(`${command}: ended with ${child.exitCode}: ${said}`)
      return printed.includes('listens on')
    })
    const [port = ''] = /(?<=listens on http:\/\/127\.0\.0\.1:)\d+/.exec(printed) ?? []
    servers.set(documented, { child, port })
    const [code] = /(?<=^Recovery code: )\S+/m.exec(printed) ?? []
    if (code !== undefined) set.push(`RECOVERY_CODE=${code}`)
    return printed
  }

  function finish(command: string, isRefused: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = { cwd: folder, env }
      const child = execFile('bash', ['-c', scriptOf(command, '')], options, (error, stdout, stderr) => {
        const printed = isRefused ? `${stdout}${stderr}` : stdout
        if (isRefused === (error !== null)) resolve(printed)
        else reject(new Error(`${error ? 'failed' : 'was not refused'}: ${command}\n${stdout}${stderr}`))
      })
      child.stdin?.end()
    })
  }

  return {
    async run({ kind, commands }) {
      if (kind === 'stop') for (const port of servers.keys()) await stop(port)
      for (const { command, prints } of commands) {
        if (/^export \w+=/.test(command)) {
          set.push(toHere(command))
          continue
        }
        const printed = kind === 'server' ? await serve(command) : await finish(command, kind === 'refused')
        expectPrinted(command, fromHere(printed), prints)
      }
    },
    async close() {
      for (const port of servers.keys()) await stop(port)
      home.remove()
    },
  }
}

/** An ellipsis stands for anything, and a line of its own for any lines or none. */
function expectPrinted(command: string, printed: string, expected: string): void {
  const pattern = expected
    .replaceAll(/\n?…\n?/g, '…')
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[\\s\\S]*')
  if (expected === '' || new RegExp(`^${pattern}$`).test(printed.trim())) return
  throw new Error(`$ ${command}\nprinted\n${printed}\nwhere the documentation has\n${expected}`)
}
