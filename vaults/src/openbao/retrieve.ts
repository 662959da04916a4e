import { Fault, Secret } from '@gatehouse/kernel';
import { type Credential, type Lease, quoted, type Retrieval, type Retrieved } from '@gatehouse/vault-kit';
import { z } from 'zod';
import { take } from './leased.ts';
import { encodeMount, type Named, pathOf, principalsOf, toNamed } from './offers.ts';
import type { OpenBaoClient } from './openbao.ts';
import { newKeyPair } from './openssh-key.ts';
import { system } from './session.ts';

/** Reads, takes or makes the credential of a lease, by its engine. */
export const retrieve = async (client: OpenBaoClient, lease: Lease, retrieval: Retrieval): Promise<Retrieved> => {
  const named = toNamed(lease.credential, lease.person, lease.endpoint, client.settings);
  if (named === null) {
    throw new Fault('forbidden', 'This credential is not offered for this endpoint. List the credentials again.');
  }
  return { state: 'ready', credential: await byEngine(client, lease, named, retrieval) };
};

const byEngine = async (
  client: OpenBaoClient,
  lease: Lease,
  named: Named,
  retrieval: Retrieval,
): Promise<Credential> => {
  if (named[0] === 'kv') return fromKeyValue(client, named[1], named[2], retrieval);
  const [engine, name] = named;
  const found = pathOf(client.settings, engine, name);
  if (found === null) throw notMounted(engine);
  const path = `/${found}`;
  switch (engine) {
    case 'ssh':
      return signed(client, lease, path, retrieval);
    case 'static':
      return fromStaticRole(client, path, retrieval);
    case 'dynamic':
    case 'library': {
      const { username, password } = await take(client, lease, retrieval, {
        ...{ path, method: engine === 'library' ? 'POST' : 'GET' },
      });
      return { kind: 'password', ...splitName(username), password };
    }
  }
};

/** A service account of a library is `name@domain` where its directory knows it so. */
const splitName = (name: string): { username: string; domain: string | null } => {
  const [, username, domain] = /^([^@]+)@([^@]+)$/.exec(name) ?? [];
  return username === undefined || domain === undefined ? { username: name, domain: null } : { username, domain };
};

const Version = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) });

const fromKeyValue = async (
  { session, settings }: OpenBaoClient,
  folder: string,
  key: string,
  { trace }: Retrieval,
): Promise<Credential> => {
  const { kvMount, kvUsernameField, kvPasswordField, kvPrivateKeyField, kvPassphraseField } = settings;
  if (kvMount === null) throw notMounted('KV');
  const path = `/${encodeMount(kvMount)}/data/${folder}/${encodeURIComponent(key)}`;
  const { body } = await session.using((token) => session.ask(token, path, Version));
  const field = (name: string): string | null => {
    const value = body.data.data[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const username = field(kvUsernameField) ?? key;
  const [privateKey, password] = [field(kvPrivateKeyField), field(kvPasswordField)];
  trace(`read ${quoted(key)} in KV`);
  if (privateKey !== null) {
    const passphrase = field(kvPassphraseField);
    return {
      ...{ kind: 'ssh-key', username, privateKey: new Secret(privateKey) },
      passphrase: passphrase === null ? null : new Secret(passphrase),
    };
  }
  if (password !== null) return { kind: 'password', ...splitDomain(username), password: new Secret(password) };
  throw new Fault(
    'misconfigured',
    `The secret ${quoted(key)} has neither the field ${quoted(kvPasswordField)} nor ${quoted(kvPrivateKeyField)}.`,
  );
};

/** `DOMAIN\name` as people enter it. */
const splitDomain = (name: string): { username: string; domain: string | null } => {
  const at = name.indexOf('\\');
  return at < 0 ? { username: name, domain: null } : { username: name.slice(at + 1), domain: name.slice(0, at) };
};

const Static = z.object({ data: z.object({ username: z.string().min(1).max(500), password: z.string().min(1) }) });

const fromStaticRole = async ({ session }: OpenBaoClient, path: string, { trace }: Retrieval): Promise<Credential> => {
  const { body } = await session.using((token) => session.ask(token, path, Static));
  const { username, password } = body.data;
  trace(`read the static role of ${quoted(username)}`);
  return { kind: 'password', username, domain: null, password: new Secret(password) };
};

const Signed = z.object({ data: z.object({ signed_key: z.string().trim().min(20).max(20_000) }) });

const signed = async (
  { session, settings }: OpenBaoClient,
  lease: Lease,
  path: string,
  { trace }: Retrieval,
): Promise<Credential> => {
  const principals = principalsOf(settings, lease.person, lease.endpoint);
  const [username] = principals;
  if (username === undefined) throw new Fault('forbidden', 'No certificate can be made for the name of this person.');
  const { publicKey, privateKey } = await newKeyPair();
  const body = {
    ...{ public_key: publicKey, valid_principals: principals.join(','), cert_type: 'user' },
    ttl: `${settings.sshMinutes}m`,
    // Stands in the log of every machine that it opens.
    key_id: `gatehouse person=${quoted(lease.person)} lease=${lease.id}`,
  };
  // Nothing is held by a certificate: one whose answer was lost is known to nobody and ends by itself.
  const wanted = { method: 'POST', body, retry: true } as const;
  const answer = await session.using((token) => session.ask(token, path, Signed, wanted));
  trace(`signed a certificate for ${principals.map(quoted).join(', ')}, good for ${settings.sshMinutes} minutes`);
  return { kind: 'ssh-certificate', username, privateKey, certificate: answer.body.data.signed_key };
};

const notMounted = (engine: string): Fault =>
  new Fault('misconfigured', `The settings name no place where ${system} has the engine ${engine} mounted.`);
