/** What a fake vault holds, and who may do what with it. */
export interface FakeAccount {
  readonly kind: 'Stored' | 'Shared';
  readonly system: string;
  /** Other names and addresses of the system. */
  readonly also: readonly string[];
  readonly namespace: string;
  readonly name: string;
  readonly instance: string;
  readonly list: string;
  readonly storeType: number;
  readonly credentialType: 'Password' | 'SSHKey';
  readonly password: string;
  readonly privateKey: string;
  readonly isRandom: boolean;
  readonly autoSpin: boolean;
  readonly approvalNeeded: boolean;
  /** Identities that may use it. */
  readonly for: string[];
}

export interface FakeCheckOut {
  readonly id: number;
  readonly identity: string;
  readonly account: FakeAccount;
  readonly lease: string;
  readonly comment: string;
  isOver: boolean;
}

export interface FakeRequest {
  readonly id: number;
  readonly identity: string;
  readonly account: FakeAccount;
  readonly lease: string;
  state: 'Pending' | 'Granted' | 'Denied' | 'Expired' | 'Withdrawn' | 'Used';
  grantedBy: string | null;
}

export interface FakeJob {
  readonly id: number;
  /** Null for a spin. */
  readonly template: number | null;
  readonly by: string;
  readonly comment: string;
  readonly account: string;
  readonly lease: string;
}

export interface FakeState {
  readonly accounts: FakeAccount[];
  readonly checkOuts: FakeCheckOut[];
  readonly requests: FakeRequest[];
  readonly jobs: FakeJob[];
  /** Explicit and domain identities that may log in, with their passwords. */
  readonly passwords: Map<string, string>;
  /** Whom the API user may act for. */
  readonly mapped: Set<string>;
  /** Tokens by their text: the identity that acts, and whether it still does. */
  readonly tokens: Map<string, { readonly identity: string; isOver: boolean }>;
  /** Every identity that was asked for, in order. */
  readonly impersonated: string[];
}

const pem = ['-----BEGIN OPENSSH', 'PRIVATE KEY-----'].join(' ');

export const account = (some: Partial<FakeAccount> & Pick<FakeAccount, 'system' | 'name'>): FakeAccount => ({
  ...{ kind: 'Stored', also: [], namespace: '[Linux]', instance: '', list: '', storeType: 4 },
  ...{ credentialType: 'Password', privateKey: '', isRandom: true, autoSpin: true, approvalNeeded: false },
  ...{ password: `pw-of-${some.system}-${some.name}-4711`, for: ['NS\\test_user'] },
  ...some,
});

/** An organisation with one of everything. */
export const smallVault = (): FakeState => ({
  accounts: [
    account({ system: 'bomgar-appserver1', also: ['10.0.0.7', 'bomgar-appserver1.ns.example'], name: 'root' }),
    account({
      ...{ system: 'bomgar-appserver1', name: 'deploy', credentialType: 'SSHKey', password: 'phrase-of-the-key-99' },
      privateKey: `${pem}\nAAAAB3NzaC1yc2EAAAADAQABAAABgQDfake+key+of+the+fake+vault+0123456789\n`,
    }),
    account({ system: 'bomgar-appserver1', name: 'breakglass', approvalNeeded: true, isRandom: false }),
    account({
      ...{ system: 'NS', namespace: 'NS', name: 'sarcher.admin', storeType: 1, also: [] },
    }),
    account({
      ...{ kind: 'Shared', system: '', namespace: 'NS', name: 'jamos', storeType: 0, isRandom: false, autoSpin: false },
      list: 'JAmos Domain Credentials',
    }),
    account({
      ...{ system: 'bomgar-appserver1', namespace: '[PostgreSQL]', name: 'app', instance: 'main', storeType: 20 },
    }),
    account({ system: 'other-host', name: 'root' }),
  ],
  checkOuts: [],
  requests: [],
  jobs: [],
  passwords: new Map([
    ['svc-ecm', 'password-of-the-api-user'],
    ['NS\\svc-ecm', 'password-of-the-domain-api-user'],
    ['approver', 'password-of-the-approver'],
  ]),
  mapped: new Set(['NS\\test_user', 'approver']),
  tokens: new Map(),
  impersonated: [],
});
