import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { z } from 'zod';
import { LiveParticipant, type LiveSession } from '../../api/live.ts';
import { LentMachine } from '../../api/support.ts';
import { lentMachine } from '../lent-machine.ts';

const Row = z.object({
  lsid: z.string(),
  state: z.enum(['waiting', 'active', 'ended']),
  owner: z.int().nullable(),
  externalKey: z.string(),
  attributes: z.record(z.string(), z.string()),
  queue: z.string(),
  endReason: z.string().nullable(),
  beganAt: z.date(),
  endedAt: z.date().nullable(),
  participants: z.array(LiveParticipant.extend({ joinedAt: z.string(), leftAt: z.string().nullable() })),
  machine: LentMachine.nullable(),
});

/** Sessions as each side sees them, by their ids. */
export const findLive = async (
  tx: Sql,
  lsids: readonly string[],
): Promise<ReadonlyMap<string, { readonly customer: LiveSession; readonly representative: LiveSession }>> => {
  if (lsids.length === 0) return new Map();
  const { rows } = await sql`
    select s.lsid, s.state, s.owner, s.external_key as "externalKey", s.attributes, s.end_reason as "endReason",
      s.began_at as "beganAt", s.ended_at as "endedAt",
      s.queue || coalesce(':' || s.queue_id, '') as queue, ${lentMachine} as machine,
      coalesce((select jsonb_agg(jsonb_build_object('gsnumber', p.gsnumber, 'kind', p.kind, 'name', p.name,
        'joinedAt', p.joined_at, 'leftAt', p.left_at) order by p.gsnumber)
        from support_participants p where p.lsid = s.lsid), '[]') as participants
    from support_sessions s where s.lsid = any(${lsids}::text[])`.execute(tx);
  return new Map(
    z
      .array(Row)
      .parse(rows)
      .map(({ participants, beganAt, endedAt, ...row }) => {
        const representative: LiveSession = {
          ...row,
          ...{ beganAt: beganAt.toISOString(), endedAt: endedAt?.toISOString() ?? null },
          participants: participants.map((one) => ({
            ...one,
            joinedAt: new Date(one.joinedAt).toISOString(),
            leftAt: one.leftAt === null ? null : new Date(one.leftAt).toISOString(),
          })),
        };
        // The key of a ticket and its fields are the representatives'.
        return [
          row.lsid,
          { representative, customer: { ...representative, externalKey: null, attributes: {}, queue: '' } },
        ];
      }),
  );
};
