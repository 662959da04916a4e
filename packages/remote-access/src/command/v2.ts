import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { refusedWith, type Send, type SiteRequest } from '../wire/send.ts';
import { toJson } from '../wire/token.ts';

const Text = z.string().max(100_000);
const Id = z.int().min(1);
const Refused = z.object({ message: Text.default(''), errors: z.record(z.string(), z.array(Text)).default({}) });

// What a site sends beyond these is not looked at.
const Info = z.object({
  permissions: z.record(z.string(), z.union([z.boolean(), z.string(), z.number()])),
  command_api_version: Text,
  product: Text,
});
const Health = z.object({ version: Text, appliance_id: Text, appliance_hostname: Text, failover_role: Text.nullish() });
const User = z.object({ id: Id, type: Text, display_name: Text, session_count: z.int().default(0) });
const Client = z.object({ id: Text, type: Text, name: Text.default(''), hostname: Text.default('') });
const Team = z.object({
  ...{ id: Id, name: Text, code_name: Text },
  members: z.array(z.object({ id: Id, username: Text, role: Text })).default([]),
});
const Attribute = z.object({ code_name: Text, display_name: Text, value: Text });
const SessionKey = z.object({
  short_key: Text,
  key_url: Text,
  expires: z.union([Text, z.number()]),
  mail_subject: Text.default(''),
  mail_body: Text.default(''),
});

/** A queue in one of three ways. */
export type QueueV2 =
  | { readonly type: 'general' }
  | { readonly type: 'rep' | 'team'; readonly id: number }
  | { readonly repUsername: string }
  | { readonly issueCodeName: string };

const base = '/api/command/v2';
/** Pages of a list; more is a fault, because a part of it would look like all. */
const mostPages = 100;

/** The Command API in JSON. Every call throws a Fault; what the site refuses in words is `misconfigured`. */
export const commandV2 = (send: Send) => {
  const ask = async (method: SiteRequest['method'], path: string, body?: unknown): Promise<unknown> => {
    const { status, text } = await send({
      ...{ method, path: `${base}${path}` },
      ...(body !== undefined && { type: 'application/json', body: JSON.stringify(body) }),
    });
    if (status >= 200 && status < 300) return toJson(text);
    const refused = Refused.safeParse(toJson(text));
    if (!refused.success) throw unknown(method, path, status);
    const fields = Object.entries(refused.data.errors).map(([field, words]) => `${field}: ${words.join(' ')}`);
    throw refusedWith([refused.data.message, ...fields].join(' '), `${method} ${base}${path} answered ${status}`);
  };
  const get = async <T>(path: string, type: z.ZodType<T>): Promise<T> => {
    const parsed = type.safeParse(await ask('GET', path));
    if (!parsed.success) throw unknown('GET', path, 200, parsed.error);
    return parsed.data;
  };
  const pages = async <T>(path: string, type: z.ZodType<T>): Promise<readonly T[]> => {
    const found: T[] = [];
    for (let page = 1; page <= mostPages; page += 1) {
      const items = await get(`${path}?per_page=100&current_page=${page}`, z.array(type));
      found.push(...items);
      if (items.length < 100) return found;
    }
    throw new Fault('unexpected', 'The site has a longer list than can be read.', path);
  };
  const session = (lsid: string) => `/session/${encodeURIComponent(lsid)}`;

  return {
    getInfo: () => get('/info', Info),
    getHealth: () => get('/health', Health),
    listUsers: () => pages('/user', User),
    logoutUser: async (id: number): Promise<void> => void (await ask('POST', `/user/${id}/logout`)),
    setUserStatus: async (id: number, codeName: string): Promise<void> =>
      void (await ask('PUT', `/user/${id}/status`, { code_name: codeName })),
    createSessionKey: async (
      queue: QueueV2,
      more: { readonly seconds?: number; readonly attributes?: Readonly<Record<string, string>> } = {},
    ) => {
      const { seconds: ttl, attributes: session_attributes } = more;
      const answer = await ask('POST', '/session-key', { ...toQueue(queue), ttl, session_attributes });
      const parsed = SessionKey.safeParse(answer);
      if (!parsed.success) throw unknown('POST', '/session-key', 201, parsed.error);
      const { short_key: shortKey, key_url: url, expires, mail_subject: subject, mail_body: body } = parsed.data;
      const expiresAt = new Date(typeof expires === 'number' ? expires * 1_000 : expires);
      if (Number.isNaN(expiresAt.getTime())) throw unknown('POST', '/session-key', 201);
      return { shortKey, url, expiresAt, mail: { subject, body } };
    },
    getSessionAttributes: (lsid: string) => get(session(lsid), z.array(Attribute)),
    setSessionAttributes: async (lsid: string, attributes: Readonly<Record<string, string>>): Promise<void> =>
      void (await ask('PATCH', session(lsid), attributes)),
    terminateSession: async (lsid: string): Promise<void> => void (await ask('DELETE', session(lsid))),
    listClients: () => pages('/client', Client),
    // The addresses of the next ones are those of our own sites, because public text does not show the vendor's.
    listTeams: () => pages('/team', Team),
    addUser: async (lsid: string, userId: number): Promise<void> =>
      void (await ask('POST', `${session(lsid)}/user/${userId}`)),
    removeUser: async (lsid: string, userId: number): Promise<void> =>
      void (await ask('DELETE', `${session(lsid)}/user/${userId}`)),
    transferSession: async (lsid: string, to: { readonly type: 'user' | 'team'; readonly id: number }): Promise<void> =>
      void (await ask('POST', `${session(lsid)}/transfer/${to.type}/${to.id}`)),
    sendChatMessage: async (lsid: string, body: string, userId?: number): Promise<void> =>
      void (await ask('POST', `${session(lsid)}/chat`, { body, user_id: userId })),
  };
};

const toQueue = (queue: QueueV2) => {
  if ('repUsername' in queue) return { rep_username: queue.repUsername };
  if ('issueCodeName' in queue) return { issue_code_name: queue.issueCodeName };
  return { queue_type: queue.type, ...('id' in queue && { queue_id: queue.id }) };
};

const unknown = (method: string, path: string, status: number, cause?: unknown) =>
  new Fault(
    'unexpected',
    'The site answered something that is not known.',
    `${method} ${base}${path} answered ${status}`,
    {
      cause,
    },
  );
