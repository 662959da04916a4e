import { importPublicKey, readClaims, refusals, verifyMessage } from '@gatehouse/connector-kit/ingest';
import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { Problem, type ProgramAct } from '@gatehouse/server';
import { acceptNonce, findDevice, type KnownDevice } from './store.ts';

/** A request of a device, as it came. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: unknown };
  readonly body: unknown;
  /** The id of the request. */
  readonly id: string;
}

/** A message that a registered device signed, and that is not used up yet. */
export interface Signed {
  readonly device: KnownDevice;
  readonly act: ProgramAct;
  readonly nonce: number;
  readonly body: Uint8Array;
}

/** Milliseconds that a signature may be old, or of the future: device and server agree on the time by then. */
const freshMs = 10 * 60_000;

/** Who sent a message: throws the problem that its program can act on. The nonce is used up by `useMessage`. */
export const readMessage = async (database: Database, clock: Clock, asked: Asked): Promise<Signed> => {
  const claims = readClaims(asked.headers);
  const device = claims && (await database.system((tx) => findDevice(tx, claims.keyId)));
  if (!claims || !device) throw notRecognised();
  const body = asked.body instanceof Uint8Array ? asked.body : new Uint8Array();
  const message = { method: asked.method, path: asked.url.split('?')[0] ?? '', body };
  const isTheirs = await verifyMessage(await importPublicKey(device.publicKey), message, asked.headers);
  if (!isTheirs) throw notRecognised();
  if (Math.abs(clock.now().getTime() - claims.createdAt.getTime()) > freshMs) throw stale(clock);
  if (device.state === 'removed') {
    throw new Problem(410, refusals.removed, 'Removed', 'The connection of this collector was deleted. Uninstall it.');
  }
  if (device.state === 'off') {
    throw new Problem(403, refusals.off, 'Turned off', 'The connection of this collector is turned off.');
  }
  const principal = { kind: 'program', id: device.connectionId, name: device.name } as const;
  const act = { tenantId: device.tenantId, principal, correlationId: asked.id };
  return { device, act, nonce: claims.nonce, body };
};

/** One transaction in which a message counts: once, on whichever copy of this server it comes again. */
export const useMessage = <T>(
  database: Database,
  clock: Clock,
  { act, nonce }: Signed,
  work: (tx: Sql, at: Date) => Promise<T>,
): Promise<T> =>
  database.tenant(act.tenantId, async (tx) => {
    const at = clock.now();
    if (!(await acceptNonce(tx, act.tenantId, act.principal.id, nonce, at))) throw stale(clock);
    return await work(tx, at);
  });

const notRecognised = () =>
  new Problem(
    401,
    refusals.signature,
    'Not recognised',
    'This is not signed by a collector of this server, or it was changed on the way.',
  );

const stale = (clock: Clock) =>
  new Problem(
    401,
    refusals.stale,
    'Too old, or sent before',
    `The time or the number of this message was used up. This server has ${clock.now().toISOString()}.`,
  );
