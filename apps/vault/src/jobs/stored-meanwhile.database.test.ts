import { randomBytes } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { testClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeOf, storeSecret } from '../credentials/index.ts';
import { setGlobalPermission } from '../delegation/index.ts';
import { openSecrets } from '../keys/index.ts';
import { identityPassword, type TestVault, testVault } from '../testing/test-vault.ts';
import { changeSecret } from './change-secret.ts';
import { steps } from './index.ts';
import { changeParts, credentialOf, keep } from './testing/bench.ts';
import { changeNow, countChanges, currentOf, letsIn, settleInTime } from './testing/cut-off.ts';

/** What is stored for an account while its password is being changed, at a server where sign-ins are real. */

const author = { name: 'test', impersonator: null, address: null, through: 'vault', correlationId: 'c-1' } as const;
let vault: TestVault;
let administrator: pg.Client;
let token: string;
const roles: string[] = [];
beforeAll(async () => {
  vault = await testVault({ role: 'web' });
  administrator = new pg.Client({ connectionString: vault.test.url });
  await administrator.connect();
  const identityId = await vault.identity('svc-store');
  await vault.database.system((tx) =>
    setGlobalPermission(tx, identityId, { logIn: true, allAccess: true, ignorePasswordCheckout: false }),
  );
  const login = { Username: 'svc-store', Password: identityPassword, LoginType: 1 };
  token = JSON.parse((await sdk('Login', login)).text);
});
afterAll(async () => {
  for (const role of roles) await administrator?.query(`drop role ${role}`);
  await administrator?.end();
  await vault?.close();
});

const sdk = (resource: string, body: Readonly<Record<string, string | number>>) =>
  testClient(vault.url).post(`/ERPMWebService/AuthService.svc/REST/${resource}`, body, {
    headers: { origin: undefined },
  });
const planted = () => `Planted-${randomBytes(8).toString('hex')}`;

interface Kept {
  readonly credentialId: string;
  readonly systemName: string;
  readonly instance: string;
  readonly name: string;
  readonly first: string;
}

/** A role of the server on which the vault itself is, and what the vault knows of it. */
const keepRole = async (): Promise<Kept> => {
  const url = new URL(vault.test.url);
  const [name, first] = [`stored_${randomBytes(5).toString('hex')}`, planted()];
  roles.push(name);
  await administrator.query(`create role ${name} login password '${first}'`);
  const system = { kind: 'postgresql', address: url.hostname, port: Number(url.port), trust: ['unencrypted'] };
  const { credentialId } = await keep(vault, {
    ...{ system, type: 'postgresql', namespace: '[PostgreSQL]', accountName: name, secret: first },
  });
  const instance = url.pathname.slice(1);
  await sql`update credentials set instance_name = ${instance} where credential_id = ${credentialId}`.execute(
    vault.database.owner,
  );
  const { systemName } = await credentialOf(vault, credentialId);
  return { credentialId, systemName, instance, name, first };
};

/** The three ways in which somebody stores a password. Each answers whether it was stored. */
const ways = {
  page: async ({ credentialId }: Kept, value: string) =>
    (await vault.operator.ask('PUT', `/api/credentials/${credentialId}/secret`, { body: { from: 'entered', value } }))
      .status,
  file: async ({ systemName, instance, name }: Kept, value: string) =>
    (
      await fetch(`${vault.url}/api/credentials/import`, {
        method: 'POST',
        headers: { authorization: `Bearer ${vault.operatorToken}`, origin: vault.url, 'content-type': 'text/csv' },
        body: `${systemName},${instance},[PostgreSQL],${name},${value}`,
      })
    ).status,
  sdk: async ({ systemName, instance, name }: Kept, value: string) =>
    (
      await sdk('StoredCredential', {
        ...{ AuthenticationToken: token, SystemName: systemName, Namespace: '[PostgreSQL]', AccountName: name },
        ...{ InstanceName: instance, Password: value },
      })
    ).status,
};

