import { Fault, type Secret } from '@gatehouse/kernel';
import { type Endpoint, type Listing, type Protocol, type Question, quoted } from '@gatehouse/vault-kit';
import { z } from 'zod';
import type { OpenBaoClient } from './openbao.ts';
import { assignedTo, fill, isSegment, placesOf, toPath } from './paths.ts';
import type { Settings } from './settings.ts';

/** What names a credential: the engine, and what it is called there. For KV the folder, too, which has to be that of the host. */
export const Named = z.union([
  z.tuple([z.literal('kv'), z.string().max(400), z.string().min(1).max(400)]),
  z.tuple([z.enum(['library', 'dynamic', 'static', 'ssh']), z.string().min(1).max(400)]),
]);
export type Named = z.output<typeof Named>;

/** Engines whose credentials are assigned by name in the settings. */
type Engine = Exclude<Named[0], 'kv'>;

/** Null for a text that is not one of ours, and for what is not offered to this person on this endpoint. */
export const toNamed = (text: string, person: string, endpoint: Endpoint, settings: Settings): Named | null => {
  const named = parsed(text);
  if (named === null) return null;
  if (named[0] === 'kv') return named[1] === toPath(settings.kvPath, placesOf(person, endpoint)) ? named : null;
  return assignedTo(engines[named[0]].assignments(settings), endpoint).includes(named[1]) ? named : null;
};

