// Which IP addresses are on the public internet; everything special, in whatever form, is not.
import { BlockList, isIP } from 'node:net'

/** IANA's special-purpose registry for IPv4. */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/**
 * Of IPv6, only global unicast is public, and of that not what is for special purposes or carries an IPv4
 * address (Teredo, 6to4), whatever that is. The other forms that carry one lie outside of it.
 */
const global6 = '2000::/3'
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

/** Where clouds hand out the credentials of the machine itself: never reached, whatever is allowed. */
const metadata = [
  '169.254.169.254/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  'fd20:ce::254/128',
]

export type AddressKind = 'public' | 'special' | 'metadata'

/** Judges addresses; built once, since the lists are. */
export function addressJudge(): (address: string) => AddressKind {
  const lists = {
    special4: listOf(special4),
    global6: listOf([global6]),
    special6: listOf(special6),
    metadata: listOf(metadata),
  }
  return (address) => {
    const { text, family } = plainAddress(address)
    if (family === undefined) return 'special'
    if (lists.metadata.check(text, family)) return 'metadata'
    if (family === 'ipv4') return lists.special4.check(text, family) ? 'special' : 'public'
    const carried = carriedAddress(text)
    if (carried !== undefined && lists.metadata.check(carried, 'ipv4')) return 'metadata'
    return lists.global6.check(text, family) && !lists.special6.check(text, family) ? 'public' : 'special'
  }
}

/** Without the brackets of an address in a URL, and without a zone. */
export function plainAddress(given: string): { text: string; family: 'ipv4' | 'ipv6' | undefined } {
  const text = given.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  const version = isIP(text)
  return { text, family: version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

/** The IPv4 address that an IPv6 one holds: mapped, compatible, NAT64 or 6to4. */
function carriedAddress(address: string): string | undefined {
  const groups = groupsOf(address)
  if (!groups) return undefined
  const [first, second, third, fourth, fifth, sixth, seventh = 0, eighth = 0] = groups
  const isEmpty = (...some: Array<number | undefined>) => some.every((group) => group === 0)
  if (first === 0x2002) return dotted(second ?? 0, third ?? 0)
  const isLow = isEmpty(first, second, third, fourth, fifth) && (sixth === 0 || sixth === 0xffff)
  const isNat64 = first === 0x64 && second === 0xff9b
  return isLow || isNat64 ? dotted(seventh, eighth) : undefined
}

function groupsOf(address: string): number[] | undefined {
  // The URL parser knows all spellings, dotted endings among them, and gives back one.
  const spelled = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1)
  if (spelled === undefined) return undefined
  const [head = '', tail] = spelled.split('::')
  const numbers = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  if (tail === undefined) return numbers(head)
  const [before, after] = [numbers(head), numbers(tail)]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}
