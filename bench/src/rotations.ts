import type { Embedded } from '@gatehouse/database';
import { ok } from '@gatehouse/server/testing';
import ssh2 from 'ssh2';
import { type Account, noOpenSsh, type OpenSsh, startOpenSsh } from '../../test/servers/openssh/server.ts';
import { type Figure, median } from './figure.ts';
import { type Program, startProgram } from './programs.ts';

interface Turn {
  /** In a second. */
  readonly ours: number;
  readonly floor: number;
}

const password = 'A planted password 1 of a bench';
const login: Account = { name: 'rotator', password, maySudo: true };
/** Each is a system of its own to the vault, which changes one account of a system at a time. */
const mostAccounts = 40;
/** As many as a worker of the vault changes at once. */
const width = 8;
const turns = 5;

/**
 * (d) The vault, a process of its own, changes passwords on a real server as it does in production: it signs in with a
 * login account, feeds chpasswd through sudo, and signs in once more with the new password to prove it; jobs, audit and
 * both secrets are written down at every step. Against as many bare log-ins of ssh2 (connect, authenticate, end), as many
 * at once, to the same account of the same server. The two take turns.
 */
export const measureRotations = async (
  server: Embedded,
  scratch: string,
  plan: { readonly changes: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  const reason = noOpenSsh();
  if (reason !== null) {
    say(`rotations: left out, ${reason}`);
    return [];
  }
  const accounts = Array.from({ length: Math.min(mostAccounts, plan.changes) }, (_, n) => ({
    name: `a${n}`,
    password,
  }));
  await using target = await startOpenSsh([login, ...accounts]);
  await using vault = await startProgram('vault', server, scratch);
  const credentials = await keepAccounts(vault, target, accounts);
  const perTurn = Math.ceil(plan.changes / turns);
  const measured: Turn[] = [];
  // A first turn that is not counted warms both up.
  for (let turn = 0; turn <= turns; turn++) {
    const count = turn === 0 ? Math.min(perTurn, credentials.length) : perTurn;
    const one = {
      floor: await rateOf(count, () => logIns(target, count)),
      ours: await rateOf(count, () => change(vault, credentials, count)),
    };
    say(
      `rotations: ${turn === 0 ? 'warm-up' : `turn ${turn}`}: ${one.ours.toFixed(1)} changes/s, ${one.floor.toFixed(1)} log-ins/s`,
    );
    if (turn > 0) measured.push(one);
  }
  return [
    {
      ...{ name: `${perTurn * turns} passwords changed and verified over SSH`, unit: 'a second', limit: null },
      ours: median(measured.map(({ ours }) => ours)),
      floor: { name: 'bare log-ins of ssh2', value: median(measured.map(({ floor }) => floor)), atLeast: 0.3 },
    },
  ];
};

const rateOf = async (count: number, work: () => Promise<void>): Promise<number> => {
  const began = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - began);
};

/** Ids of the credentials, each on a system with the login account. */
const keepAccounts = async (
  { operator }: Program,
  target: OpenSsh,
  accounts: readonly Account[],
): Promise<readonly string[]> => {
  const place = { kind: 'linux', address: target.address, port: target.port, trust: [target.hostKeys.ed25519] };
  const addSystem = async (name: string, more: { loginCredentialId?: string } = {}): Promise<string> =>
    (await ok(operator.post('/api/systems', { name, ...place, ...more }))).body.systemId;
  const addCredential = async (systemId: string, { name, password: value }: Account): Promise<string> =>
    (await ok(operator.post('/api/credentials', { systemId, accountName: name, secret: { from: 'entered', value } })))
      .body.credentialId;
  const loginCredentialId = await addCredential(await addSystem('jump'), login);
  const ids: string[] = [];
  for (const account of accounts)
    ids.push(await addCredential(await addSystem(`host-${account.name}`, { loginCredentialId }), account));
  return ids;
};

/** Makes jobs until so many changes are asked for, and waits until all of them were made. */
const change = async ({ operator }: Program, credentials: readonly string[], count: number): Promise<void> => {
  const jobs: number[] = [];
  for (let left = count; left > 0; left -= credentials.length) {
    const credentialIds = credentials.slice(0, left);
    // A worker whose claims meet gives one of them back: that is no failure.
    const settings = { attempts: 1 };
    jobs.push((await ok(operator.post('/api/jobs', { kind: 'password_change', credentialIds, settings }))).body.jobId);
  }
  for (const jobId of jobs) await isOver({ operator }, jobId);
};

const isOver = async ({ operator }: Pick<Program, 'operator'>, jobId: number): Promise<void> => {
  for (;;) {
    const { state, targets } = (await ok(operator.get(`/api/jobs/${jobId}`))).body;
    if (state === 'succeeded') return;
    if (state !== 'waiting' && state !== 'running')
      throw new Error(
        `A job ended as ${state}: ${JSON.stringify(targets.find((one: { state: string }) => one.state === 'failed'))}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const logIns = async (target: OpenSsh, count: number): Promise<void> => {
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await logIn(target);
    }
  };
  await Promise.all(Array.from({ length: width }, one));
};

const logIn = ({ address: host, port }: OpenSsh): Promise<void> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('close', () => resolve());
    client.on('ready', () => client.end());
    client.connect({ host, port, username: login.name, password, hostVerifier: () => true, readyTimeout: 60_000 });
  });