/** Every secret that the vault still has for it, in the clear. */
const allOf = async ({ credentialId }: Kept): Promise<readonly string[]> => {
  const { rows } = await sql<{ secretId: string }>`
    select secret_id as "secretId" from credentials where credential_id = ${credentialId}
    union select secret_id from former_secrets where credential_id = ${credentialId}`.execute(vault.database.owner);
  const of = rows.map(({ secretId }) => ({ secretId, place: placeOf(credentialId) }));
  const opened = await vault.database.system((tx) => openSecrets(tx, vault.parts.envelope, of));
  return [...opened.values()].map((secret) => secret.reveal());
};

/** Of what belongs to it, nothing is there that is neither current nor kept for the day on which nothing else works. */
const countLost = async ({ credentialId }: Kept): Promise<number> => {
  const { rows } = await sql`select 1 from secrets where place = ${placeOf(credentialId)}
    and secret_id not in (select secret_id from credentials where secret_id is not null)
    and secret_id not in (select secret_id from former_secrets)
    and secret_id not in (select next_secret_id from changes)`.execute(vault.database.owner);
  return rows.length;
};

const works = async ({ credentialId }: Kept): Promise<boolean> =>
  letsIn(vault, credentialId, await currentOf(vault, credentialId));

const moments = steps.filter((step) => step !== 'finish' && step !== 'forget');
const cases = moments.flatMap((step, at) =>
  (['set there', 'not set there'] as const).map((where, other) => {
    const way = (['page', 'file', 'sdk'] as const)[(at + other) % 3] ?? 'page';
    return { step, where, way };
  }),
);

test.each(cases)(
  'what is stored by $way before the step "$step" of a change, and was $where, is not lost, and neither is the change',
  async ({ way, step, where }) => {
    const kept = await keepRole();
    const entered = planted();
    let isOnce = false;
    const parts = changeParts(vault, {
      onStep: async (at) => {
        if (at !== step || isOnce) return;
        isOnce = true;
        if (where === 'set there') await administrator.query(`alter role ${kept.name} password '${entered}'`);
        expect(await ways[way](kept, entered)).toBeLessThan(300);
      },
    });
    await changeNow(vault, kept.credentialId, parts);
    expect(isOnce).toBe(true);
    await settleInTime(vault, changeParts(vault), kept.credentialId);
    expect(await works(kept)).toBe(true);
    expect(await allOf(kept)).toEqual(expect.arrayContaining([kept.first, entered]));
    expect([await countChanges(vault), await countLost(kept)]).toEqual([0, 0]);
    expect((await changeNow(vault, kept.credentialId)).state).toBe('changed');
    expect(await works(kept)).toBe(true);
  },
);

/** As a program asks for it; answers the status and what it says. */
const checkOut = async ({ systemName, instance, name }: Kept) => {
  const path = '/ERPMWebService/json/V2/AuthService.svc/AccountStoreOps_StoredCredential_CheckOut';
  const { status, headers, body } = await testClient(vault.url).post(path, {
    ...{ AuthenticationToken: token, Comment: 'a test', Minutes: 5 },
    AccountIdentificationInfo: {
      AccountName: name,
      AccountStore: { TargetName: systemName, Type: 20, InstanceName: instance },
    },
  });
  return { status, wait: headers.get('retry-after'), code: body.ErrorCode, password: body.Password };
};

test('a password is handed out to nobody while it is being changed, and at once when it was', async () => {
  const kept = await keepRole();
  const told: unknown[] = [];
  const parts = changeParts(vault, {
    onStep: async (step) => {
      if (step !== 'write') told.push(await checkOut(kept));
    },
  });
  expect((await changeNow(vault, kept.credentialId, parts)).state).toBe('changed');
  expect(told.length).toBeGreaterThan(3);
  for (const one of told) expect(one).toEqual({ status: 503, wait: '2', code: 'unavailable', password: undefined });
  const current = await currentOf(vault, kept.credentialId);
  expect(await checkOut(kept)).toMatchObject({ status: 200, password: current.reveal() });
});

