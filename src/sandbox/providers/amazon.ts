// Stands in for AWS: STS, S3 and CloudFront, with signatures that are checked.
import { derivedSecret, digitsOf, samplesOf } from '../modes.ts'
import { json, route } from '../replies.ts'
import { readSignature, signatureMistake } from '../signatures/sigv4.ts'
import type { Asked, Reply, Shown, StandIn, Tools } from '../stand-in.ts'
import { s3Objects } from './amazon-s3.ts'

const s3Host = /^(?:([a-z0-9.-]+)\.)?s3\.([a-z0-9-]+)\.amazonaws\.com$/
const serviceOf = ({ host }: Pick<Asked, 'host'>) =>
  /^sts(\.[a-z0-9-]+)?\.amazonaws\.com$/.test(host)
    ? 'sts'
    : host === 'cloudfront.amazonaws.com'
      ? 'cloudfront'
      : s3Host.test(host)
        ? 's3'
        : undefined

export function amazon({ nowMs }: Tools): StandIn {
  const s3 = s3Objects({ nowMs })

  /** What is wrong with a request's signature, as a code. */
  function mistakeIn(asked: Asked, { mode }: Shown): { code: string; status: number } | undefined {
    const service = serviceOf(asked)
    const signed = readSignature(asked)
    if (!signed) return { code: 'MissingAuthenticationToken', status: 403 }
    if (mode === 'rejected') {
      return { code: service === 's3' ? 'InvalidAccessKeyId' : 'InvalidClientTokenId', status: 403 }
    }
    const region = service === 's3' ? s3Host.exec(asked.host)?.[2] : 'us-east-1'
    if (signed.service !== service || (service !== 'sts' && signed.region !== region)) {
      return {
        code: service === 's3' ? 'AuthorizationHeaderMalformed' : 'SignatureDoesNotMatch',
        status: service === 's3' ? 400 : 403,
      }
    }
    const code = signatureMistake(asked, signed, derivedSecret(signed.accessKeyId, 'base64'), nowMs())
    return code === undefined ? undefined : { code, status: 403 }
  }

  function callerIdentity(asked: Asked, { stem, mode }: Shown): Reply {
    if (mode === 'ratelimited') return mistake(asked, 400, 'Throttling')
    const isKnown = (asked.query.get('Action') ?? asked.form.get('Action')) === 'GetCallerIdentity'
    if (!isKnown) return mistake(asked, 403, 'AccessDenied')
    const account = digitsOf(stem, 12)
    const [arn, userId] = [`arn:aws:iam::${account}:user/sandbox`, `AIDA${digitsOf(stem, 16)}`]
    if (wantsJson(asked)) {
      return json(200, {
        GetCallerIdentityResponse: {
          GetCallerIdentityResult: { Account: account, Arn: arn, UserId: userId },
          ResponseMetadata: { RequestId: requestId },
        },
      })
    }
    return xml(
      200,
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>${userId}</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    )
  }

  function cloudfront(asked: Asked, { mode }: Shown): Reply {
    if (mode === 'forbidden') return mistake(asked, 403, 'AccessDenied')
    if (mode === 'ratelimited') return mistake(asked, 400, 'Throttling')
    const one = `<Id>E1SANDBOX00000</Id><Status>Deployed</Status><DomainName>d111111abcdef8.cloudfront.net</DomainName>`
    const space = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"'
    return (
      route(asked, {
        'GET /2020-05-31/distribution': () =>
          xml(
            200,
            `<DistributionList ${space}><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary>${one}</DistributionSummary></Items></DistributionList>`,
          ),
        'GET /2020-05-31/distribution/:id': ({ id }) =>
          id === 'E1SANDBOX00000'
            ? xml(200, `<Distribution ${space}>${one}</Distribution>`)
            : mistake(asked, 404, 'NoSuchDistribution'),
        'POST /2020-05-31/distribution/:id/invalidation': () =>
          xml(201, `<Invalidation ${space}><Id>I1SANDBOX</Id><Status>InProgress</Status></Invalidation>`),
      }) ?? mistake(asked, 404, 'NoSuchResource')
    )
  }

  return {
    provider: 'amazon',
    isFor: (asked) => serviceOf(asked) !== undefined,
    credential: (asked) => readSignature(asked)?.accessKeyId,
    answer(asked, shown) {
      const wrong = mistakeIn(asked, shown)
      const service = serviceOf(asked)
      const [, bucketInHost, region = ''] = s3Host.exec(asked.host) ?? []
      if (service === 's3') return s3(asked, { wrong, mode: shown.mode, bucketInHost, region })
      if (wrong) return mistake(asked, wrong.status, wrong.code)
      return service === 'sts' ? callerIdentity(asked, shown) : cloudfront(asked, shown)
    },
    samples: samplesOf((mode) => {
      const access_key_id = `AKIA${mode.toUpperCase().padStart(16, 'SANDBOX000000000')}`
      return {
        bucket: 'sandbox-files-eu-north-1',
        access_key_id,
        secret_access_key: derivedSecret(access_key_id, 'base64'),
      }
    }),
  }
}

const requestId = '01234567-89ab-cdef-0123-456789abcdef'
const wantsJson = (asked: Asked) => (asked.header('accept') ?? '').includes('application/json')

function mistake(asked: Asked, status: number, code: string): Reply {
  const words = 'This is what AWS would say here, in its own words.'
  if (serviceOf(asked) === 'sts' && wantsJson(asked)) {
    return json(status, { Error: { Code: code, Message: words, Type: 'Sender' }, RequestId: requestId })
  }
  return xml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${words}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  )
}

function xml(status: number, body: string): Reply {
  return { status, body: `<?xml version="1.0"?>\n${body}`, headers: { 'content-type': 'text/xml' } }
}
