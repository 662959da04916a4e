import { setTimeout as pause } from 'node:timers/promises';
import type { FieldValues, Ticket } from '@gatehouse/desk-kit';
import { Secret } from '@gatehouse/kernel';
import { type Act, audit, problems } from '@gatehouse/server';
import type { Assignment } from '../api/connections.ts';
import { KeyAnswer } from '../api/keys.ts';
import type { Connection, OpenDesk } from '../connections/index.ts';
import type { DeskParts } from '../parts.ts';
import { renderInvitation } from '../report/index.ts';
import type { SiteClient } from '../sites/index.ts';
import { resolveQueue } from './assign.ts';
import { startLink } from './start-link.ts';
import { saveStart } from './starts.ts';
import { beginKey, findKey, forgetKey, keepKey } from './store.ts';
import { writeFields } from './write-fields.ts';

/** Who asks again within so long is given the same key: two people press the button at once, or one of them twice. */
const sameMs = 30_000;
const waitMs = 25_000;

export interface Asked {
  readonly connection: Connection;
  readonly desk: OpenDesk;
  readonly site: SiteClient;
  readonly ticket: Ticket;
  readonly assignment: Assignment;
  readonly by: Act;
  readonly email: string;
}

/** Makes a session key for a ticket and writes it there. @throws Problem, Fault in words for whoever pressed the button */
export const makeKey = async (parts: DeskParts, asked: Asked): Promise<KeyAnswer> => {
  const { database, clock, sealer } = parts;
  const { connection, ticket, by } = asked;
  const { queue, words } = await resolveQueue(asked.desk, asked.site, asked);
  const place = { connectionId: connection.connectionId, ticketId: ticket.id };
  const context = ['ticket-key', connection.connectionId, ticket.id];
  const isMine = await database.system(async (tx) => {
    const at = clock.now();
    await saveStart(tx, { ...place, number: ticket.number, at });
    return beginKey(tx, { ...place, queue, madeBy: by.principal.name, at }, new Date(at.getTime() - sameMs));
  });
  if (!isMine) {
    const until = performance.now() + waitMs;
    while (performance.now() < until) {
      const found = await database.system((tx) => findKey(tx, place));
      if (found?.sealed) return KeyAnswer.parse(JSON.parse(sealer.open(found.sealed, context).reveal()));
      // Whoever makes it has failed, and this one may.
      if (found === null) return makeKey(parts, asked);
      await pause(100);
    }
    throw problems.conflict('Somebody else is making a key for this ticket. Try again.');
  }
  try {
    const made = await asked.site.command.generateSessionKey({
      ...{ queue, seconds: connection.keySeconds, attributes: { external_key: ticket.number } },
    });
    const values: FieldValues = {
      ...{ sessionKey: made.shortKey, sessionUrl: made.url, sessionKeyExpires: made.expiresAt.toISOString() },
      ...{ lastSessionStatus: 'Waiting', ...startLink(parts.baseUrl(), connection.connectionId, asked.desk, ticket) },
    };
    const answer: KeyAnswer = {
      ...{ key: made.shortKey, url: made.url, expiresAt: made.expiresAt.toISOString(), queue, words },
      fields: [...(await writeFields(asked.desk, ticket, values))],
      mail: renderInvitation(
        connection,
        {
          ticket: { number: ticket.number, subject: ticket.subject },
          customer: { name: ticket.requester?.name ?? '' },
          technician: { name: by.principal.name },
          session: { key: made.shortKey, url: made.url, expires: made.expiresAt.toISOString() },
        },
        made.mail,
      ),
    };
    await database.system(async (tx) => {
      const sealed = sealer.seal(new Secret(JSON.stringify(answer)), context);
      await keepKey(tx, { ...place, sealed, expiresAt: made.expiresAt });
      const change = { desk: connection.name, queue, expiresAt: answer.expiresAt };
      await audit(tx, by, { action: 'session-key.make', target: ticket.number, change });
    });
    return answer;
  } catch (error) {
    await database.system((tx) => forgetKey(tx, place));
    throw error;
  }
};
