import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credential, Endpoint, Protocol } from '@gatehouse/vault-kit';
import { secretOf, type Trial, withTrial } from '@gatehouse/vault-kit/testing';
import { describe, expect, test } from 'vitest';
import { fixedToken, smallState } from '../fake.ts';
import { newKeyPair } from '../openssh-key.ts';
import { placesOf, toAssignments, toPath } from '../paths.ts';
import { config } from '../settings.ts';
import { subjectWith } from './subject.ts';

const open = async (trial: Trial, label: string, endpoint?: Endpoint) => {
  const process = trial.process();
  const listing = (await process.list(endpoint && { endpoint })).find((one) => one.label === label);
  if (listing === undefined) throw new Error(`${label} is not listed`);
  return { process, lease: { ...trial.lease(listing), ...(endpoint && { endpoint }) } };
};

describe('a listing', () => {
  const labels = (protocol?: Protocol, hostname = 'web1') => {
    const subject = subjectWith();
    return withTrial(subject, async ({ process }) => {
      const endpoint = { ...subject.endpoint, hostname, ...(protocol && { protocol }) };
      return (await process().list({ endpoint })).map(({ label, kind }) => [label, kind]);
    });
  };

  test('has what is in the folder of the host and what the settings assign to it', async () => {
    expect(await labels()).toEqual([
      ['root', 'password'],
      ['deploy', 'ssh-key'],
      ['admins (LDAP library)', 'password'],
      ['readonly (made for the session)', 'password'],
      ['app (static)', 'password'],
      ['ann, operators (SSH certificate)', 'ssh-certificate'],
    ]);
    expect(await labels(undefined, 'web10')).toEqual([
      ['root', 'password'],
      ['admins (LDAP library)', 'password'],
      ['ann, operators (SSH certificate)', 'ssh-certificate'],
    ]);
  });

  test.each([
    ['rdp', ['root', 'admins (LDAP library)']],
    ['postgresql', ['root', 'readonly (made for the session)', 'app (static)']],
    ['ssh', ['root', 'deploy', 'admins (LDAP library)', 'ann, operators (SSH certificate)']],
  ] as const)('for %s leaves out what cannot open such a session', async (protocol, expected) => {
    expect((await labels(protocol)).map(([label]) => label)).toEqual(expected);
  });

  test('reads no secret, and leaves out what the policy forbids', async () => {
    const state = smallState();
    state.forbidden.add('database/creds/readonly');
    await withTrial(subjectWith({}, state), async ({ process, fake, traces }) => {
      const found = await process().list();
      expect(found.map(({ label }) => label)).not.toContain('readonly (made for the session)');
      expect(traces).toContain('made for the session "readonly" is assigned to "web1", but not permitted');
      expect(fake.requests.filter(({ url }) => url.includes('/data/'))).toEqual([]);
    });
  });

  test('says that a mount is wrong, which is no empty folder', async () => {
    await withTrial(subjectWith({ kvMount: 'elsewhere' }), async ({ process }) => {
      await expect(process().list()).rejects.toMatchObject({ kind: 'misconfigured' });
    });
  });
});

describe('KV', () => {
  test('gives passwords and keys by the names of their fields', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const root = await open(trial, 'root');
      expect(secretOf(await root.process.retrieve(root.lease))).toBe('pw-of-root-in-kv-4711');
      const deploy = await open(trial, 'deploy');
      const key = await deploy.process.retrieve(deploy.lease);
      expect(key.kind === 'ssh-key' && key.passphrase?.reveal()).toBe('phrase-of-deploy-in-kv');
    });
  });

  test('gives a domain where the user name has one, and says which fields are missing', async () => {
    const state = smallState();
    state.secrets.set('hosts/web1/win', { login: 'CORP\\ann.admin', secret: 'pw-of-the-odd-fields' });
    const fields = { kvUsernameField: 'login', kvPasswordField: 'secret' };
    await withTrial(subjectWith(fields, state), async (trial) => {
      const win = await open(trial, 'win');
      expect(await win.process.retrieve(win.lease)).toMatchObject({ username: 'ann.admin', domain: 'CORP' });
      const root = await open(trial, 'root');
      await expect(root.process.retrieve(root.lease)).rejects.toMatchObject({
        ...{ kind: 'misconfigured', advice: expect.stringContaining('"secret"') },
      });
    });
  });

  test('gives nothing of another host, whatever a lease says', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const { process, lease } = await open(trial, 'root');
      const before = trial.fake.requests.length;
      for (const credential of ['["kv","hosts/web10","root"]', '["dynamic","superuser"]', 'nonsense']) {
        await expect(process.retrieve({ ...lease, credential })).rejects.toMatchObject({ kind: 'forbidden' });
      }
      expect(trial.fake.requests).toHaveLength(before);
    });
  });

  test('may be laid out by who asks', async () => {
    const state = smallState();
    state.secrets.set('people/ann/web1/own', { password: 'pw-of-ann-herself' });
    await withTrial(subjectWith({ kvPath: 'people/{username}/{hostname}' }, state), async (trial) => {
      const { process, lease } = await open(trial, 'own');
      expect(secretOf(await process.retrieve(lease))).toBe('pw-of-ann-herself');
    });
  });
});

