import { openSsh, type Ssh, type SshFiles, type SshProof, type TerminalSize } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import type { HandedCredential } from '@gatehouse/remote-access/ecm';
import { audit } from '@gatehouse/server';
import { endpointOf, findHostKey, keepHostKey } from '../host-keys/index.ts';
import type { Errand, SessionParts } from './model.ts';
import { createScreen } from './screen.ts';

/** A terminal of an endpoint. */
export interface Shell {
  readonly hostKey: { readonly fingerprint: string; readonly isNew: boolean };
  readonly size: TerminalSize;
  /** What it showed last. */
  screen(): Buffer;
  /** False: wait for `onDrain`. */
  type(bytes: Buffer): boolean;
  onDrain(listener: () => void): void;
  resize(size: TerminalSize): void;
  /** Opened at the first call, and again after it broke. */
  files(): Promise<SshFiles>;
  /** Passes on what it shows until the endpoint ends it. Rejects with a Fault where the connection was cut. */
  run(show: (bytes: Buffer) => Promise<void>): Promise<void>;
}

/** Wide enough for what an endpoint says at first; a page that is there says how large it is. */
const firstSize = { columns: 120, rows: 32 };

/** Signs in and opens a login shell. Nothing is said to a host that is not the one that was known before. */
export const openShell = async (
  { database, log, pace, jumpoints }: Pick<SessionParts, 'database' | 'log' | 'pace' | 'jumpoints'>,
  { id, item, place, principal, correlationId }: Errand,
  credential: HandedCredential,
  signal: AbortSignal,
): Promise<Shell> => {
  const { host, port, term, protocol } = place;
  if (protocol === 'telnet')
    throw new Fault(
      'unsupported',
      'This endpoint is reached over Telnet, which sends every password as readable text. Ask for an SSH item for it.',
    );
  const endpoint = endpointOf(host, port);
  const known = await database.system((tx) => findHostKey(tx, 'ssh', endpoint));
  const ssh = await openSsh(
    {
      ...{ host, port, system: item.name, account: credential.username, proof: proofOf(credential) },
      trust: known === null ? { kind: 'first-use', onHostKey: () => true } : { kind: 'pinned', fingerprints: [known] },
      bounds: { keepAliveMs: pace.beatMs },
      ...jumpoints.wayTo(place),
    },
    { signal, log: (line) => log.debug({ session: id, ...line }, 'ssh') },
  );
  try {
    const fingerprint = `${ssh.hostKey.type} ${ssh.hostKey.fingerprint}`;
    const isNew = known === null;
    await database.system(async (tx) => {
      if (!(await keepHostKey(tx, { protocol: 'ssh', endpoint, fingerprint })))
        throw new Fault('forbidden', 'This endpoint showed two different keys at once. Ask an administrator about it.');
      const by = { principal, correlationId };
      if (isNew) await audit(tx, by, { action: 'host-key.keep', target: endpoint, change: { fingerprint } });
    });
    return await toShell(ssh, term, { fingerprint, isNew });
  } catch (error) {
    ssh.close();
    throw error;
  }
};

const toShell = async (ssh: Ssh, term: string, hostKey: Shell['hostKey']): Promise<Shell> => {
  const terminal = await ssh.terminal({ term, size: firstSize });
  const screen = createScreen();
  let size: TerminalSize = firstSize;
  let files: Promise<SshFiles> | null = null;
  return {
    hostKey,
    get size() {
      return size;
    },
    screen: () => screen.bytes(),
    type: (bytes) => terminal.stream.writable && terminal.stream.write(bytes),
    onDrain: (listener) => void terminal.stream.once('drain', listener),
    resize(to) {
      size = to;
      terminal.resize(to);
    },
    files() {
      files ??= ssh.files().catch((error: unknown) => {
        files = null;
        throw error;
      });
      return files;
    },
    async run(show) {
      try {
        for await (const bytes of terminal.stream) {
          screen.add(bytes);
          await show(bytes);
        }
        const { code, signal } = await terminal.ended;
        if (code === null && signal === null)
          throw new Fault('unreachable', 'The connection to the endpoint was lost.', 'the SSH connection was cut');
      } finally {
        ssh.close();
      }
    },
  };
};

const proofOf = (credential: HandedCredential): SshProof => {
  switch (credential.kind) {
    case 'password':
      return { kind: 'password', password: credential.password };
    case 'ssh-key':
      return { kind: 'key', privateKey: credential.privateKey, passphrase: credential.passphrase };
    case 'ssh-certificate':
      return {
        ...{ kind: 'key', privateKey: credential.privateKey, passphrase: null },
        certificate: credential.certificate,
      };
  }
};
