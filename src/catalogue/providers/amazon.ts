// Amazon S3 with CloudFront: storage and delivery of files.
import { added, defineProvider, secret, status, text } from '../define.ts'

export const amazon = defineProvider({
  name: 'amazon',
  type: 'IntegrationAmazon',
  integrationType: 'csn',
  title: 'Amazon S3 and CloudFront',
  lifecycle: { state: 'current' },
  auth: 'aws_sigv4',
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
