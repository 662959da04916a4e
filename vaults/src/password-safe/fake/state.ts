/** What a fake Password Safe manages, and what was requested of it. */
export interface FakeAccount {
  readonly systemId: number;
  readonly system: string;
  readonly address: string;
  readonly type: 'system' | 'domainlinked' | 'database';
  readonly id: number;
  readonly name: string;
  readonly domain: string;
  readonly instance: string;
  readonly password: string;
  readonly key: string | null;
  readonly passphrase: string;
  readonly approvers: number;
}

export interface FakeRequest {
  readonly id: number;
  readonly user: string;
  readonly account: FakeAccount;
  readonly body: Readonly<Record<string, unknown>>;
  state: 'pending' | 'active' | 'over';
}

export interface FakeState {
  readonly accounts: FakeAccount[];
  readonly requests: FakeRequest[];
  /** Open sessions by their cookie. */
  readonly sessions: Map<string, { readonly user: string; isOver: boolean }>;
  /** Access tokens given out. */
  readonly granted: string[];
  readonly apiKey: string;
  /** Null where the registration asks for none. */
  password: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly users: Set<string>;
  /** The prompt for a second factor; null where none is asked for. */
  secondFactor: string | null;
}

const pem = ['-----BEGIN OPENSSH', 'PRIVATE KEY-----'].join(' ');

export const account = (some: Partial<FakeAccount> & Pick<FakeAccount, 'id' | 'name' | 'system'>): FakeAccount => ({
  ...{ systemId: 13, address: '10.0.0.7', type: 'system', domain: '', instance: '', key: null, passphrase: '' },
  ...{ password: `pw-of-${some.name}-${some.id}-0815`, approvers: 0 },
  ...some,
});

export const smallState = (): FakeState => ({
  accounts: [
    account({ id: 10, system: 'web1', name: 'root' }),
    account({
      ...{ id: 11, system: 'web1', name: 'deploy', passphrase: 'phrase-of-deploy-77' },
      key: `${pem}\nAAAAB3NzaC1yc2EAAAADAQABAAABgQDfake+key+of+the+fake+safe+9876543210\n`,
    }),
    account({ id: 12, system: 'web1', name: 'breakglass', approvers: 1 }),
    account({ id: 20, system: 'web1', name: 'svc-backup', domain: 'CORP', type: 'domainlinked', systemId: 24 }),
    account({ id: 30, system: 'web1', name: 'app', instance: 'PrimaryDB', type: 'database', systemId: 25 }),
    account({ id: 40, system: 'web10', name: 'root', systemId: 14, address: '10.0.0.10' }),
  ],
  requests: [],
  sessions: new Map(),
  granted: [],
  apiKey: `${'0123456789abcdef'.repeat(7)}c0ffee0123456789`,
  password: 'password-of-the-run-as-user',
  clientId: 'client-id-of-the-fake',
  clientSecret: 'client-secret-of-the-fake',
  users: new Set(['CORP\\gatehouse', 'CORP\\ann']),
  secondFactor: null,
});
