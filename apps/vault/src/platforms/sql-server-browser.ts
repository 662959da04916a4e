import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { Fault } from '@gatehouse/kernel';
import { hostOf } from './databases.ts';
import type { ManagedSystem } from './platform.ts';

const browserPort = 1434;
const tries = 3;
const waitMs = 1_000;

/**
 * The port of a named instance, as SQL Server Browser of the system tells it (MC-SQLR). What it tells is not proved: the
 * certificate of the server, and which instance it says it is, are looked at afterwards.
 */
export const findInstancePort = async (
  system: ManagedSystem,
  instance: string,
  signal: AbortSignal,
): Promise<number> => {
  const { name } = system;
  const { address, family } = await lookup(hostOf(system)).catch(() => {
    throw unreachable(name, 'its name leads nowhere');
  });
  for (let attempt = 0; attempt < tries; attempt++) {
    signal.throwIfAborted();
    const answer = await asked(address, family, instance, signal);
    if (answer === null) continue;
    const port = portIn(answer, instance);
    if (port !== null) return port;
    throw new Fault('misconfigured', `${name} has no instance ${instance} that takes connections by TCP.`);
  }
  throw unreachable(name, `no answer from ${browserPort}/udp`);
};

const unreachable = (name: string, detail: string) =>
  new Fault(
    'unreachable',
    `SQL Server Browser of ${name} did not say where the instance is. Start it there, or enter the port of the instance.`,
    detail,
  );

/** Null: nothing came in time. */
const asked = (address: string, family: number, instance: string, signal: AbortSignal): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    const timer = setTimeout(() => end(null), waitMs);
    const onAbort = () => end(null);
    const end = (answer: string | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket
        .removeAllListeners()
        .on('error', () => undefined)
        .close();
      resolve(answer);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // Nobody there is told at once.
    socket.on('error', () => end(null));
    socket.on('message', (bytes, from) => {
      if (from.address === address && bytes[0] === 5) end(bytes.toString('latin1', 3));
    });
    socket.connect(browserPort, address, () =>
      socket.send(Buffer.concat([Buffer.from([4]), Buffer.from(instance, 'utf8'), Buffer.from([0])])),
    );
  });

/** Of `ServerName;…;InstanceName;…;IsClustered;No;Version;…;tcp;1433;;`. */
const portIn = (answer: string, instance: string): number | null => {
  const parts = answer.slice(0, 1_024).split(';');
  const after = (name: string) => parts[parts.indexOf(name) + 1] ?? '';
  const port = parts.includes('tcp') && /^\d{1,5}$/.test(after('tcp')) ? Number(after('tcp')) : 0;
  const isMeant = after('InstanceName').toUpperCase() === instance.toUpperCase();
  return isMeant && port >= 1 && port <= 65_535 ? port : null;
};
