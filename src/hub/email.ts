// What an e-mail address looks like, for every door that takes one.
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** An e-mail address as the documented API's framework takes it: a dotted domain in any script, or an address. */
export function isEmail(text: string): boolean {
  // As the framework has it: whatever is longer need not even be looked at.
  if (text.length > lengthMax) return false
  const at = text.lastIndexOf('@')
  const user = text.slice(0, at)
  const host = text.slice(at + 1)
  if (at < 1 || !(local.test(user) || quotedLocal.test(user))) return false
  const literal = /^\[([A-F0-9:.]+)\]$/i.exec(host)?.[1]
  if (literal !== undefined) return isIP(literal) !== 0
  return domain.test(host) || /^localhost$/i.test(host) || domain.test(domainToASCII(host))
}

const lengthMax = 320
const local = /^[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*$/i
const quotedLocal = /^"([ !#-[\]-~]|\\[ -~])*"$/
const domain = /^((?!-)[A-Z0-9-]{1,63}(?<!-)\.)+(?!-)(?:[A-Z0-9-]{2,63})(?<!-)$/i
