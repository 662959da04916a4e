/** What a fake OpenBao holds. */
export interface FakeToken {
  readonly accessor: string;
  readonly policies: readonly string[];
  isOver: boolean;
  /** What its cubbyhole keeps. */
  hole: Readonly<Record<string, unknown>> | null;
}

export interface FakeLease {
  readonly id: string;
  readonly token: FakeToken;
  readonly username: string;
  isOver: boolean;
}

export interface FakeState {
  /** Secrets of KV by folder and name. */
  readonly secrets: Map<string, Readonly<Record<string, string>>>;
  /** Metadata beside them. */
  readonly metadata: Map<string, Readonly<Record<string, string>>>;
  readonly tokens: Map<string, FakeToken>;
  readonly leases: FakeLease[];
  /** Accounts of the library set `admins`. */
  readonly library: string[];
  /** Passwords that were ever handed out. */
  readonly handedOut: string[];
  /** What was sent to be signed. */
  readonly signed: Readonly<Record<string, unknown>>[];
  /** Paths that the policy of the plugin leaves out. */
  readonly forbidden: Set<string>;
  readonly roleId: string;
  readonly secretId: string;
  readonly namespace: string | null;
  isSealed: boolean;
}

const pem = ['-----BEGIN OPENSSH', 'PRIVATE KEY-----'].join(' ');
export const fixedToken = 's.token-that-somebody-else-renews';

export const smallState = (): FakeState => ({
  secrets: new Map([
    ['hosts/web1/root', { username: 'root', password: 'pw-of-root-in-kv-4711' }],
    [
      'hosts/web1/deploy',
      {
        ...{ username: 'deploy', passphrase: 'phrase-of-deploy-in-kv' },
        private_key: `${pem}\nAAAAB3NzaC1yc2EAAAADAQABAAABgQDfake+key+of+the+fake+bao+0123456789\n`,
      },
    ],
    ['hosts/web10/root', { username: 'root', password: 'pw-of-another-host' }],
  ]),
  metadata: new Map([['hosts/web1/deploy', { kind: 'ssh-key', username: 'deploy' }]]),
  tokens: new Map([
    [fixedToken, { accessor: 'accessor-of-the-fixed-token', policies: ['gatehouse'], isOver: false, hole: null }],
  ]),
  leases: [],
  library: ['svc-admin1@corp.example', 'svc-admin2@corp.example'],
  handedOut: [],
  signed: [],
  forbidden: new Set(),
  roleId: 'role-id-of-gatehouse',
  secretId: 'secret-id-of-gatehouse',
  namespace: null,
  isSealed: false,
});
