import type { Embedded } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import { sealCredential } from '@gatehouse/remote-access/ecm';
import { connectSecond, type SecondEcm } from '@gatehouse/site/testing';
import type { Figure } from './figure.ts';
import { forgetPeak, mebibytes, memoryOf } from './process-memory.ts';
import { startSiteWorker } from './site-process.ts';

const ecms = 5;
/** Sessions that make the site as large as it is when it works, before any is measured. */
const warmUp = 200;
/** All of them wait in one line here, and nobody looks at a clock. */
const patienceMs = 1_800_000;

/**
 * (b) So many sessions ask the door of one site for their credential in the same moment, with five ECMs connected, and
 * all keep what they got until the last one has it. Asked at the door, because that is where a session is brokered: what
 * comes before is a request like any other, what comes after a connection to an endpoint. Each credential is sealed by
 * the ECM to its session and says for which it was made, so that one that went elsewhere shows. The waits of the door are
 * made long: people would have given up, the site must not.
 *
 * Memory is what the process of the site has in it (not its PostgreSQL, not the ECMs, which are here): the most it ever
 * was, less what it was before, for each session.
 */
export const measureSessions = async (
  server: Embedded,
  scratch: string,
  plan: { readonly sessions: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  await using site = await startSiteWorker(server, scratch, 'sessions', patienceMs);
  const errand = await site.errand('sarcher', 'web1');
  const token = await site.token();
  const connected: SecondEcm[] = [];
  try {
    for (let n = 0; n < ecms; n++) connected.push(await connectSecond(site.url, { token, name: `ecm ${n}`, serve }));
    await site.hold({ type: 'hold', from: 0, count: warmUp, ...errand });
    const before = memoryOf(site.pid).now;
    forgetPeak(site.pid);
    const { right, crossed, lost, ms } = await site.hold({
      ...{ type: 'hold', from: warmUp, count: plan.sessions, ...errand },
    });
    const { now, most } = memoryOf(site.pid);
    await site.release();
    const after = memoryOf(site.pid).now;
    say(
      `sessions: ${right} right, ${crossed} crossed, ${lost.length} lost in ${Math.round(ms / 1_000)} s; ` +
        `before ${mebibytes(before)}, at most ${mebibytes(most)}, with all of them ${mebibytes(now)}, after ${mebibytes(after)}; ` +
        `asked of the ECMs ${connected.map(({ called }) => called.length).join(', ')}`,
    );
    if (lost.length > 0) say(`sessions: the first that was lost: ${lost[0]}`);
    const name = `${plan.sessions} sessions brokered at once`;
    return [
      { name: `${name}, lost or crossed`, ours: plan.sessions - right, unit: 'of them', floor: null, limit: 0 },
      {
        ...{ name: `${name}, memory for each`, ours: Math.max(0, most - before) / plan.sessions, unit: 'KiB' },
        ...{ floor: null, limit: 50 },
      },
    ];
  } finally {
    for (const { socket } of connected) socket.terminate();
  }
};

/** An ECM that has every credential: `credential 7` is of `account 7`. */
const serve = (method: string, params: Readonly<Record<string, unknown>>) => {
  if (method !== 'credentials.retrieve') return { state: 'released' };
  const { lease, correlation, credential, publicKey } = params;
  const username = String(credential).replace('credential', 'account');
  const handed = { kind: 'password', username, domain: null, password: new Secret(`of ${username}`) } as const;
  const context = { lease: String(lease), correlation: String(correlation), credential: String(credential) };
  return { state: 'ready', sealed: sealCredential(handed, String(publicKey), context) };
};
