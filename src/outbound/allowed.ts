// What an operator allows beyond the public internet: names, addresses and ranges, each exactly as written.
import { BlockList, isIP } from 'node:net'
import { plainAddress } from './addresses.ts'

/** One entry of `MORTISE_EGRESS_ALLOW`. Without a port, the usual ones of http and https are meant. */
export type AllowedEntry = {
  readonly host: string
  readonly prefix: number | null
  readonly port: number | null
}

const usualPorts = [80, 443]

/** @returns undefined for what is neither a name, an address nor a range, each with a port or without */
export function parseAllowed(text: string): AllowedEntry | undefined {
  const [, bracketed, plain, prefixText, portText] =
    /^(?:\[([^\]]+)\]|([^/[\]]+?))(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/.exec(text.toLowerCase()) ?? []
  const isBareIpv6 = isIP(text) === 6
  const host = isBareIpv6 ? text.toLowerCase() : (bracketed ?? plain)
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined
  const port = portText === undefined || isBareIpv6 ? null : Number(portText)
  if (port !== null && (port < 1 || port > 65_535)) return undefined
  const version = isIP(host)
  if (prefixText === undefined) return version > 0 || isName(host) ? { host, prefix: null, port } : undefined
  const prefix = Number(prefixText)
  return version > 0 && prefix <= (version === 4 ? 32 : 128) ? { host, prefix, port } : undefined
}

/** As an operator would write it. */
export function writtenAllowed({ host, prefix, port }: AllowedEntry): string {
  const name = isIP(host) === 6 ? `[${host}]` : host
  return `${name}${prefix === null ? '' : `/${prefix}`}${port === null ? '' : `:${port}`}`
}

export type Allowed = {
  /** Whether this host of a URL is named itself, so that its addresses may be any. */
  namesHost(hostname: string, port: number): boolean
  /** Whether an address lies in what is allowed. */
  holdsAddress(address: string, port: number): boolean
}

export function allowed(entries: readonly AllowedEntry[]): Allowed {
  const rules = entries.map(({ host, prefix, port }) => {
    const version = isIP(host)
    const isPort = (given: number) => (port === null ? usualPorts.includes(given) : port === given)
    if (version === 0) return { isPort, name: host, list: undefined }
    const list = new BlockList()
    list.addSubnet(host, prefix ?? (version === 4 ? 32 : 128), version === 4 ? 'ipv4' : 'ipv6')
    return { isPort, name: undefined, list }
  })
  return {
    namesHost: (hostname, port) => rules.some(({ name, isPort }) => name === hostname && isPort(port)),
    holdsAddress(address, port) {
      const { text, family } = plainAddress(address)
      return (
        family !== undefined &&
        rules.some(({ list, isPort }) => isPort(port) && list?.check(text, family) === true)
      )
    },
  }
}

function isName(host: string): boolean {
  return (
    /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(host) && /[a-z]/.test(host)
  )
}
