import {
  type Draft,
  type FieldsWritten,
  type FieldValues,
  fieldResults,
  given,
  holds,
  type IfVersion,
  listOf,
  oneLine,
  safeHtml,
  type Ticket,
  type Written,
} from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { Id, type RtClient, system } from './session.ts';
import { type ReadTicket, readTicket, withPeople } from './tickets.ts';

/** How often a ticket is read and written again that others change at the same time. */
const mostTries = 5;

/**
 * One write to a ticket in the version in which it was read. `body` makes it; null: there is nothing to write. Statuses
 * say nothing about what became of it: it is read back.
 */
export const putTicket = async (
  client: RtClient,
  key: string,
  ifVersion: IfVersion,
  body: (ticket: ReadTicket) => Readonly<Record<string, unknown>> | null,
): Promise<Written<{ readonly ticket: ReadTicket }>> => {
  for (let tries = 0; tries < mostTries; tries++) {
    const ticket = await readTicket(client, key, true);
    if (ticket === null) return { state: 'gone' };
    const wanted = body(ticket);
    const isStale = ifVersion !== null && ticket.version !== ifVersion;
    if (isStale || wanted === null)
      return { state: isStale ? 'stale' : 'done', ticket: await withPeople(client, ticket) };
    const headers = { 'if-match': `"${ticket.version}"` };
    try {
      await client.http.request(`/ticket/${ticket.id}`, z.unknown(), { method: 'PUT', headers, body: wanted });
    } catch (error) {
      if (statusOf(error) === 412) continue;
      throw error;
    }
    const after = await readTicket(client, ticket.id);
    return after === null ? { state: 'gone' } : { state: 'done', ticket: after };
  }
  throw new Fault('throttled', `The ticket in ${system} changes all the time. It is tried again later.`);
};

export const setFields = async (
  client: RtClient,
  key: string,
  values: FieldValues,
  ifVersion: IfVersion,
): Promise<FieldsWritten> => {
  const mapping = client.settings.fields;
  const written = await putTicket(client, key, ifVersion, (ticket) => {
    const changed = given(values).flatMap((field) => {
      const name = mapping[field];
      const found = ticket.fields[field];
      // What is already so makes no entry in the history, and emptying what is empty would make an empty value.
      if (name === null || found === undefined || holds(listOf(found), listOf(values[field]))) return [];
      const list = listOf(values[field]);
      return [[name, field === 'sessionIds' ? list : (list[0] ?? null)]];
    });
    return changed.length === 0 ? null : { CustomFields: Object.fromEntries(changed) };
  });
  if (written.state !== 'done') return written;
  const { ticket } = written;
  return { state: 'done', ticket, results: fieldResults(values, mapping, ticket, words) };
};

const words = {
  unknown: (name: string) =>
    `Apply the custom field “${name}” to the queue of the ticket, and give the account the right SeeCustomField for it.`,
  denied: (name: string) =>
    `Give the account the right ModifyCustomField for “${name}”, and see that the field takes this value.`,
};

export const transition = async (
  client: RtClient,
  key: string,
  status: string,
  ifVersion: IfVersion,
): Promise<Written<{ readonly ticket: Ticket; readonly isDenied: boolean }>> => {
  const wanted = (ticket: Ticket) => (ticket.status === status ? null : { Status: status });
  const written = await putTicket(client, key, ifVersion, wanted);
  if (written.state !== 'done') return written;
  return { ...written, isDenied: written.ticket.status !== status };
};

export const createTicket = async (client: RtClient, draft: Draft): Promise<Ticket> => {
  const { fields: mapping, newTicketQueue } = client.settings;
  const queue = draft.group ?? newTicketQueue;
  if (queue === null) throw new Fault('misconfigured', 'Enter a queue of new tickets: sessions make none without it.');
  const custom = given(draft.fields).flatMap((field) => {
    const [name, list] = [mapping[field], listOf(draft.fields[field])];
    return name === null || list.length === 0 ? [] : [[name, field === 'sessionIds' ? list : list[0]]];
  });
  const body = {
    ...{ Queue: queue, Subject: oneLine(draft.subject), CustomFields: Object.fromEntries(custom) },
    ...(draft.email !== null && { Requestor: draft.email }),
    ...{ Content: safeHtml(draft.html), ContentType: 'text/html' },
  };
  const made = await client.http.request('/ticket', z.object({ id: Id }), { method: 'POST', body });
  const ticket = await readTicket(client, made.body.id);
  if (ticket !== null) return ticket;
  throw new Fault('forbidden', `${system} made a ticket that the account must not see. Give it the right ShowTicket.`);
};
