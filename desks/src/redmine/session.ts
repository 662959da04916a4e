import type { DeskPerson } from '@gatehouse/desk-kit';
import { type Explanation, type Host, type Http, headerText, type Refusal } from '@gatehouse/host';
import type { Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Settings } from './settings.ts';

export const system = 'Redmine';

export interface RedmineClient {
  readonly http: Http;
  readonly settings: Settings;
  /** As somebody else: whoever this key is of; null: as whoever has not signed in. */
  as(key: Secret | null): Http;
  page(path: string): string;
  /**
   * Throws where the key opens nothing: Redmine answers whoever shows a wrong one as it answers everybody, and projects
   * may be public. Looked at again after a minute.
   */
  signedIn(): Promise<void>;
  /** What was found of people, and when: that takes a request for each of them. */
  readonly people: { at: number; known: Promise<readonly DeskPerson[]> | null };
  /** Milliseconds of the host's clock. */
  now(): number;
}

export const connect = (settings: Settings, host: Host): RedmineClient => {
  const { url, apiKey, certificateAuthorities } = settings;
  const base = url.replace(/\/+$/, '');
  const as = (key: Secret | null): Http =>
    host.http({
      ...{ origin: base, system, explain },
      ...(certificateAuthorities !== null && { certificateAuthorities }),
      authorize: ({ headers }) => {
        if (key !== null) headers.set('x-redmine-api-key', headerText(key.reveal()));
      },
    });
  const http = as(apiKey);
  const now = () => host.clock.now().getTime();
  let seenAt = Number.NEGATIVE_INFINITY;
  return {
    ...{ http, settings, as, now, people: { at: 0, known: null }, page: (path) => `${base}${path}` },
    async signedIn() {
      if (now() - seenAt < 60_000) return;
      await http.get('/users/current.json', Me);
      seenAt = now();
    },
  };
};

const explain = ({ status, path }: Refusal): Explanation | undefined => {
  if (status === 401) {
    return {
      kind: 'unauthorized',
      advice: `${system} does not know the API key. Enter another one, and see that REST web services are enabled.`,
    };
  }
  if (status === 403) return { kind: 'forbidden', advice: `${system} does not let the account do this: ${path}.` };
  if (status === 404) return { kind: 'misconfigured', advice: `${system} has nothing at ${path}. Check the address.` };
  return undefined;
};

const Me = z.object({
  user: z.object({
    id: z.number().int(),
    login: z.string().max(500),
    admin: z.boolean().catch(false),
    memberships: z
      .array(
        z.object({
          project: z.object({ id: z.number().int() }),
          roles: z.array(z.object({ id: z.number().int() })).max(100),
        }),
      )
      .max(10_000)
      .catch([]),
  }),
});

const Role = z.object({ role: z.object({ permissions: z.array(z.string().max(200)).max(1_000) }) });

export interface Me {
  readonly id: number;
  readonly login: string;
  readonly isAdmin: boolean;
  /** What it may do in a project, by the roles that it has there. */
  may(project: number, permission: string): Promise<boolean>;
}

/** Whom the key is of. Permissions are read anew each time: one that was taken away must not be used any more. */
export const whoAmI = async ({ http }: Pick<RedmineClient, 'http'>): Promise<Me> => {
  const { user } = await http.get('/users/current.json?include=memberships', Me);
  const roles = new Map<number, Promise<readonly string[]>>();
  const permissionsOf = (id: number) => {
    const known = roles.get(id) ?? http.get(`/roles/${id}.json`, Role).then(({ role }) => role.permissions);
    roles.set(id, known);
    return known;
  };
  return {
    ...{ id: user.id, login: user.login, isAdmin: user.admin },
    async may(project, permission) {
      if (user.admin) return true;
      const own = user.memberships.filter((one) => one.project.id === project).flatMap((one) => one.roles);
      for (const { id } of own) if ((await permissionsOf(id)).includes(permission)) return true;
      return false;
    },
  };
};
