// IP addresses and ranges of them, as a key may be limited to.
import { BlockList, type IPVersion, isIPv4, isIPv6, SocketAddress } from 'node:net'

type Address = { readonly family: IPVersion; readonly text: string }
type Range = Address & { readonly prefix: number }

const bitsOf: Readonly<Record<IPVersion, number>> = { ipv4: 32, ipv6: 128 }
/** How many bits stand before the IPv4 address that an IPv6 one may carry. */
const mappedBits = 96

/**
 * Reads an address or a range in CIDR notation. An IPv6 address that carries an IPv4 one counts as that.
 * @returns the range as it is kept and shown; undefined where the text is none
 */
export function readRange(given: string): string | undefined {
  const range = rangeFrom(given.trim())
  if (!range) return undefined
  return range.prefix === bitsOf[range.family] ? range.text : `${range.text}/${range.prefix}`
}

/** @returns whether an address lies within one of the ranges; what is no address never does */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  // One list for each family: in a single one, ::/0 would match IPv4 too.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const range of ranges.map(rangeFrom)) {
    if (range) lists[range.family].addSubnet(range.text, range.prefix, range.family)
  }
  return (given) => {
    const address = addressFrom(given)
    return address !== undefined && lists[address.family].check(address.text, address.family)
  }
}

/** @returns those ranges that do not lie within one of the outer ones */
export function rangesBeyond(ranges: readonly string[], outer: readonly string[]): string[] {
  const known = outer.flatMap((text) => {
    const range = rangeFrom(text)
    return range ? [{ ...range, holds: addressMatcher([text]) }] : []
  })
  return ranges.filter((text) => {
    const range = rangeFrom(text)
    return !known.some(
      ({ family, prefix, holds }) => range?.family === family && prefix <= range.prefix && holds(range.text),
    )
  })
}

function rangeFrom(text: string): Range | undefined {
  const [addressText = '', prefixText, ...more] = text.split('/')
  const address = addressFrom(addressText)
  if (!address || more.length > 0 || addressText.includes('%')) return undefined
  if (prefixText === undefined) return { ...address, prefix: bitsOf[address.family] }
  const isMapped = address.family === 'ipv4' && addressText.includes(':')
  const prefix = Number(prefixText) - (isMapped ? mappedBits : 0)
  if (!/^(0|[1-9]\d{0,2})$/.test(prefixText) || prefix < 0 || prefix > bitsOf[address.family]) {
    return undefined
  }
  return { ...address, prefix }
}

/** In one spelling, and without the zone that an address of the local link has. */
function addressFrom(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 'ipv4', text }
  if (!isIPv6(text)) return undefined
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  const carried = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  return carried === undefined ? { family: 'ipv6', text: address } : { family: 'ipv4', text: carried }
}
