// Every way in which credentials go onto requests, by its kind.
import type { Credential } from '../../catalogue/api.ts'
import type { Outbound, Outgoing } from '../send.ts'
import { awsSigV4 } from './aws-sigv4.ts'
import { mailwizz } from './mailwizz.ts'
import { oauth1 } from './oauth1.ts'
import { basic, bearer, headers, query } from './plain.ts'
import type { Base, Kind, Scheme, Schemes } from './scheme.ts'
import { wishlist } from './wishlist.ts'

/** @param nowMs milliseconds since 1970, for signatures that hold a time */
export function createSchemes(needs: { send: Outbound['send']; nowMs(): number }): Schemes {
  return {
    none: (request) => request,
    headers,
    bearer,
    basic,
    query,
    oauth1,
    aws_sigv4: awsSigV4(needs),
    mailwizz: mailwizz(needs),
    wishlist: wishlist(needs),
  }
}

/** Whether a request that was refused would go out with another session now, where its scheme has sessions. */
export function renewScheme(
  schemes: Schemes,
  credential: Credential,
  refused: Outgoing,
  base: Base,
): boolean {
  const scheme = schemes[credential.kind] as Scheme<Kind>
  return scheme.renew?.(refused, credential, base) === true
}

export async function applyScheme(
  schemes: Schemes,
  credential: Credential,
  request: Outgoing,
  base: Base,
): Promise<Outgoing> {
  // One of them fits the kind; the compiler cannot tell which.
  const scheme = schemes[credential.kind] as Scheme<Kind>
  return scheme(request, credential, base)
}
