import { connect, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Fault } from '@gatehouse/kernel';
import ssh2, { type Client, type ParsedKey } from 'ssh2';
import type { LogLine } from '../exchange.ts';
import { lookupAt } from '../lookup-at.ts';
import { certified, nameSignatures } from './certificate.ts';
import { createChannels } from './channels.ts';
import { algorithmsFor, isPinned, namesOf, toHostKey, toPins } from './host-key.ts';
import { keepPacketKeys } from './packet-keys.ts';
import { createSignIn } from './sign-in.ts';
import type { HostKey, Ssh, SshBounds, SshOptions, SshProof } from './ssh.ts';
import { SshFault, sshFaults } from './ssh-faults.ts';
import { readKey } from './ssh-keys.ts';

export interface SshSurroundings {
  /** Aborting it ends the connection with the signal's reason. */
  readonly signal: AbortSignal;
  /** One line for each connection and command; holds neither secrets nor commands. */
  log?(line: LogLine): void;
}

const defaults: SshBounds = { connectMs: 10_000, signInMs: 30_000, keepAliveMs: 15_000, keepAliveTries: 3 };

/**
 * Connects, makes sure that the host is the right one, and signs in. Until the host key is settled nothing is sent that
 * concerns the account. Throws a Fault; see `Ssh`.
 */
