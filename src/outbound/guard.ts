// The guard at the one door to the internet: which addresses may be called, judged when they are given and at every use.
import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { addressJudge, plainAddress } from './addresses.ts'
import { type AllowedEntry, allowed } from './allowed.ts'

/** The reason is for the log alone: callers are told the same of whatever cannot be reached. */
export class EgressDenied extends Error {
  override readonly name = 'EgressDenied'
}

/** What must never be called, whatever is allowed: the hub itself, and its database. */
export type OwnPlace = { readonly host: string; readonly port: number }

export type Guard = {
  /**
   * Judges where a URL leads, as far as that is known without asking anybody: names are judged again when
   * they are resolved.
   * @throws EgressDenied
   */
  judge(url: URL): void
  /** For sockets: resolves a name, and every address that it has must be one that may be called. */
  lookup(port: number): LookupFunction
}

/** What decides which addresses may be called, and how names are resolved. */
export type Egress = {
  readonly allow?: readonly AllowedEntry[]
  readonly own?: () => readonly OwnPlace[]
  readonly resolve?: Resolve
  /** The origin of a sandbox that is called in place of all providers. */
  readonly standIn?: string
  /** How long the other side may take to answer with its headers, where 15 seconds are too many. */
  readonly headersTimeoutMs?: number
}

type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export function guard(needs: {
  allow: readonly AllowedEntry[]
  /** The places of our own, which may become known only later. */
  own?: () => readonly OwnPlace[]
  resolve?: Resolve
}): Guard {
  const { own = () => [], resolve = systemResolve } = needs
  const exceptions = allowed(needs.allow)
  const kindOf = addressJudge()

  function judgeAddress(hostname: string, address: string, port: number): void {
    const kind = kindOf(address)
    if (kind === 'metadata') throw new EgressDenied(`${address} is a metadata service`)
    if (own().some((place) => place.port === port && isPlace(place.host, address))) {
      throw new EgressDenied(`${address} is this hub, or its database`)
    }
    const isAllowed = exceptions.namesHost(hostname, port) || exceptions.holdsAddress(address, port)
    if (kind === 'special' && !isAllowed) throw new EgressDenied(`${address} is not on the public internet`)
  }

  return {
    judge(url) {
      const { protocol, username, password } = url
      const hostname = url.hostname.toLowerCase()
      const port = portOf(url)
      if (username !== '' || password !== '') throw new EgressDenied('the address holds a user')
      if (hostname.length > 253) throw new EgressDenied('the name is too long')
      const { text: address, family } = plainAddress(hostname)
      const isNamed = exceptions.namesHost(hostname, port)
      const isAllowed = isNamed || (family !== undefined && exceptions.holdsAddress(address, port))
      // Of a name that may lie in an allowed range, the port decides once it is resolved.
      if (protocol !== 'https:' && !(protocol === 'http:' && isAllowed)) {
        throw new EgressDenied(`${protocol} is not allowed`)
      }
      if (port !== 443 && !isAllowed) throw new EgressDenied(`port ${port} is not allowed`)
      if (own().some((place) => place.port === port && place.host.toLowerCase() === hostname)) {
        throw new EgressDenied('the address is this hub, or its database')
      }
      if (family !== undefined) judgeAddress(hostname, address, port)
      else if (isMetadataName(hostname)) throw new EgressDenied('the name is of a metadata service')
      else if (!isNamed && !isPublicName(hostname)) throw new EgressDenied(`${hostname} is no public name`)
    },

    lookup: (port) => (hostname, options, done) => {
      resolve(hostname)
        .then((addresses) => {
          for (const { address } of addresses) judgeAddress(hostname.toLowerCase(), address, port)
          const fitting = addresses.filter(
            ({ family }) => !options.family || options.family === family || options.family === `IPv${family}`,
          )
          const [first] = fitting
          if (!first) throw new EgressDenied(`${hostname} has no address`)
          if (options.all) done(null, [...fitting])
          else done(null, first.address, first.family)
        })
        .catch((error: NodeJS.ErrnoException) => done(error, []))
    },
  }
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port)
}

const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, verbatim: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    )
  })

/** A place on every interface is at each address that this machine has. */
function isPlace(host: string, address: string): boolean {
  if (host === address) return true
  if (host !== '0.0.0.0' && host !== '::') return false
  return Object.values(networkInterfaces()).some((some) => some?.some((one) => one.address === address))
}

const localEndings = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'home.arpa',
  'onion',
]

/** Of several labels, and not under an ending that is for local networks. */
function isPublicName(hostname: string): boolean {
  const isLocal = localEndings.some((ending) => hostname === ending || hostname.endsWith(`.${ending}`))
  return hostname.includes('.') && !hostname.endsWith('.') && !isLocal
}

/** Those that are no public names are refused as such, unless somebody allows them. */
function isMetadataName(hostname: string): boolean {
  return ['metadata.google.internal', 'metadata', 'instance-data', 'instance-data.ec2.internal'].includes(
    hostname.replace(/\.$/, ''),
  )
}