describe('what is lent', () => {
  test('hangs on a token of its own that outlives that of the plugin, and is revoked with its lease', async () => {
    const subject = subjectWith();
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'readonly (made for the session)');
      const credential = await process.retrieve(lease);
      expect(credential).toMatchObject({ kind: 'password', username: 'v-gatehouse-1' });
      const sent = (path: string) => trial.fake.requests.find(({ url }) => url.endsWith(path))?.body ?? '';
      expect(JSON.parse(sent('create-orphan'))).toMatchObject({
        ...{ ttl: '3660s', renewable: false, meta: { lease: lease.id, person: 'CORP\\ann' } },
      });
      expect(trial.kept.get(lease.id)).toContain('database/creds/readonly/lease-1');
      await process.release(lease);
      expect(JSON.parse(sent('leases/revoke'))).toEqual({ lease_id: 'database/creds/readonly/lease-1', sync: true });
    });
  });

  test('by a library comes with the domain of the account, each to one session, until none is free', async () => {
    await withTrial(subjectWith(), async (trial) => {
      const credentials: Credential[] = [];
      for (let turn = 0; turn < 2; turn++) {
        const { process, lease } = await open(trial, 'admins (LDAP library)');
        credentials.push(await process.retrieve(lease));
      }
      expect(credentials).toMatchObject([
        { username: 'svc-admin1', domain: 'corp.example' },
        { username: 'svc-admin2', domain: 'corp.example' },
      ]);
      const third = await open(trial, 'admins (LDAP library)');
      await expect(third.process.retrieve(third.lease)).rejects.toMatchObject({
        ...{ kind: 'forbidden', advice: expect.stringContaining('No service accounts available') },
      });
      await third.process.release(third.lease);
      expect(trial.fake.held()).toHaveLength(2);
    });
  });
});