export const openSsh = async (options: SshOptions, around: SshSurroundings): Promise<Ssh> => {
  const { host, port = 22, system, addresses, account, trust, proof } = options;
  const bounds = { ...defaults, ...options.bounds };
  const place = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  if (!isHost(host) || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Fault('misconfigured', `The address of ${system} is not one. Enter a name or an address, and a port.`);
  if (!/^[^\p{Cc}]{1,256}$/u.test(account)) throw new Fault('misconfigured', `Enter the account's name at ${system}.`);
  const pins = toPins(system, trust);
  // Before anything is sent, because a key that cannot be read would be skipped in silence.
  const key = proof.kind === 'key' ? keyOf(proof) : null;
  const secrets = proof.kind === 'password' ? [proof.password.reveal()] : [proof.passphrase?.reveal() ?? ''];
  const faults = sshFaults({ system, place, secrets });
  const { signal } = around;
  signal.throwIfAborted();

  const began = performance.now();
  const client = new ssh2.Client();
  const closed = Promise.withResolvers<void>();
  const ready = Promise.withResolvers<void>();
  const lookup = addresses === undefined ? {} : { lookup: lookupAt(addresses) };
  const socket: Duplex = options.dial ? await options.dial() : connect({ host, port, noDelay: true, ...lookup });
  let hostKey: HostKey | null = null;
  let isOpen = false;
  let over: unknown = null;

  const end = (reason: unknown) => {
    over ??= reason;
    ready.reject(over);
    socket.destroy();
  };
  const stop = () => end(signal.reason);
  const giveUp = (fault: SshFault) => end(fault);
  const signIn = createSignIn({ client, account, proof, key, faults, giveUp });
  let timer = setTimeout(() => end(faults.of('no connection', 'no host key in time')), bounds.connectMs);

  /** New session keys in the middle of a connection come with the host key again: it is settled, and must be the same. */
  const isSettled = (settled: HostKey, key: HostKey): boolean => {
    if (settled.fingerprint !== key.fingerprint) end(hostKeyFault(system, place, key, settled.fingerprint));
    return settled.fingerprint === key.fingerprint;
  };
  const onHostKey = async (key: HostKey): Promise<boolean> => {
    clearTimeout(timer);
    timer = setTimeout(() => end(faults.of('timeout', 'no sign-in in time')), bounds.signInMs);
    hostKey = key;
    if (trust.kind === 'first-use' ? await trust.onHostKey(key) : isPinned(pins, key)) return true;
    end(hostKeyFault(system, place, key, namesOf(pins)));
    return false;
  };

  client.on('error', (error: Error & { level?: string }) => {
    if (!isOpen) end(hostKey === null ? faults.of('no connection', wordsOf(error)) : signIn.failure(wordsOf(error)));
    else over ??= faults.of('cut', wordsOf(error));
  });
  client.on('ready', () => {
    if (!signIn.isShown()) return end(faults.of('no proof asked', 'let in by "none"'));
    isOpen = true;
    ready.resolve();
  });
  socket.on('close', () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    if (isOpen) end(faults.of('cut', 'closed'));
    else
      end(hostKey === null ? faults.of('no connection', 'closed') : signIn.failure('the host closed the connection'));
    closed.resolve();
  });
  signal.addEventListener('abort', stop, { once: true });

  client.on('handshake', () => keepPacketKeys(client));
  // With the first keys of the connection the library has made what writes its packets.
  if (proof.kind === 'key' && proof.certificate !== undefined)
    client.once('handshake', () => {
      try {
        nameSignatures(client);
      } catch (error) {
        end(error);
      }
    });

  client.connect({
    ...{ sock: socket, username: account, readyTimeout: 0 },
    ...{ keepaliveInterval: bounds.keepAliveMs, keepaliveCountMax: bounds.keepAliveTries },
    // Read by the client only where a host asks for a new password in the middle of a sign-in.
    ...(proof.kind === 'password' && { password: proof.password.reveal() }),
    algorithms: { serverHostKey: algorithmsFor(pins) },
    hostVerifier: (blob: Buffer, verify: (isRight: boolean) => void) => {
      const key = toHostKey(blob);
      // In the middle of a connection the library does not wait well: what comes meanwhile would end it.
      if (hostKey !== null) verify(isSettled(hostKey, key));
      else void onHostKey(key).then(verify, end);
    },
    authHandler: signIn.next,
  });

  const tell = (method: string, problem?: string) =>
    around.log?.({
      ...{ system, method, path: place, status: null, attempt: 1, bytes: 0 },
      tookMs: Math.round(performance.now() - began),
      ...(problem === undefined ? {} : { problem }),
    });
  try {
    await ready.promise;
  } catch (error) {
    tell('CONNECT', error instanceof Fault && 'problem' in error ? String(error.problem) : 'failed');
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  tell('CONNECT');
  if (hostKey === null) throw faults.of('no connection', 'no host key');
  return {
    ...{ hostKey, said: signIn.said(), closed: closed.promise },
    ...createChannels({ client, faults, why: () => over }),
    close: () => hangUp(client, socket),
  };
};

const keyOf = ({ privateKey, passphrase, certificate }: Extract<SshProof, { kind: 'key' }>): ParsedKey => {
  const key = readKey(privateKey, passphrase);
  return certificate === undefined ? key : certified(key, certificate);
};

/** A host that takes in nothing any more does not hear the goodbye. */
const hangUp = (client: Client, socket: Duplex) => {
  client.end();
  setTimeout(() => socket.destroy(), 2_000).unref();
  // Of a connection through something else that is whoever dialled it.
  if (socket instanceof Socket) socket.unref();
};

/** A name, an IPv4 or an IPv6 address; neither options nor spaces. */
export const isHost = (text: string) =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$|^[0-9a-fA-F:]{2,39}(?:%[A-Za-z0-9]{1,16})?$/.test(text);

const hostKeyFault = (system: string, place: string, key: HostKey, expected: string): SshFault => {
  const came = `${key.type} ${key.fingerprint}`;
  const advice =
    expected === ''
      ? `The host key of ${system}, ${came}, was not accepted, so nothing was sent to it.`
      : `${system} showed the host key ${came}, but ${expected} is trusted, so nothing was sent to it. If it was set up anew, trust the new key; if not, somebody is in between.`;
  const detail = `${place}: ${came} instead of ${expected}`;
  return new SshFault({ kind: 'misconfigured', problem: 'host key', advice, detail });
};

/** The code of a network error, or the words of the protocol; neither holds anything of ours. */
const wordsOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message;
