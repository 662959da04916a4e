import type { Sql } from '@gatehouse/database';
import type { JumpMethod, ScriptAction } from '@gatehouse/remote-access/script';
import type { LaunchTarget } from '../api/launches.ts';
import { findJumpClients } from '../jump-clients/index.ts';
import { listReach, obstacleWords, type Reach } from '../reach/index.ts';

/** So many are offered; whoever has more to choose from searches better. */
export const mostTargets = 50;
/** Jump items are looked through for words that their search does not know, so many at once and altogether. */
const seenAtOnce = 500;
const mostSeen = 20_000;

type Kind = LaunchTarget['kind'];

/** Null: this site does it in no way. */
const kindsOf: Readonly<Record<JumpMethod, readonly Kind[]>> = {
  pinned: ['jump-client'],
  shelljump: ['shell-jump'],
  vnc: ['remote-vnc'],
  rdp: ['remote-rdp'],
  push: [],
  local_push: [],
};
const everyKind: readonly Kind[] = ['jump-client', 'shell-jump', 'remote-vnc', 'remote-rdp'];

/** What an action leads to among the things that a user reaches, by name; one more than is shown. */
export const findTargets = async (
  tx: Sql,
  userId: number,
  { action, parameters }: ScriptAction,
  at: Date,
): Promise<readonly LaunchTarget[]> => {
  const method = action === 'start_pinned_client_session' ? 'pinned' : parameters['jump.method'];
  const kinds = method === undefined ? everyKind : (kindsOf[method as JumpMethod] ?? []); // Read by `readAction`.
  const part = (name: string) => parameters[name]?.trim() ?? '';
  const wanted = {
    ...{ searchString: part('search_string'), hostname: part('client.hostname'), tag: part('client.tag') },
    ...{ comments: part('client.comments'), privateIp: part('client.private_ip'), publicIp: part('client.public_ip') },
  };
  const clients = kinds.includes('jump-client')
    ? await findJumpClients(tx, userId, { ...wanted, limit: mostTargets + 1 }, at)
    : [];
  // A Jump item has no addresses of its own: what is looked for by one is a Jump Client.
  const isItems = wanted.privateIp === '' && wanted.publicIp === '' && kinds.some((kind) => kind !== 'jump-client');
  const has = (text: string, some: string) => text.toLowerCase().includes(some.toLowerCase());
  const items: Reach[] = [];
  for (let offset = 0; isItems && offset < mostSeen; offset += seenAtOnce) {
    const seen = await listReach(tx, userId, at, { search: '', limit: seenAtOnce, offset });
    items.push(...seen);
    if (seen.length < seenAtOnce) break;
  }
  return [
    ...clients.map((one) => ({
      ...{ kind: 'jump-client' as const, id: one.id, name: one.name, hostname: one.hostname, tag: one.tag },
      ...{ jumpGroup: one.jumpGroup?.name ?? null, obstacle: one.obstacle },
    })),
    ...items
      .filter(
        ({ type, name, hostname, tag, comments }) =>
          kinds.includes(type) &&
          [name, hostname, tag, comments].some((text) => has(text, wanted.searchString)) &&
          has(hostname, wanted.hostname) &&
          has(tag, wanted.tag) &&
          has(comments, wanted.comments),
      )
      .map((one) => ({
        ...{ kind: one.type, id: one.id, name: one.name, hostname: one.hostname, tag: one.tag },
        ...{ jumpGroup: one.jumpGroup?.name ?? null },
        obstacle: one.obstacle === null ? null : obstacleWords[one.obstacle],
      })),
  ].slice(0, mostTargets + 1);
};
