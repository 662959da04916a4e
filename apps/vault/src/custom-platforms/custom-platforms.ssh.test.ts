import { randomBytes } from 'node:crypto';
import type { Json } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../../../test/servers/openssh/server.ts';
import { listEntries } from '../audit/index.ts';
import { findCredential, readCurrentSecret } from '../credentials/index.ts';
import { type TestVault, testVault } from '../testing/test-vault.ts';

const reason = noOpenSsh();
const planted = () => `Planted-${randomBytes(6).toString('hex')}`;
/** A host whose accounts are lines of a file that only its keeper knows how to change. */
const rules = {
  how: 'commands',
  verify: 'read -r is; [ "$is" = "$(cat {account}.radio)" ] || exit 1',
  change:
    'read -r is; read -r next; [ "$is" = "$(cat {account}.radio)" ] || exit 1; printf %s "$next" > {account}.radio',
};

describe.skipIf(reason !== null)(
  `a system that an administrator describes${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    const keeper: Account = { name: 'keeper', password: planted() };
    let server: OpenSsh;
    let vault: TestVault;
    let platformId: string;
    beforeAll(async () => {
      [server, vault] = await Promise.all([startOpenSsh([keeper]), testVault()]);
      platformId = (await make('/api/platforms', { name: 'Radio', rules })).platformId;
    });
    afterAll(async () => {
      await Promise.all([server?.stop(), vault?.close()]);
    });

    const make = async (path: string, body: Json) => {
      const answer = await vault.operator.post(path, body);
      expect(answer.status, answer.text).toBe(201);
      return answer.body;
    };
    const over = async (jobId: number) => {
      const state = async () => (await vault.operator.get(`/api/jobs/${jobId}`)).body.state;
      await expect.poll(state, { timeout: 20_000, interval: 100 }).not.toMatch(/waiting|running/);
      return (await vault.operator.get(`/api/jobs/${jobId}`)).body;
    };
    const ask = async (credentialId: string, what: 'change' | 'verify') =>
      over((await vault.operator.post(`/api/credentials/${credentialId}/${what}`, {})).body.jobId);
    const secretOf = (credentialId: string) =>
      vault.database.system(async (tx) => {
        const credential = await findCredential(tx, credentialId);
        return credential && (await readCurrentSecret(tx, vault.parts.envelope, credential)).reveal();
      });

    test('has its passwords changed and verified by what was entered, and is added by a file too', async () => {
      const first = planted();
      await server.asRoot(`printf %s ${first} > ~keeper/north.radio; chown keeper ~keeper/north.radio`);
      const imported = await fetch(`${vault.url}/api/credentials/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${vault.operatorToken}`, origin: vault.url, 'content-type': 'text/csv' },
        body: `mast,,[radio],north,${first}\nmast,,[Radio],keeper,${keeper.password}\nhut,,[Stove],oven,x`,
      });
      expect(await imported.json()).toMatchObject({ created: 3, systemsCreated: 2 });
      const { items } = (await vault.operator.get(`/api/systems?platformId=${platformId}`)).body;
      expect(items).toMatchObject([{ name: 'mast', kind: 'other', platformName: 'Radio', credentials: 2 }]);
      const [{ systemId }] = items;
      const credentials = (await vault.operator.get(`/api/credentials?systemId=${systemId}`)).body.items;
      const idOf = (name: string) =>
        credentials.find((one: Json & { accountName: string }) => one.accountName === name).credentialId;
      const patched = await vault.operator.ask('PATCH', `/api/systems/${systemId}`, {
        body: { address: `${server.address}:${server.port}`, loginCredentialId: idOf('keeper') },
      });
      expect(patched.body).toMatchObject({ platformId, platformName: 'Radio' });
      expect(await ask(idOf('north'), 'verify')).toMatchObject({ state: 'succeeded' });
      expect(await ask(idOf('north'), 'change')).toMatchObject({ state: 'succeeded' });
      const current = await secretOf(idOf('north'));
      expect(current).not.toBe(first);
      expect(await server.asRoot('cat ~keeper/north.radio')).toBe(current);
      const added = await make('/api/credentials', { systemId, accountName: 'south', secret: { from: 'random' } });
      expect(added).toMatchObject({ namespace: '[Radio]', type: 'custom' });
    });

    test('is not touched where no platform is chosen, and the job says what to choose', async () => {
      const { items } = (await vault.operator.get('/api/credentials?search=oven')).body;
      expect(await ask(items[0].credentialId, 'verify')).toMatchObject({
        ...{ state: 'failed', targets: [{ message: expect.stringContaining('Choose a custom platform') }] },
      });
    });

    test('keeps its platform from being deleted, and what was changed of it stands in the audit', async () => {
      expect((await vault.operator.ask('DELETE', `/api/platforms/${platformId}`)).body.detail).toContain('mast');
      const change = `${rules.change}; echo {account}`;
      const body = { name: 'Radio', comment: 'Second try', rules: { ...rules, change } };
      const put = await vault.operator.ask('PUT', `/api/platforms/${platformId}`, { body });
      expect(put.body).toMatchObject({ comment: 'Second try', systems: 1, rules: { change, refusedCode: 1 } });
      const entries = await vault.database.system((tx) =>
        listEntries(tx, sql`message = 'changed the custom platform Radio'`, 'oldest', 10),
      );
      expect(entries).toMatchObject([{ target: 'Radio', arguments: { rules: { change } } }]);
      const idle = await make('/api/platforms', { name: 'Idle', rules });
      expect((await vault.operator.ask('DELETE', `/api/platforms/${idle.platformId}`)).status).toBe(204);
    });

    test.each([
      ['a name that is there', { name: 'radio', rules }, 409, 'name'],
      [
        'a command with a secret in it',
        { name: 'A', rules: { ...rules, change: 'set {account} {next}' } },
        400,
        'rules.change',
      ],
      [
        'a dialogue that sends no new password',
        {
          name: 'A',
          rules: {
            how: 'dialogue',
            verify: null,
            change: { steps: [{ expect: '', send: 'x' }], succeeded: 'ok', refused: '' },
          },
        },
        400,
        'rules.change.steps',
      ],
      ['another way', { name: 'A', rules: { how: 'telnet' } }, 400, 'rules.how'],
    ])('%s is refused by its field', async (_, body, status, field) => {
      const refused = await vault.operator.post('/api/platforms', body);
      expect([refused.status, refused.body.errors[0].field]).toEqual([status, field]);
    });

    test('of a kind that the vault knows has none', async () => {
      const refused = await vault.operator.post('/api/systems', { name: 'web1', kind: 'linux', platformId });
      expect([refused.status, refused.body.errors[0].field]).toEqual([400, 'platformId']);
      const { systemId } = await make('/api/systems', { name: 'mast2', kind: 'other', platformId });
      const changed = await vault.operator.ask('PATCH', `/api/systems/${systemId}`, { body: { kind: 'linux' } });
      expect(changed.body.errors[0].field).toBe('platformId');
    });
  },
);
