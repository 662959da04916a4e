import type { Ticket } from '@gatehouse/desk-kit';
import { consoleAddress, desktopAddress, type ScriptAction } from '@gatehouse/remote-access/script';
import { type Act, audit, problems } from '@gatehouse/server';
import type { z } from 'zod';
import type { LaunchAnswer, LaunchInput } from '../api/keys.ts';
import type { Connection, OpenDesk } from '../connections/index.ts';
import type { DeskParts } from '../parts.ts';
import type { SiteClient } from '../sites/index.ts';
import { findTechnician } from './assign.ts';
import { saveStart } from './starts.ts';
import { writeFields } from './write-fields.ts';

interface Asked extends z.output<typeof LaunchInput> {
  readonly connection: Connection;
  readonly desk: OpenDesk;
  readonly site: SiteClient;
  /** Of the site. */
  readonly origin: string;
  readonly ticket: Ticket;
  readonly by: Act;
  readonly email: string;
}

/**
 * Saves what a machine is searched for with, and gives the address that begins a session with it: a link for this
 * technician alone where the site makes such, else one behind its sign-in. @throws Problem, Fault in words
 */
export const launch = async (
  { database, clock }: Pick<DeskParts, 'database' | 'clock'>,
  asked: Asked,
): Promise<z.output<typeof LaunchAnswer>> => {
  const { connection, desk, site, origin, ticket, by } = asked;
  const before = ticket.fields.jumpSearch ?? '';
  const search = asked.search ?? before.trim();
  if (search === '') throw problems.conflict(`${ticket.number} does not say which machine. Enter a part of its name.`);
  const action: ScriptAction = {
    action: 'start_jump_item_session',
    parameters: {
      ...{ 'jump.method': 'pinned', search_string: search.slice(0, 255) },
      'session.custom.external_key': ticket.number,
    },
  };
  const isSaved = !desk.mapped.has('jumpSearch') || before === search;
  const [result] = isSaved ? [] : await writeFields(desk, ticket, { jumpSearch: search });
  const link =
    asked.in === 'desktop' ? null : await site.consoleLink((await findTechnician(desk, asked.email)).login, action);
  const address = asked.in === 'desktop' ? desktopAddress(origin, action) : consoleAddress(origin, action);
  const change = { desk: connection.name, search, in: asked.in };
  const { connectionId } = connection;
  await database.system(async (tx) => {
    await saveStart(tx, { connectionId, ticketId: ticket.id, number: ticket.number, at: clock.now() });
    await audit(tx, by, { action: 'jump-client.launch', target: ticket.number, change });
  });
  return {
    ...{ url: link?.url ?? address, expiresAt: link?.expiresAt.toISOString() ?? null },
    ...{ search, saved: result?.state ?? null },
  };
};
