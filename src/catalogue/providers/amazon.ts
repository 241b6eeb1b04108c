// Amazon S3 with CloudFront: storage and delivery of files.
import { type Answer, type Ask, UnusableField, type Values } from '../api.ts'
import { added, defineProvider, secret, status, text } from '../define.ts'
import { degraded, healthy, rateLimited, rejected, unreachable, type Verdict } from '../verdict.ts'

export const amazon = defineProvider({
  name: 'amazon',
  type: 'IntegrationAmazon',
  integrationType: 'csn',
  title: 'Amazon S3 and CloudFront',
  lifecycle: { state: 'current' },
  auth: 'aws_sigv4',
  api: {
    services: {
      s3: { base: (values) => `https://s3.${regionOf(values)}.amazonaws.com` },
      sts: { base: () => 'https://sts.amazonaws.com' },
      cloudfront: { base: () => 'https://cloudfront.amazonaws.com' },
    },
    credential: (values, service) => ({
      kind: 'aws_sigv4',
      accessKeyId: values.get('access_key_id'),
      secretAccessKey: values.get('secret_access_key'),
      // The others are in one place for the whole world.
      region: service === 's3' ? regionOf(values) : defaultRegion,
      service,
    }),
    verify,
  },
  fields: {
    bucket: text({
      title: 'Bucket',
      help: 'The name of the S3 bucket, without s3:// and without a path.',
      likelyPattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
      examples: ['my-product-files'],
    }),
    access_key_id: text({
      title: 'Access key ID',
      help: 'AWS console, IAM, Users, Security credentials. Long-lived ids begin with AKIA; temporary ones (ASIA) do not work here.',
      likelyPattern: '^(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}$',
    }),
    cloudfront: text({
      title: 'CloudFront distribution',
      help: 'The id (E…) or the domain (d….cloudfront.net) of the distribution in front of the bucket.',
      examples: ['d111111abcdef8.cloudfront.net'],
    }),
    ready: status({
      title: 'Bucket status',
      help: 'Written by Mortise when it checks the bucket.',
      oneOf: ['pending', 'ready', 'error'],
      initial: 'pending',
    }),
    secret_access_key: secret({
      title: 'Secret access key',
      help: 'Shown by AWS once, when the access key is made.',
      likelyPattern: '^[A-Za-z0-9+/]{40}$',
    }),
    region: added(
      text({
        title: 'Region',
        help: 'The region of the bucket, as in its address.',
        likelyPattern: '^[a-z]{2}(-[a-z]+)+-\\d$',
        examples: ['eu-north-1'],
      }),
    ),
  },
})

const defaultRegion = 'us-east-1'

function regionOf(values: Values): string {
  const region = values.find('region') ?? defaultRegion
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return region
  throw new UnusableField('region', 'Give the name of a region, such as eu-north-1.')
}

/** Whose key it is can be asked without any permission; then whether it may use the bucket. */
async function verify(ask: Ask, values: Values): Promise<Verdict> {
  const whoAmI = { service: 'sts', path: '/?Action=GetCallerIdentity&Version=2011-06-15' } as const
  const first = await ask(whoAmI)
  // The same key id with another secret just before can make this fail, though all is well.
  const answer = errorCode(first) === 'SignatureDoesNotMatch' ? await ask(whoAmI) : first
  const refused = refusalOf(answer)
  if (refused) return refused
  const account = element(answer.text, 'Arn') ?? null
  const known = { account, identity: element(answer.text, 'Account') ?? null }
  const bucket = values.find('bucket')
  return bucket === undefined ? healthy(known) : verifyBucket(ask, values, bucket, known)
}

async function verifyBucket(
  ask: Ask,
  values: Values,
  bucket: string,
  known: { account: string | null; identity: string | null },
): Promise<Verdict> {
  const answer = await ask({ service: 's3', method: 'HEAD', path: `/${encodeURIComponent(bucket)}` })
  const region = answer.header('x-amz-bucket-region')
  if (answer.status === 200) return healthy({ ...known, fields: { ready: 'ready' } })
  const isElsewhere = region !== undefined && region !== regionOf(values)
  if (isElsewhere && values.find('region') === undefined) {
    return { ...healthy(known), fields: { region }, isToBeAskedAgain: true }
  }
  const wrong = { ...known, fields: { ready: 'error' } }
  if (isElsewhere) return degraded(`The bucket is in another region. Set region to ${region}.`, wrong)
  if (answer.status === 403)
    return degraded('The key is valid, but may not list the bucket. Allow it s3:ListBucket.', wrong)
  if (answer.status === 404) return degraded('There is no bucket of this name. Check the name.', wrong)
  if (answer.status === 503) return rateLimited(answer)
  return unreachable(
    `S3 answers ${answer.status}, which tells nothing about the bucket. It is asked again later.`,
  )
}

function refusalOf(answer: Answer): Verdict | undefined {
  if (answer.status === 200 && element(answer.text, 'Account') !== undefined) return undefined
  const code = errorCode(answer)
  if (code === 'InvalidClientTokenId')
    return rejected('AWS knows no access key with this id. Check the id, or give another key.')
  if (code === 'SignatureDoesNotMatch')
    return rejected(
      'The secret access key is not that of this access key id. Check that they belong together.',
    )
  if (code === 'ExpiredToken')
    return rejected('This access key was temporary, and has ended. Give one that is long-lived.')
  if (answer.status === 429 || code === 'Throttling') return rateLimited(answer)
  if (answer.status === 403 || answer.status === 401)
    return rejected('AWS does not accept this access key. Give one that is valid.')
  return unreachable(
    `AWS answers ${answer.status}, which tells nothing about the key. It is asked again later.`,
  )
}

/** Answers are XML, or JSON where AWS prefers that. */
function errorCode({ text }: Answer): string | undefined {
  return element(text, 'Code')
}

function element(text: string, name: string): string | undefined {
  return new RegExp(`(?:<${name}>|"${name}"\\s*:\\s*")([^<"]{1,200})`).exec(text)?.[1]
}
