import {
  type DeskPerson,
  fieldsFrom,
  type LogicalField,
  listOf,
  type PersonQuestion,
  type Ticket,
} from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { type RedmineClient, system } from './session.ts';

const Named = z.object({ id: z.number().int(), name: z.string().max(500) });

const Journal = z.object({
  id: z.number().int(),
  user: Named.optional(),
  notes: z.string().max(2_000_000).nullish(),
  private_notes: z.boolean().catch(false),
});
export type Journal = z.output<typeof Journal>;

const IssueBody = z.object({
  id: z.number().int().positive(),
  project: Named,
  status: Named.extend({ is_closed: z.boolean().catch(false) }),
  author: Named.optional(),
  assigned_to: Named.optional(),
  subject: z.string().max(1_000),
  custom_fields: z
    .array(z.object({ id: z.number().int(), name: z.string().max(200), value: z.unknown() }))
    .max(1_000)
    .catch([]),
  updated_on: z.string().max(100),
  closed_on: z.string().max(100).nullish(),
  journals: z.array(Journal).max(100_000).catch([]),
});
type IssueBody = z.output<typeof IssueBody>;

/** An issue, and what only this adapter reads of it. */
export interface Issue extends Ticket {
  readonly project: number;
  readonly journals: readonly Journal[];
  /** Numbers of custom fields by their names. */
  readonly fieldIds: ReadonlyMap<string, number>;
}

/** `#12` and `12`; null for what no issue is called. */
const numberOf = (key: string): string | null => /^#?([1-9]\d{0,8})$/.exec(key.trim())?.[1] ?? null;

