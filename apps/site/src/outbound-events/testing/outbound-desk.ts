import { randomBytes } from 'node:crypto';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { outboundEvents } from '../../api/outbound-events.ts';
import { type Desk, openDesk } from '../../support/testing/desk.ts';
import { until } from '../../testing/errands.ts';
import type { Receiver } from './receiver.ts';

export const recipients = '/api/outbound-events/recipients';

/** A site that may send to loopback. */
export interface OutboundDesk extends Desk {
  /** A recipient of every event. */
  add(receiver: Pick<Receiver, 'url'>, more?: object): Promise<number>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
  find(id: number): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  deliveries(id: number): Promise<any>;
  /** What Anna does in a session. */
  act(lsid: string, what: string, body?: { readonly queue: string }): Promise<unknown>;
  /** What failed is due again. */
  later(ms: number): void;
  /** So many events of one session at once, each told apart by its second. */
  burst(count: number): Promise<void>;
  /** No recipient is left. */
  clear(): Promise<void>;
}

/** @param timeoutMs How long an answer is waited for: short where one never comes, long where all do. */
export const openOutboundDesk = async (timeoutMs = 300): Promise<OutboundDesk> => {
  // So seldom that what arrives in time was heard of.
  const desk = await openDesk({ allowPrivateWebhooks: true, outboundPace: { everyMs: 3_600_000, timeoutMs } });
  const { operator, anna, database } = desk;
  return {
    ...desk,
    async add({ url }, more = {}) {
      const name = randomBytes(8).toString('hex');
      const body = { name, url, allow_http: true, events: [...outboundEvents], ...more };
      return (await ok(operator.post(recipients, JSON.parse(JSON.stringify(body))))).body.id;
    },
    find: async (id) => (await ok(operator.get(`${recipients}/${id}`))).body,
    deliveries: async (id) => (await ok(operator.get(`${recipients}/${id}/deliveries?limit=500`))).body.items,
    act: (lsid, what, body) => ok(anna.post(`/api/support/sessions/${lsid}/${what}`, body)),
    later(ms) {
      desk.clock.move(ms);
      desk.site.outbound.wake();
    },
    async burst(count) {
      const lsid = await desk.wait();
      await sql`with added as (
          insert into support_events (lsid, seq, at, type, performed_by, body)
          select ${lsid}, 100 + n, to_timestamp(1000000 + n), 'member_added', 1, '{}' from generate_series(1, ${count}::int) n
          order by n returning 1)
        select pg_notify('support_events', '{}') from added limit 1`.execute(database.owner);
    },
    clear: async () => void (await sql`delete from outbound_recipients`.execute(database.owner)),
  };
};

export const arrived = (receiver: Receiver, count: number) =>
  until(
    () => receiver.posted.length >= count,
    () => receiver.events(),
  );
/** Of a burst, in the order in which they came. */
export const secondsOf = ({ posted }: Receiver): readonly number[] =>
  posted.map(({ body }) => Number(new URLSearchParams(body).get('timestamp')) - 1_000_000);
export const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
