import type { Duplex } from 'node:stream';
import type { Database, Sql } from '@gatehouse/database';
import { Fault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { JumpHub } from './hub.ts';

/** From where sessions reach their endpoints. */
export interface Jumpoints {
  /** Nothing where the site itself reaches it; else how it is dialled through a Jump Client. */
  wayTo(place: { readonly jumpointId: number; readonly host: string; readonly port: number }): {
    dial?(): Promise<Duplex>;
  };
}

/** The site itself: there from the beginning. */
export const thisSite = 1;

export const createJumpoints = ({
  database,
  hub,
}: {
  readonly database: Database;
  readonly hub: JumpHub;
}): Jumpoints => ({
  wayTo: ({ jumpointId, host, port }) =>
    jumpointId === thisSite ? {} : { dial: () => dial({ database, hub }, jumpointId, { host, port }) },
});

interface Standing {
  readonly name: string;
  readonly enabled: boolean;
  /** The Jump Clients that serve it, the one connected longest first. */
  readonly clients: readonly number[];
}

/** Each Jump Client in turn: another one may reach what the first one does not. @throws Fault of the last one */
const dial = async (
  { database, hub }: { readonly database: Database; readonly hub: JumpHub },
  jumpointId: number,
  to: { readonly host: string; readonly port: number },
): Promise<Duplex> => {
  const standing = await database.system((tx) => findStanding(tx, jumpointId));
  if (standing === null || !standing.enabled)
    throw new Fault(
      'forbidden',
      'The Jumpoint of this item is switched off. An administrator sees it in Jump > Jumpoints.',
    );
  let failure = new Fault(
    'unreachable',
    `No Jump Client of the Jumpoint ${standing.name} is connected. An administrator sees them in Jump > Jump Clients.`,
  );
  for (const id of standing.clients)
    try {
      return (await hub.open(id, { kind: 'tcp', ...to })).channel.stream;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      failure = error;
    }
  throw failure;
};

const findStanding = async (tx: Sql, jumpointId: number): Promise<Standing | null> => {
  const { rows } = await sql<Standing>`
    select j.name, j.enabled, coalesce((select jsonb_agg(c.id order by c.connected_at, c.id) from jump_clients c
      where c.jumpoint_id = j.id and c.process_id is not null and not c.is_locked), '[]') as clients
    from jumpoints j where j.id = ${jumpointId}`.execute(tx);
  return rows[0] ?? null;
};
