import {
  type DeskPerson,
  fieldsFrom,
  type LogicalField,
  listOf,
  type PersonQuestion,
  type Ticket,
} from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { z } from 'zod';
import { Id, type RtClient } from './session.ts';

const text = z.string().max(1_000_000);
const Reference = z.object({ id: z.union([z.string(), z.number()]).transform(String) });

const Account = z.object({
  id: z.union([z.string().max(500), z.number()]).transform(String),
  Name: z.string().max(500),
  EmailAddress: z.string().max(500).nullish(),
  RealName: z.string().max(500).nullish(),
});

const TicketBody = z.object({
  id: Id,
  Subject: text.nullish(),
  Status: z.string().max(100),
  Resolved: z.string().max(100).nullish(),
  Queue: z.object({ Name: z.string().max(500).nullish() }),
  Owner: z.object({ id: z.string().max(500), ...Account.partial().omit({ id: true }).shape }),
  Requestor: z.array(Reference).max(10_000).catch([]),
  CustomFields: z
    .array(z.object({ name: z.string().max(500), values: z.array(z.unknown()).max(10_000) }))
    .max(1_000)
    .catch([]),
  _hyperlinks: z.array(z.object({ ref: z.string() })).catch([]),
});

/** A ticket, and what only this adapter reads of it. */
export interface ReadTicket extends Ticket {
  /** What the account may do, in the words of RT: `comment`, `correspond`. */
  readonly may: ReadonlySet<string>;
}

/** RT names who asks and says no more: that takes a request more, and each takes RT a third of a second. */
export const withPeople = async (client: RtClient, ticket: ReadTicket): Promise<ReadTicket> =>
  ticket.requester === null ? ticket : { ...ticket, requester: await personOf(client, ticket.requester.id) };

/** `#12` and `12`; null for what no ticket is called. */
const numberOf = (key: string): string | null => /^#?([1-9]\d{0,8})$/.exec(key.trim())?.[1] ?? null;

const expanded = new URLSearchParams({ 'fields[Owner]': 'Name,EmailAddress,RealName', 'fields[Queue]': 'Name' });

/** Null where there is none, it was deleted, or the account must not see it. `isBrief`: of who asks only the name is known. */
export const readTicket = async (client: RtClient, key: string, isBrief = false): Promise<ReadTicket | null> => {
  const number = numberOf(key);
  if (number === null) return null;
  try {
    const { body, headers } = await client.http.request(`/ticket/${number}?${expanded}`, TicketBody);
    if (body.Status === 'deleted') return null;
    const version = /^(?:W\/)?"(.+)"$/.exec(headers.get('etag') ?? '')?.[1] ?? '';
    const ticket = toTicket(client, body, version);
    return isBrief ? ticket : await withPeople(client, ticket);
  } catch (error) {
    if ([403, 404].includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
};

export const findTicket = (client: RtClient, key: string): Promise<Ticket | null> => readTicket(client, key);

const Found = z.object({ items: z.array(z.object({ id: Id })).max(100) });

export const findTicketsByField = async (
  client: RtClient,
  field: LogicalField,
  value: string,
): Promise<readonly Ticket[]> => {
  const name = client.settings.fields[field];
  if (name === null || value.trim() === '') return [];
  const query = `'CF.{${name}}' = '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const { items } = await client.http.get(`/tickets?${new URLSearchParams({ query, per_page: '50' })}`, Found);
  const tickets: Ticket[] = [];
  for (const { id } of items) {
    const ticket = await readTicket(client, id);
    // RT compares without regard to case, and some databases without regard to accents.
    if (ticket !== null && listOf(ticket.fields[field]).includes(value)) tickets.push(ticket);
  }
  return tickets;
};

const People = z.object({ items: z.array(Account).max(100) });

export const findPeople = async ({ http }: RtClient, by: PersonQuestion): Promise<readonly DeskPerson[]> => {
  const [field, value] = 'login' in by ? (['Name', by.login] as const) : (['EmailAddress', by.email] as const);
  if (value.trim() === '' || value.length > 200) return [];
  const query = new URLSearchParams({ fields: 'Name,EmailAddress,RealName', per_page: '20' });
  const body = [{ field, operator: '=', value }];
  const { body: found } = await http.request(`/users?${query}`, People, { method: 'POST', body, retry: true });
  return found.items
    .filter((one) => (one[field] ?? '').toLowerCase() === value.toLowerCase())
    .map((one) => toPerson(one));
};

/** What is known of an account; its name alone where it must not be looked at. */
const personOf = async ({ http }: RtClient, id: string): Promise<DeskPerson> => {
  try {
    return toPerson(await http.get(`/user/${encodeURIComponent(id)}`, Account.partial({ id: true })), id);
  } catch (error) {
    if (![403, 404].includes(statusOf(error) ?? 0)) throw error;
    return { id, login: id, name: id, email: null };
  }
};

interface Known {
  readonly id?: string | undefined;
  readonly Name?: string | undefined;
  readonly EmailAddress?: string | null | undefined;
  readonly RealName?: string | null | undefined;
}

const toPerson = (one: Known, known?: string): DeskPerson => {
  const login = one.Name ?? known ?? '';
  const email = one.EmailAddress?.trim().toLowerCase() ?? '';
  return { id: known ?? one.id ?? login, login, name: one.RealName || login, email: email === '' ? null : email };
};

const nobody = 'Nobody';

const toTicket = (
  { settings, page }: RtClient,
  { id, Subject, Status, Resolved, Queue, Owner, Requestor, CustomFields, _hyperlinks }: z.output<typeof TicketBody>,
  version: string,
): ReadTicket => {
  const [asking] = Requestor;
  // Pictures and files are objects, which no rule reads.
  const custom = new Map(
    CustomFields.toReversed().map(({ name, values }) => [name, values.filter((value) => typeof value === 'string')]),
  );
  return {
    ...{ id, number: id, url: page(`/Ticket/Display.html?id=${id}`), status: Status, version, custom },
    requester: asking === undefined ? null : toPerson({}, asking.id),
    subject: Subject ?? '',
    // It is set when a ticket comes to an end of its lifecycle, whatever its statuses are called.
    isOpen: (Resolved ?? '1970').startsWith('1970'),
    assignee: Owner.id === nobody ? null : toPerson(Owner, Owner.id),
    group: Queue.Name || null,
    fields: fieldsFrom(settings.fields, (name) => custom.get(name)),
    may: new Set(_hyperlinks.map(({ ref }) => ref)),
  };
};
