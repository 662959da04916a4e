import { type Event, empty, stream } from '@gatehouse/connector-kit';
import { type Cursor, type Page, readable } from '@gatehouse/host';
import { z } from 'zod';
import { Absent, endless, type Github, type ListPage } from './client.ts';
import { type Need, needs, wordsOf } from './need.ts';
import { outcomeOf, toOcsf } from './ocsf.ts';
import { refused } from './reading.ts';
import { amount, flag, moment, rawOf, read, text, toDate } from './shapes.ts';

/** One name, or a list of them where an event concerns several. */
const oneOrMore = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .catch(null);

export const AuditEvent = z.object({
  _document_id: text,
  '@timestamp': moment,
  created_at: moment,
  action: z.string().min(1),
  actor: text,
  actor_id: amount,
  actor_ip: text,
  actor_is_bot: flag,
  actor_location: z.object({ country_code: text, country_name: text }).nullish().catch(null),
  user: text,
  user_id: amount,
  user_agent: text,
  repo: oneOrMore,
  repository: text,
  team: text,
  name: text,
  hook_id: amount,
  external_identity_nameid: text,
  operation_type: text,
  result: text,
  request_id: text,
  oauth_application_name: text,
  token_id: amount,
});
export type AuditEvent = z.output<typeof AuditEvent>;

const none = empty('events');

/**
 * An event of the audit log. `targets` are `user:<login>`, `repo:<full name>`, `team:<name>`, `hook:<number>`,
 * `app:<name>`; `actorId` is the number that accounts have. GitHub tells addresses only where the organization lets it.
 */
export const toEvent = (found: AuditEvent, item: unknown): Event => {
  const time = toDate(found['@timestamp'] ?? found.created_at);
  const repositories = all(found.repo ?? found.repository);
  const { classUid, activityId } = toOcsf(found.action);
  return {
    ...none,
    id: found._document_id ?? idOf(found, time, repositories),
    time,
    action: found.action,
    classUid,
    activityId,
    outcome: outcomeOf(found.action, found.result ?? null),
    reason: found.result ?? null,
    actorId: found.actor_id == null ? null : String(found.actor_id),
    actorLogin: found.actor ?? null,
    targets: [
      ...(found.user ? [`user:${found.user}`] : []),
      ...repositories.map((name) => `repo:${name}`),
      ...(found.team ? [`team:${found.team}`] : []),
      ...(found.hook_id == null ? [] : [`hook:${found.hook_id}`]),
      ...(found.oauth_application_name ? [`app:${found.oauth_application_name}`] : []),
    ],
    ip: found.actor_ip ?? null,
    country: found.actor_location?.country_code ?? found.actor_location?.country_name ?? null,
    userAgent: found.user_agent ?? null,
    raw: rawOf(item, secretOfEvent),
  };
};

/** Webhook addresses are secrets often enough. */
const secretOfEvent = new Set(['config', 'config_was', 'hashed_token', 'secret']);

const all = (value: string | readonly string[] | null | undefined): readonly string[] =>
  typeof value === 'string' ? (value === '' ? [] : [value]) : (value ?? []);

/** Git events have no number of their own; who did what to which repository at which millisecond tells them apart. */
const idOf = (found: AuditEvent, time: Date | null, repositories: readonly string[]): string =>
  [
    time?.getTime() ?? '',
    found.action,
    found.actor ?? '',
    found.user ?? '',
    repositories.join(),
    found.request_id ?? '',
  ]
    .join(' ')
    .slice(0, 500);

/** Events arrive late by minutes, so every read begins a little before the last one ended; repeats have the same id. */
const overlapMs = 5 * 60_000;

/** How far the first read looks back; longer than the 60 days after which an account counts as dormant. */
const firstMs = 90 * 24 * 3_600_000;

/** Only some plans have an audit log that can be read. The check says so as a caveat. */
export const auditLogNeed: Need = { ...needs.administration, plan: 'GitHub Enterprise Cloud or Server' };

export const auditLog = stream<Github, 'events'>({
  record: 'events',
  title: 'Audit log',
  needs: wordsOf(needs.administration),
  reading: { mode: 'events' },
  everyMs: 5 * 60_000,
  read: readAuditLog,
});

/** Until when events are known, and where the list that began there continues. */
interface Place {
  readonly untilMs: number;
  readonly link: Cursor | null;
}

async function* readAuditLog(client: Github, from: Cursor | null): AsyncIterable<Page<Event>> {
  let { untilMs, link } = placeOf(from) ?? { untilMs: client.clock.now().getTime() - firstMs, link: null };
  const seen = new Set<string>();
  for (;;) {
    const at = link ?? pathOf(client, new Date(untilMs - overlapMs));
    if (seen.has(at)) throw endless(at);
    seen.add(at);
    const page = await pageOf(client, at);
    if (page === 'expired') {
      link = null;
      continue;
    }
    const { items: records, leftOut } = readable(page?.items ?? [], (item) =>
      toEvent(read(AuditEvent, item, 'an audit event'), item),
    );
    // An event with a time that is still to come must not hide those that come before it.
    const nowMs = client.clock.now().getTime();
    for (const { time } of records) untilMs = Math.max(untilMs, Math.min(time?.getTime() ?? 0, nowMs));
    link = page?.next ?? null;
    yield { records, leftOut, cursor: JSON.stringify([untilMs, link]) };
    if (link === null) return;
  }

  /** Null: this plan has no audit log. `expired`: GitHub no longer knows the link, so the list begins again. */
  async function pageOf(client: Github, at: string): Promise<ListPage | null | 'expired'> {
    try {
      return await client.page(at, auditLogNeed);
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      if (at === link) return 'expired';
      if (error.status === 403 || error.status === 404) return null;
      throw refused(error, auditLogNeed);
    }
  }
}

/** `created:>=` compares whole seconds. */
const pathOf = (client: Github, since: Date): string => {
  const phrase = `created:>=${since.toISOString().slice(0, 19)}Z`;
  return `${client.org}/audit-log?phrase=${encodeURIComponent(phrase)}&include=all&order=asc&per_page=100`;
};

const placeOf = (from: Cursor | null): Place | null => {
  if (from === null) return null;
  const parsed = z.tuple([z.number(), z.string().nullable()]).safeParse(parseJson(from));
  return parsed.success ? { untilMs: parsed.data[0], link: parsed.data[1] } : null;
};

const parseJson = (value: string): unknown => {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
};