test('a password that was handed out just before its change began is not changed, unless its job says so', async () => {
  const kept = await keepRole();
  let status = 0;
  const parts = changeParts(vault, {
    onStep: async (step) => {
      if (step === 'write' && status === 0) ({ status } = await checkOut(kept));
    },
  });
  const order = { credentialId: kept.credentialId, jobId: null, author, signal: new AbortController().signal };
  expect(await changeSecret(parts, { ...order, heedsCheckouts: true })).toEqual({ state: 'checked out' });
  expect([status, await countChanges(vault)]).toEqual([200, 0]);
  expect(await works(kept)).toBe(true);
  expect((await changeSecret(parts, order)).state).toBe('changed');
});

describe('a change of which nobody knows how it ended', () => {
  /** Both passwords that the vault knows are wrong there. */
  const strand = async () => {
    const kept = await keepRole();
    const outcome = await changeNow(
      vault,
      kept.credentialId,
      changeParts(vault, {
        onStep: async (step) => {
          if (step === 'note') await administrator.query(`alter role ${kept.name} password '${planted()}'`);
        },
      }),
    );
    expect(outcome.state).toBe('unknown');
    await settleInTime(vault, changeParts(vault), kept.credentialId);
    expect(await countChanges(vault)).toBe(1);
    return kept;
  };

  test('ends with the password that somebody sets there and stores', async () => {
    const kept = await strand();
    const entered = planted();
    await administrator.query(`alter role ${kept.name} password '${entered}'`);
    expect(await ways.page(kept, entered)).toBe(204);
    await settleInTime(vault, changeParts(vault), kept.credentialId);
    expect((await currentOf(vault, kept.credentialId)).reveal()).toBe(entered);
    expect([await works(kept), await countChanges(vault), await countLost(kept)]).toEqual([true, 0, 0]);
    expect((await changeNow(vault, kept.credentialId)).state).toBe('changed');
  });

  test('goes back to the password before it where what was stored is wrong', async () => {
    const kept = await strand();
    await administrator.query(`alter role ${kept.name} password '${kept.first}'`);
    expect(await ways.page(kept, planted())).toBe(204);
    await settleInTime(vault, changeParts(vault), kept.credentialId);
    expect((await currentOf(vault, kept.credentialId)).reveal()).toBe(kept.first);
    expect([await works(kept), await countChanges(vault), await countLost(kept)]).toEqual([true, 0, 0]);
  });
});

test('passwords that are stored at the same moment are all kept', async () => {
  const kept = await keepRole();
  const entered = Array.from({ length: 12 }, planted);
  await Promise.all(
    entered.map((value) =>
      vault.database.system((tx) =>
        storeSecret(tx, vault.parts.envelope, {
          ...{ credentialId: kept.credentialId, secret: new Secret(value), at: new Date(), isVerified: null },
        }),
      ),
    ),
  );
  expect(await allOf(kept)).toEqual(expect.arrayContaining([kept.first, ...entered]));
  expect(await countLost(kept)).toBe(0);
});

test('passwords that are stored from every side while one is changed again and again are all kept', async () => {
  const kept = await keepRole();
  const entered = Array.from({ length: 24 }, planted);
  const each = Object.values(ways);
  const storing = entered.map((value, at) => each[at % each.length]?.(kept, value));
  const changing = (async () => {
    for (let round = 0; round < 6; round++) await changeNow(vault, kept.credentialId);
  })();
  expect((await Promise.all(storing)).every((status) => (status ?? 500) < 300)).toBe(true);
  await changing;
  await settleInTime(vault, changeParts(vault), kept.credentialId);
  const all = await allOf(kept);
  for (const value of [kept.first, ...entered]) expect(all).toContain(value);
  expect(await countLost(kept)).toBe(0);
  const opens = await Promise.all(all.map((value) => letsIn(vault, kept.credentialId, new Secret(value))));
  expect(opens.filter(Boolean)).toHaveLength(1);
});
