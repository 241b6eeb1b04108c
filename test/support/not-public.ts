// Addresses that must never be called, however they are spelt.

const hosts = [
  ...['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', '127.255.255.254'],
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]'],
  ...[
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[100::1]',
  ],
  ...['localhost', 'localhost.', 'LOCALHOST', 'a.localhost', '①②⑦.⓪.⓪.①', '127。0。0。1'],
  ...['169.254.169.254', '0xA9FEA9FE', '[fd00:ec2::254]', '[::ffff:169.254.169.254]', '[2002:a9fe:a9fe::]'],
  ...[
    'metadata.google.internal',
    'metadata.google.internal.',
    'instance-data.ec2.internal',
    '100.100.100.200',
  ],
  ...[
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '240.0.0.1',
  ],
  ...[
    '255.255.255.255',
    '198.18.0.1',
    '192.0.2.1',
    '203.0.113.1',
    '192.0.0.1',
    'intranet',
    'printer.local',
    'db.internal',
  ],
]
/** As whole addresses, with what else no address may be. */
export const notPublic = [
  ...hosts.map((host) => `https://${host}/x`),
  ...['file:///etc/passwd', 'ftp://example.com/', 'gopher://example.com/', 'data:text/plain,x'],
  ...['javascript:alert(1)', 'ws://example.com/', 'unix:/run/x.sock', 'http://example.com/'],
  ...[22, 25, 80, 6379, 5432, 8443].map((port) => `https://example.com:${port}/`),
  ...['https://user:pw@example.com/', 'https://example.com@127.0.0.1/', 'https://:@10.0.0.1/'],
  ...[
    'https:\\\\127.0.0.1\\x',
    'https://example.com\\@127.0.0.1/',
    'https://exam\tple.localhost/',
    '\nhttps://10.0.0.1',
  ],
  ...['https://example.com./', 'https://single/', `https://${'a.'.repeat(130)}example.com/`],
]
