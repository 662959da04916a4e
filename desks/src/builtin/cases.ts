import {
  type DeskPerson,
  type Draft,
  type FieldsWritten,
  type FieldValues,
  fieldResults,
  fieldsFrom,
  given,
  type IfVersion,
  type LogicalField,
  listOf,
  type PersonQuestion,
  type Ticket,
  type Written,
} from '@gatehouse/desk-kit';
import { type RequestOptions, statusOf } from '@gatehouse/host';
import type { z } from 'zod';
import { Case, CaseList, ChangeList, FieldsChanged, PeopleList, type Person } from './api.ts';
import type { BuiltinClient } from './session.ts';

export const findTicket = async (client: BuiltinClient, key: string): Promise<Ticket | null> => {
  const part = segment(key);
  if (part === null) return null;
  try {
    return toTicket(client, await client.http.get(`/cases/${part}`, Case));
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
};

/** A key as one part of a path; null for one that no case has. */
const segment = (key: string): string | null =>
  /^[^\p{Cc}]{1,100}$/u.test(key.trim()) && !/^\.+$/.test(key.trim()) ? encodeURIComponent(key.trim()) : null;

export const findTicketsByField = async (
  client: BuiltinClient,
  field: LogicalField,
  value: string,
): Promise<readonly Ticket[]> => {
  const name = client.mapping[field];
  if (name === null || value.trim() === '') return [];
  const { cases } = await client.http.get(`/cases?${new URLSearchParams({ field: name, value })}`, CaseList);
  const tickets = cases.map((one) => toTicket(client, one));
  return tickets.filter((ticket) => listOf(ticket.fields[field]).includes(value));
};

export const findPeople = async ({ http }: BuiltinClient, by: PersonQuestion): Promise<readonly DeskPerson[]> => {
  const { people } = await http.get(`/people?${new URLSearchParams(by)}`, PeopleList);
  return people.map(toPerson);
};

export const setFields = async (
  client: BuiltinClient,
  id: string,
  values: FieldValues,
  ifVersion: IfVersion,
): Promise<FieldsWritten> => {
  const sent = { method: 'PATCH', body: { fields: named(client, values) } } as const;
  const written = await write(client, id, '/fields', FieldsChanged, sent, ifVersion).catch((error: unknown) => {
    // Whoever may read the case and not change it is told so field by field.
    if (statusOf(error) === 403) return null;
    throw error;
  });
  if (written !== null && written.state !== 'done') return written;
  const ticket = written === null ? await findTicket(client, id) : toTicket(client, written.body.case);
  if (ticket === null) return { state: 'gone' };
  return { state: 'done', results: fieldResults(values, client.mapping, ticket, words), ticket };
};

const words = {
  unknown: (name: string) => `The case has no field “${name}”. Add it to the table, or map another one.`,
  denied: (name: string) => `The desk kept the value of “${name}”. Give the account the permission cases.write.`,
};

const named = ({ mapping }: BuiltinClient, values: FieldValues) =>
  Object.fromEntries(
    given(values).flatMap((field) => {
      const name = mapping[field];
      return name === null ? [] : [[name, values[field] ?? null]];
    }),
  );

/** One write to a case, and what its refusals mean. */
export const write = async <S extends z.ZodType>(
  client: BuiltinClient,
  id: string,
  path: string,
  shape: S,
  sent: Pick<RequestOptions, 'method' | 'body'>,
  ifVersion: IfVersion,
): Promise<Written<{ readonly body: z.output<S> }>> => {
  const part = segment(id);
  if (part === null) return { state: 'gone' };
  const headers: Record<string, string> = ifVersion === null ? {} : { 'if-match': `"${ifVersion}"` };
  try {
    // What is put or patched once more becomes what it was.
    const options = { ...sent, headers, retry: sent.method !== 'POST' };
    const { body } = await client.http.request(`/cases/${part}${path}`, shape, options);
    return { state: 'done', body };
  } catch (error) {
    const status = statusOf(error);
    if (status !== 404 && status !== 412) throw error;
    const ticket = status === 404 ? null : await findTicket(client, id);
    return ticket === null ? { state: 'gone' } : { state: 'stale', ticket };
  }
};

export const transition = async (
  client: BuiltinClient,
  id: string,
  status: string,
  ifVersion: IfVersion,
): Promise<Written<{ readonly ticket: Ticket; readonly isDenied: boolean }>> => {
  try {
    const written = await write(client, id, '/status', Case, { method: 'PUT', body: { status } }, ifVersion);
    if (written.state !== 'done') return written;
    return { state: 'done', ticket: toTicket(client, written.body), isDenied: false };
  } catch (error) {
    // 400 for a status that is none, 409 for one that is not next.
    if (![400, 409].includes(statusOf(error) ?? 0)) throw error;
    const ticket = await findTicket(client, id);
    return ticket === null ? { state: 'gone' } : { state: 'done', ticket, isDenied: true };
  }
};

export const createTicket = async (client: BuiltinClient, draft: Draft): Promise<Ticket> => {
  const { subject, html, email, group } = draft;
  const { table } = client.settings;
  const body = { table, subject, html, email, team: group, fields: named(client, draft.fields) };
  const answer = await client.http.request('/cases', Case, { method: 'POST', body });
  return toTicket(client, answer.body);
};

export const changesSince = async ({ http }: BuiltinClient, cursor: string | null) => {
  const query = cursor === null ? '' : `?${new URLSearchParams({ after: cursor })}`;
  const { cases, cursor: next } = await http.get(`/changes${query}`, ChangeList);
  return { tickets: cases, cursor: next };
};

const toPerson = ({ id, login, name, email }: z.output<typeof Person>): DeskPerson => ({
  ...{ id, login, name },
  email: email?.toLowerCase() ?? null,
});

const toTicket = ({ mapping }: BuiltinClient, one: z.output<typeof Case>): Ticket => {
  const { id, number, url, subject, status, version, requester, assignee, team } = one;
  const custom = new Map(
    Object.entries(one.fields).map(([name, value]) => [
      name,
      value === null ? [] : typeof value === 'string' ? [value] : value,
    ]),
  );
  return {
    ...{ id, number, url, subject, status, custom, group: team },
    isOpen: status !== 'resolved' && status !== 'closed',
    version: String(version),
    requester: requester === null ? null : toPerson(requester),
    assignee: assignee === null ? null : toPerson(assignee),
    fields: fieldsFrom(mapping, (name) => custom.get(name)),
  };
};