describe('a certificate', () => {
  test('is signed for the principals, names person and lease, and comes with the key that was made here', async () => {
    const subject = subjectWith({ sshMinutes: 3 });
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'ann, operators (SSH certificate)');
      const credential = await process.retrieve(lease);
      expect(credential).toMatchObject({ kind: 'ssh-certificate', username: 'ann' });
      expect(subject.state.signed).toMatchObject([
        {
          ...{ valid_principals: 'ann,oncall', ttl: '3m', cert_type: 'user' },
          key_id: `gatehouse person="CORP\\ann" lease=${lease.id}`,
        },
      ]);
      expect(JSON.stringify(trial.fake.requests)).not.toContain('PRIVATE KEY');
    });
  });

  test('is not made for a name that would be several principals', async () => {
    const subject = subjectWith({ sshPrincipals: '{username}' });
    await withTrial(subject, async (trial) => {
      const { process, lease } = await open(trial, 'ann, operators (SSH certificate)');
      const other = { ...lease, person: 'ann,root' };
      await expect(process.retrieve(other)).rejects.toMatchObject({ kind: 'forbidden' });
      expect(subject.state.signed).toEqual([]);
    });
  });

  test('belongs to a key that OpenSSH reads as the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-key-'));
    try {
      for (let turn = 0; turn < 3; turn++) {
        const { publicKey, privateKey } = await newKeyPair();
        const file = join(folder, `key-${turn}`);
        writeFileSync(file, privateKey.reveal(), { mode: 0o600 });
        const read = execFileSync('ssh-keygen', ['-y', '-P', '', '-f', file], { encoding: 'utf8' });
        expect(read.split(' ').slice(0, 2).join(' ').trim()).toBe(publicKey);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('signing in', () => {
  test('with a token of one’s own logs in nowhere, and is refused where the token is', async () => {
    const signIn = { method: 'token', token: fixedToken };
    await withTrial(subjectWith({ signIn }), async (trial) => {
      await trial.process().check();
      const { process, lease } = await open(trial, 'readonly (made for the session)');
      await process.retrieve(lease);
      await process.release(lease);
      expect(trial.fake.held()).toEqual([]);
      expect(trial.fake.logIns).toEqual([]);
    });
    await withTrial(subjectWith({ signIn: { ...signIn, token: 's.another-token' } }), async ({ process }) => {
      await expect(process().check()).rejects.toMatchObject({ kind: 'unauthorized' });
    });
  });

  test('with an AppRole for a check ends the token that the check got', async () => {
    const subject = subjectWith();
    await withTrial(subject, async ({ process }) => {
      await process().check();
      const made = [...subject.state.tokens].filter(([text]) => text !== fixedToken);
      expect(made.map(([, { isOver }]) => isOver)).toEqual([true]);
    });
  });

  test('tells a missing right from a token that is over', async () => {
    const state = smallState();
    state.forbidden.add('kv/metadata/hosts/web1');
    await withTrial(subjectWith({}, state), async ({ process, fake }) => {
      await expect(process().list()).rejects.toMatchObject({ kind: 'forbidden' });
      expect(fake.logIns).toHaveLength(1);
    });
  });

  test('says which rights are missing for what is lent', async () => {
    const state = smallState();
    state.forbidden.add('auth/token/create-orphan');
    await withTrial(subjectWith({}, state), async ({ process }) => {
      await expect(process().check()).rejects.toMatchObject({
        ...{ kind: 'forbidden', advice: expect.stringContaining('auth/token/create-orphan') },
      });
    });
  });

  test('names the namespace in every request', async () => {
    const state = Object.assign(smallState(), { namespace: 'team-a/' });
    await withTrial(subjectWith({ namespace: 'team-a/' }, state), async ({ process }) => {
      await process().check();
    });
  });

  test('says that a vault is sealed', async () => {
    const state = Object.assign(smallState(), { isSealed: true });
    await withTrial(subjectWith({}, state), async ({ process }) => {
      await expect(process().check()).rejects.toMatchObject({
        ...{ kind: 'unreachable', advice: expect.stringContaining('sealed') },
      });
    });
  });
});

describe('settings', () => {
  const good = { url: 'https://bao.corp.example', signIn: { method: 'token', token: 't' } };

  test.each([
    ['a line without a pair', { ldapSets: 'admins' }, 'ldapSets'],
    ['a name that is a path', { databaseRoles: 'db1=../sys' }, 'databaseRoles'],
    ['a path that climbs', { kvPath: 'hosts/../{hostname}' }, 'kvPath'],
    ['an address of nothing', { url: 'bao' }, 'url'],
  ])('with %s name the field', (_, some, field) => {
    expect(config.safeParse(good).success).toBe(true);
    expect(config.safeParse({ ...good, ...some }).error?.issues[0]?.path[0]).toBe(field);
  });

  test('tell every wrong line by its number', () => {
    expect(toAssignments('*=a\nb\n\nc=d=e\nf=g').wrong).toEqual([2, 4]);
  });
});

describe('a path', () => {
  const pathFor = (hostname: string, person = 'ann') =>
    toPath('hosts/{hostname}/{username}', placesOf(person, { hostname, address: null, domain: null }));

  test.each(['', ' ', '.', '..', 'web1/other', '../up', 'two\nlines', '\u0000'])('has no place for %j', (name) => {
    expect(pathFor(name)).toBeNull();
    expect(pathFor('web1', `CORP\\${name}`)).toBeNull();
  });

  test('has places for everything else, each as one segment of the address', () => {
    expect(pathFor('a?b#c&d=e%', '{hostname}')).toBe('hosts/a%3Fb%23c%26d%3De%25/%7Bhostname%7D');
  });
});