const parsed = (text: string): Named | null => {
  try {
    return Named.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** The path by which a credential of an engine is asked for; null where the engine is not mounted. */
export const pathOf = (settings: Settings, engine: Engine, name: string): string | null => {
  const mounted = engines[engine].mount(settings);
  return mounted === null ? null : `${encodeMount(mounted)}/${engines[engine].path(encodeURIComponent(name))}`;
};

/** A mount may be a path of several segments. */
export const encodeMount = (mount: string): string =>
  mount
    .split('/')
    .filter((segment) => segment !== '')
    .map(encodeURIComponent)
    .join('/');

const engines: Readonly<
  Record<
    Engine,
    {
      mount(settings: Settings): string | null;
      assignments(settings: Settings): Settings['ldapSets'];
      path(name: string): string;
      readonly needs: 'read' | 'update';
      readonly note: string;
      readonly for: readonly Protocol[];
    }
  >
> = {
  library: {
    ...{ mount: (of) => of.ldapMount, assignments: (of) => of.ldapSets, path: (name) => `library/${name}/check-out` },
    ...{ needs: 'update', note: 'LDAP library', for: ['ssh', 'vnc', 'rdp', 'mssql'] },
  },
  dynamic: {
    ...{ mount: (of) => of.databaseMount, assignments: (of) => of.databaseRoles, path: (name) => `creds/${name}` },
    ...{ needs: 'read', note: 'made for the session', for: ['postgresql', 'mysql', 'mssql'] },
  },
  static: {
    ...{ mount: (of) => of.databaseMount, assignments: (of) => of.databaseStaticRoles },
    ...{ path: (name) => `static-creds/${name}`, needs: 'read', note: 'static', for: ['postgresql', 'mysql', 'mssql'] },
  },
  ssh: {
    ...{ mount: (of) => of.sshMount, assignments: (of) => of.sshRoles, path: (name) => `sign/${name}` },
    ...{ needs: 'update', note: 'SSH certificate', for: ['ssh'] },
  },
};

const Capabilities = z.object({ data: z.record(z.string(), z.unknown()) });
const Keys = z.object({ data: z.object({ keys: z.array(z.string().max(400)).max(10_000) }) });
const Metadata = z.object({
  data: z.object({ custom_metadata: z.record(z.string(), z.string()).nullish() }),
});

/** Credentials of one folder that are looked at. */
const mostKeys = 100;

/** What is in the folder of a host, and what the settings assign to it and the policy permits. */
export async function* list(client: OpenBaoClient, question: Question): AsyncIterable<Listing> {
  const { trace } = question;
  const found = await client.session.using(async (token) => [
    ...(await fromKeyValue(client, token, question)),
    ...(await assigned(client, token, question)),
  ]);
  for (const one of found) {
    if (one.credential.length <= 500) yield one;
    else trace(`${quoted(one.label)} is left out: its name is too long`);
  }
}

const fromKeyValue = async (
  { session, settings }: OpenBaoClient,
  token: Secret,
  { person, endpoint, trace }: Question,
): Promise<readonly Listing[]> => {
  const { kvMount, kvPath } = settings;
  if (kvMount === null) return [];
  const folder = toPath(kvPath, placesOf(person, endpoint));
  if (folder === null) {
    trace(`nothing is asked for in KV: ${quoted(endpoint.hostname)} for ${quoted(person)} is no part of a path`);
    return [];
  }
  const at = `/${encodeMount(kvMount)}/metadata/${folder}`;
  const { body } = await session.ask(token, `${at}?list=true`, z.union([Keys, Nothing]), { accept: [404] });
  if ('errors' in body && body.errors.length > 0) throw noEngine(kvMount);
  const keys = 'data' in body ? body.data.keys.filter((key) => isSegment(key)) : [];
  trace(`the folder ${quoted(decodeURIComponent(folder))} of KV has ${keys.length} credentials`);
  if (keys.length > mostKeys) trace(`only the first ${mostKeys} of them are listed`);
  const listings: Listing[] = [];
  for (const key of keys.slice(0, mostKeys)) {
    // Its metadata alone: the secret is not read for a listing.
    const one = await session.ask(token, `${at}/${encodeURIComponent(key)}`, Metadata);
    const { kind = 'password', username = key } = one.body.data.custom_metadata ?? {};
    const isKey = kind === 'ssh-key';
    if (isKey && endpoint.protocol !== undefined && endpoint.protocol !== 'ssh') continue;
    listings.push({
      ...{ credential: JSON.stringify(['kv', folder, key] satisfies Named), needsApproval: false },
      ...{ kind: isKey ? 'ssh-key' : 'password', username, label: username === key ? key : `${username} (${key})` },
    });
  }
  return listings;
};

/** What a 404 says: no errors where there is nothing, and which one where the path is wrong. */
const Nothing = z.object({ errors: z.array(z.string()) });

const noEngine = (mount: string): Fault =>
  new Fault('misconfigured', `There is no KV engine at ${quoted(mount)}. Check the mount in the settings.`);

const assigned = async (
  { session, settings }: OpenBaoClient,
  token: Secret,
  { person, endpoint, trace }: Question,
): Promise<readonly Listing[]> => {
  const { protocol } = endpoint;
  const offers = (Object.keys(engines) as Engine[]).flatMap((engine) => {
    const isFor = protocol === undefined || engines[engine].for.includes(protocol);
    const names = isFor ? assignedTo(engines[engine].assignments(settings), endpoint) : [];
    return names.flatMap((name) => {
      const path = pathOf(settings, engine, name);
      return path === null ? [] : [{ engine, name, path: decodeURIComponent(path) }];
    });
  });
  if (offers.length === 0) return [];
  const body = { paths: offers.map(({ path }) => path) };
  const answer = await session.ask(token, '/sys/capabilities-self', Capabilities, {
    method: 'POST',
    body,
    retry: true,
  });
  return offers.flatMap(({ engine, name, path }) => {
    const may = answer.body.data[path];
    const isPermitted = Array.isArray(may) && (may.includes(engines[engine].needs) || may.includes('root'));
    trace(
      `${engines[engine].note} ${quoted(name)} is assigned to ${quoted(endpoint.hostname)}${isPermitted ? '' : ', but not permitted'}`,
    );
    return isPermitted ? [toListing(engine, name, settings, person, endpoint)] : [];
  });
};

const toListing = (engine: Engine, name: string, settings: Settings, person: string, endpoint: Endpoint): Listing => {
  const username = engine === 'ssh' ? (principalsOf(settings, person, endpoint)[0] ?? name) : name;
  const kind = engine === 'ssh' ? 'ssh-certificate' : 'password';
  const label = `${username === name ? name : `${username}, ${name}`} (${engines[engine].note})`;
  return { credential: JSON.stringify([engine, name] satisfies Named), kind, username, label, needsApproval: false };
};

/** The names that a certificate is for. One with a comma or a line break in it would be several. */
export const principalsOf = (settings: Settings, person: string, endpoint: Endpoint): readonly string[] =>
  settings.sshPrincipals
    .split(',')
    .map((template) => fill(template.trim(), placesOf(person, endpoint)))
    .filter((name) => name !== '' && !/[,\s\p{Cc}]/u.test(name));
