// A process of its own: the site, with what asks its door for credentials. `<database> <home> <waits in ms>`.
import { performance } from 'node:perf_hooks';
import { newId, type PersonId } from '@gatehouse/kernel';
import type { Principal } from '@gatehouse/server';
import { startSite } from '@gatehouse/site';
import { sql } from 'kysely';

/** Whose sessions they are, and with what. */
export interface ErrandTask {
  readonly personId: string;
  readonly userId: number;
  readonly itemId: number;
}

export type SiteTask =
  /** Whether an ECM answers. */
  | ({ readonly type: 'list' } & ErrandTask)
  /** One session after the other: asked, handed, given back. */
  | ({ readonly type: 'ask'; readonly credential: string; readonly count: number } & ErrandTask)
  /** All at once, each with a credential of its own, and all of them kept. */
  | ({ readonly type: 'hold'; readonly from: number; readonly count: number } & ErrandTask)
  | { readonly type: 'release' };

export type SiteAnswer =
  | { readonly type: 'listed'; readonly credentials: readonly string[] }
  | { readonly type: 'asked'; readonly ms: readonly number[] }
  /** Sessions whose account is that of their credential, of another, and the words of those that got none. */
  | {
      readonly type: 'held';
      readonly right: number;
      readonly crossed: number;
      readonly lost: readonly string[];
      readonly ms: number;
    }
  | { readonly type: 'released' };

const [databaseUrl = '', home = '', waitMs = ''] = process.argv.slice(2);
const patience = waitMs === '' ? {} : { ecmPace: { totalMs: Number(waitMs), turnMs: Number(waitMs) } };
const site = await startSite({ databaseUrl, home, network: { port: 0 }, ...patience });
const { door } = site.ecm;
interface Held {
  readonly principal: Principal;
  readonly credential: unknown;
}

/** What sessions have, as long as they last. */
const held = new Map<string, Held>();

const errandOf = ({ personId, userId, itemId }: ErrandTask) => ({
  principal: {
    ...({ kind: 'person', personId: personId as PersonId, name: 'Ada Keller', email: 'ada@example.com' } as const),
    systemAdministrator: true,
  },
  ...{ userId, jumpItem: { type: 'shell-jump', id: itemId } as const, correlationId: newId<string>() },
});

const wantedOf = (task: ErrandTask, credential: string) => ({
  ...{ ...errandOf(task), sessionId: newId<string>(), credential, reason: 'a bench', expiresInMs: 3_600_000 },
});

/** Nothing of the session before may still be under way while the next one is timed. */
const isQuiet = async (): Promise<boolean> => {
  const { rows } = await sql`select 1 from brokered where state <> 'ended' limit 1`.execute(site.database.owner);
  return rows.length === 0;
};

const ask = async (task: Extract<SiteTask, { type: 'ask' }>): Promise<SiteAnswer> => {
  const ms: number[] = [];
  for (let turn = 0; turn < task.count; turn++) {
    const wanted = wantedOf(task, task.credential);
    const began = performance.now();
    const { state } = await door.retrieveCredential(wanted);
    await door.releaseCredential(wanted.sessionId, wanted.principal);
    ms.push(performance.now() - began);
    if (state !== 'ready') throw new Error(`A credential is ${state}.`);
    while (!(await isQuiet())) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { type: 'asked', ms };
};

const hold = async (task: Extract<SiteTask, { type: 'hold' }>): Promise<SiteAnswer> => {
  const counted = { right: 0, crossed: 0 };
  const lost: string[] = [];
  const began = performance.now();
  const one = async (number: number): Promise<void> => {
    const wanted = wantedOf(task, `credential ${number}`);
    try {
      const answer = await door.retrieveCredential(wanted);
      if (answer.state !== 'ready') throw new Error(answer.state);
      held.set(wanted.sessionId, { principal: wanted.principal, credential: answer.credential });
      if (answer.credential.username === `account ${number}`) counted.right += 1;
      else counted.crossed += 1;
    } catch (error) {
      lost.push(String(error));
    }
  };
  await Promise.all(Array.from({ length: task.count }, (_, n) => one(task.from + n)));
  return { type: 'held', ...counted, lost, ms: performance.now() - began };
};

const release = async (): Promise<SiteAnswer> => {
  const left = [...held];
  const some = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop())
      await door.releaseCredential(next[0], next[1].principal);
  };
  await Promise.all(Array.from({ length: 20 }, some));
  held.clear();
  while (!(await isQuiet())) await new Promise((resolve) => setTimeout(resolve, 50));
  return { type: 'released' };
};

const list = async (task: ErrandTask): Promise<SiteAnswer> => ({
  type: 'listed',
  credentials: await door.listCredentials(errandOf(task)).then(
    ({ credentials }) => credentials.map(({ credential }) => credential),
    // No ECM is connected yet.
    () => [],
  ),
});

const perform = (task: SiteTask): Promise<SiteAnswer> => {
  if (task.type === 'list') return list(task);
  if (task.type === 'ask') return ask(task);
  return task.type === 'hold' ? hold(task) : release();
};

process.on('message', (task: SiteTask) => {
  perform(task).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
const stop = () => void site.close().finally(() => process.exit());
process.on('disconnect', stop);
process.on('SIGTERM', stop);
process.send?.({ type: 'ready', url: site.url });
