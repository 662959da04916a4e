import {
  type Draft,
  type FieldsWritten,
  type FieldValues,
  fieldResults,
  given,
  holds,
  type IfVersion,
  listOf,
  type Mapping,
  oneLine,
  plainText,
  type Ticket,
} from '@gatehouse/desk-kit';
import { statusOf } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { type Issue, noField, readIssue, readProject } from './issues.ts';
import { type RedmineClient, system } from './session.ts';

/** Redmine answers 204 to whatever it did or left: what became of it is read back. */
export const setFields = async (
  client: RedmineClient,
  key: string,
  values: FieldValues,
  ifVersion: IfVersion,
): Promise<FieldsWritten> => {
  await client.signedIn();
  const before = await readIssue(client, key);
  if (before === null) return { state: 'gone' };
  if (ifVersion !== null && before.version !== ifVersion) return { state: 'stale', ticket: before };
  const mapping = client.settings.fields;
  const changed = given(values).filter(
    (field) => before.fields[field] !== undefined && !holds(listOf(before.fields[field]), listOf(values[field])),
  );
  const custom_fields = changed.flatMap((field) => {
    const id = before.fieldIds.get(mapping[field] ?? '');
    return id === undefined ? [] : [{ id, value: listOf(values[field]).join('\n') }];
  });
  const after = custom_fields.length === 0 ? before : await putIssue(client, before, { custom_fields });
  if (after === null) return { state: 'gone' };
  return { state: 'done', ticket: after, results: fieldResults(values, mapping, after, words) };
};

const words = {
  unknown: (name: string) =>
    `Switch on the custom field “${name}” for the project and the tracker of the issue, and let the role of the account see it.`,
  denied: (name: string) =>
    `Give the role of the account the permission edit_issues, and see that “${name}” takes this value and is not read-only.`,
};

/** One change, and the issue after it; null: it is not there. */
const putIssue = async (
  client: RedmineClient,
  { id }: Issue,
  issue: Readonly<Record<string, unknown>>,
): Promise<Issue | null> => {
  try {
    await client.http.request(`/issues/${id}.json`, z.unknown(), { method: 'PUT', body: { issue }, retry: true });
  } catch (error) {
    // 403: nothing may be changed. 422: a value is not one that the field takes. Both show in what is read back.
    if (![403, 404, 422].includes(statusOf(error) ?? 0)) throw error;
  }
  return readIssue(client, id);
};

const Statuses = z.object({
  issue_statuses: z.array(z.object({ id: z.number().int(), name: z.string().max(200) })).max(500),
});

export const transition = async (client: RedmineClient, key: string, status: string, ifVersion: IfVersion) => {
  await client.signedIn();
  const before = await readIssue(client, key);
  if (before === null) return { state: 'gone' } as const;
  if (ifVersion !== null && before.version !== ifVersion) return { state: 'stale', ticket: before } as const;
  const { issue_statuses } = await client.http.get('/issue_statuses.json', Statuses);
  const id = issue_statuses.find(({ name }) => name.toLowerCase() === status.toLowerCase())?.id;
  const after = id === undefined ? before : await putIssue(client, before, { status_id: id });
  if (after === null) return { state: 'gone' } as const;
  return { state: 'done', ticket: after, isDenied: after.status.toLowerCase() !== status.toLowerCase() } as const;
};

export const createTicket = async (client: RedmineClient, draft: Draft): Promise<Ticket> => {
  await client.signedIn();
  const project = await readProject(client);
  const idOf = new Map(project.issue_custom_fields.map(({ id, name }) => [name, id]));
  const custom_fields = given(draft.fields).flatMap((field) => {
    const name = (client.settings.fields satisfies Mapping)[field];
    const list = listOf(draft.fields[field]);
    if (name === null || list.length === 0) return [];
    const id = idOf.get(name);
    if (id === undefined) throw noField(name);
    return [{ id, value: list.join('\n') }];
  });
  const asked = draft.email === null ? '' : `\n\n${draft.email}`;
  const issue = {
    ...{ project_id: project.id, subject: oneLine(draft.subject), custom_fields },
    description: verbatim(`${plainText(draft.html)}${asked}`, client.settings.formatting),
  };
  const shape = z.object({ issue: z.object({ id: z.number().int() }) });
  const made = await client.http.request('/issues.json', shape, { method: 'POST', body: { issue } });
  const ticket = await readIssue(client, String(made.body.issue.id));
  if (ticket !== null) return ticket;
  throw new Fault('forbidden', `${system} made an issue that the account must not see. Give it view_issues.`);
};

/** A text that is shown as it is: neither markup nor a macro, a mention or a picture from elsewhere. */
export const verbatim = (text: string, formatting: 'textile' | 'markdown'): string => {
  if (formatting === 'textile') return `<pre>\n${text.replaceAll(/<(?=\/?\s*(?:pre|code))/gi, '<\u200B')}\n</pre>`;
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
};