/** Null where there is none or the account must not see it. */
export const readIssue = async (client: RedmineClient, key: string): Promise<Issue | null> => {
  const number = numberOf(key);
  if (number === null) return null;
  const path = `/issues/${number}.json?include=journals`;
  try {
    return await toIssue(client, (await client.http.get(path, z.object({ issue: IssueBody }))).issue);
  } catch (error) {
    if ([403, 404].includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
};

export const findTicket = async (client: RedmineClient, key: string): Promise<Ticket | null> => {
  await client.signedIn();
  return readIssue(client, key);
};

const Project = z.object({ project: Named.extend({ issue_custom_fields: z.array(Named).max(1_000).catch([]) }) });

/** The project of the settings, with the numbers of its custom fields. */
export const readProject = async ({ http, settings }: RedmineClient) =>
  (await http.get(`/projects/${settings.project}.json?include=issue_custom_fields`, Project)).project;

const Found = z.object({ issues: z.array(IssueBody).max(100), total_count: z.number().int() });

export const findTicketsByField = async (
  client: RedmineClient,
  field: LogicalField,
  value: string,
): Promise<readonly Ticket[]> => {
  const name = client.settings.fields[field];
  const wanted = value.trim();
  if (name === null || wanted === '') return [];
  await client.signedIn();
  const { issue_custom_fields } = await readProject(client);
  const id = issue_custom_fields.find((one) => one.name === name)?.id;
  if (id === undefined) throw noField(name);
  const filters = [
    ...[
      ['set_filter', '1'],
      ['limit', '50'],
      ['f[]', 'status_id'],
      ['op[status_id]', '*'],
    ],
    ...[
      ['f[]', `cf_${id}`],
      [`op[cf_${id}]`, '~'],
      [`v[cf_${id}][]`, wanted],
    ],
  ];
  const { issues, total_count } = await client.http.get(`/issues.json?${new URLSearchParams(filters)}`, Found);
  const held = issues.map((one) => [one, valuesOf(one.custom_fields.find((some) => some.id === id)?.value)] as const);
  // Redmine leaves out a filter for a field that is none, and answers every issue that there is.
  const words = wanted.toLowerCase().split(/\s+/);
  const isFiltered = held.every(([, values]) => words.every((word) => values.join('\n').toLowerCase().includes(word)));
  if (!isFiltered || total_count > issues.length) throw notFiltered(name);
  const tickets: Ticket[] = [];
  for (const [one] of held) {
    const ticket = await readIssue(client, String(one.id));
    if (ticket !== null && listOf(ticket.fields[field]).includes(wanted)) tickets.push(ticket);
  }
  return tickets;
};

const User = z.object({
  id: z.number().int(),
  login: z.string().max(500).optional(),
  firstname: z.string().max(500).catch(''),
  lastname: z.string().max(500).catch(''),
  mail: z.string().max(500).nullish(),
});
const OneUser = z.object({ user: User });
const Members = z.object({
  memberships: z.array(z.object({ user: Named.optional() })).max(100),
  total_count: z.number().int(),
});

/** Members that are looked at; more people than work on one project. */
const mostMembers = 500;

/** Only administrators may search everybody, which this account should not be: the members of the project are looked at. */
export const findPeople = async (client: RedmineClient, by: PersonQuestion): Promise<readonly DeskPerson[]> => {
  const wanted = ('login' in by ? by.login : by.email).toLowerCase();
  if (wanted.trim() === '') return [];
  await client.signedIn();
  const { people } = client;
  for (const keptMs of [300_000, 30_000]) {
    if (people.known === null || client.now() - people.at > keptMs) {
      people.at = client.now();
      people.known = readMembers(client);
      // What failed is no answer for the next one who asks.
      people.known.catch(() => {
        people.known = null;
      });
    }
    const found = (await people.known).filter(
      (one) => ('login' in by ? one.login.toLowerCase() : one.email) === wanted,
    );
    if (found.length > 0) return found.slice(0, 20);
  }
  // Nobody among those who were members half a minute ago.
  return [];
};

const readMembers = async (client: RedmineClient): Promise<readonly DeskPerson[]> => {
  const found: DeskPerson[] = [];
  for (let offset = 0; offset < mostMembers; offset += 100) {
    const page = `/projects/${client.settings.project}/memberships.json?limit=100&offset=${offset}`;
    const { memberships, total_count } = await client.http.get(page, Members);
    const people = memberships.flatMap(({ user }) => (user === undefined ? [] : [personOf(client, user)]));
    found.push(...(await Promise.all(people)));
    if (offset + 100 >= total_count) break;
  }
  return found;
};

/** What is known of a user; the name alone where it is a group or must not be looked at. */
const personOf = async ({ http }: RedmineClient, { id, name }: z.output<typeof Named>): Promise<DeskPerson> => {
  try {
    const { user } = await http.get(`/users/${id}.json`, OneUser);
    const email = user.mail?.trim().toLowerCase() ?? '';
    return { id: String(id), login: user.login ?? name, name, email: email === '' ? null : email };
  } catch (error) {
    if (![403, 404].includes(statusOf(error) ?? 0)) throw error;
    return { id: String(id), login: name, name, email: null };
  }
};

/** Several values are one on each line, in a field of long text: fields of text take one value only. */
const valuesOf = (value: unknown): readonly string[] => {
  const texts = Array.isArray(value) ? value : [value];
  return texts.flatMap((one) =>
    typeof one === 'string'
      ? one
          .split(/\r\n|\r|\n/)
          .map((line) => line.trim())
          .filter(Boolean)
      : [],
  );
};

const toIssue = async (client: RedmineClient, one: IssueBody): Promise<Issue> => {
  const { id, subject, status, project, author, assigned_to, custom_fields, updated_on, journals } = one;
  const custom = new Map(custom_fields.map(({ name, value }) => [name, valuesOf(value)]));
  return {
    ...{ id: String(id), number: String(id), url: client.page(`/issues/${id}`), subject, custom, journals },
    ...{ status: status.name, group: project.name, project: project.id },
    isOpen: !status.is_closed && (one.closed_on ?? null) === null,
    // Times are in whole seconds; journals are numbered.
    version: `${updated_on} ${journals.at(-1)?.id ?? 0}`,
    requester: author === undefined ? null : await personOf(client, author),
    assignee: assigned_to === undefined ? null : await personOf(client, assigned_to),
    fields: fieldsFrom(client.settings.fields, (name) => custom.get(name)),
    fieldIds: new Map(custom_fields.map((field) => [field.name, field.id])),
  };
};

export const noField = (name: string): Fault =>
  new Fault(
    'misconfigured',
    `The project has no custom field “${name}” for issues. Run the set-up, or map another one.`,
  );

const notFiltered = (name: string): Fault =>
  new Fault(
    'misconfigured',
    `Switch on “Used as a filter” for the custom field “${name}”: without it ${system} finds every issue instead of one.`,
  );
