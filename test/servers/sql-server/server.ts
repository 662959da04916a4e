import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { makeServerCertificate } from '../samba/certificates.ts';
import { alterLogin, keyOf, refuseSignIn, type SqlLogin, type SqlLogins } from './logins.ts';
import {
  answer,
  done,
  errorToken,
  loginAck,
  type Message,
  messageTypes,
  oneRow,
  packetsOf,
  preloginAnswer,
  readBatch,
  readLogin,
  readMessages,
} from './tds.ts';

/** How connections are encrypted: inside PRELOGIN messages, before everything (TDS 8), or not at all. */
type Encryption = 'prelogin' | 'strict' | 'none';

export interface SqlServerOptions {
  /** Of loopback. */
  readonly address?: string;
  readonly encryption?: Encryption;
  /** Null: the default instance. */
  readonly instance?: string | null;
  /** Shorter passwords are refused. */
  readonly leastLength?: number;
}

/** A stand-in for SQL Server: it speaks its protocol, holds logins, lets them in and executes ALTER LOGIN. */
export interface SqlServer {
  readonly address: string;
  readonly port: number;
  /** The name that its certificate is for; no resolver knows it. */
  readonly name: string;
  /** PEM of the authority that its certificate is from. */
  readonly ca: string;
  readonly logins: SqlLogins;
  /** Names that somebody tried to sign in with, right or wrong, oldest first. */
  readonly tried: string[];
  /** Where the next ALTER LOGIN loses its connection. */
  cut: 'nowhere' | 'before' | 'after';
  /** Sends whoever signs in on to there. */
  routeTo: { readonly host: string; readonly port: number } | null;
  add(name: string, password: string, more?: Partial<SqlLogin>): void;
  stop(): Promise<void>;
}

export const startSqlServer = async (options: SqlServerOptions = {}): Promise<SqlServer> => {
  const { address = '127.0.0.1', encryption = 'prelogin', instance = null, leastLength = 1 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-sql-server-'));
  await makeServerCertificate(folder, 'sql.example', '127.0.0.1', 'valid');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const certificate = { cert: read('server.pem'), key: read('server.key') };
  const ca = read('ca.pem');
  rmSync(folder, { recursive: true });
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.once('data', (first) => {
      // The first byte of TLS is 22, of a PRELOGIN 18.
      const isTls = first[0] === 22;
      socket.pause();
      socket.unshift(first);
      if (isTls !== (encryption === 'strict')) socket.destroy();
      else if (isTls) serve(server, settings, secured(socket, createSecureContext(certificate)));
      // Real servers stop at TLS 1.2 inside PRELOGIN.
      else serve(server, settings, socket, createSecureContext({ ...certificate, maxVersion: 'TLSv1.2' }));
    });
  }).listen(0, address);
  await once(listener, 'listening');
  const listened = listener.address();
  const port = typeof listened === 'object' && listened !== null ? listened.port : 0;
  const settings = { address, encryption, instance, leastLength };
  const logins: SqlLogins = new Map();
  const server: SqlServer = {
    ...{ address, port, name: 'sql.example', ca, logins, tried: [], cut: 'nowhere', routeTo: null },
    add: (name, password, more = {}) => {
      logins.set(keyOf(name), { name, password, state: 'good', mayAlter: false, ...more });
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
  return server;
};

const secured = (socket: Duplex, secureContext: SecureContext): TLSSocket => {
  const tls = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['tds/8.0'] });
  return tls.on('error', () => socket.destroy());
};

/** With a context of TLS the stream is in the clear, and encrypted once that was agreed. */
const serve = (
  server: SqlServer,
  settings: Required<SqlServerOptions>,
  stream: Duplex,
  secureContext: SecureContext | null = null,
): void => {
  let user: string | null = null;
  let within: Duplex = stream;
  const onMessage = ({ type, payload }: Message): void => {
    if (type === messageTypes.prelogin) {
      const isPlain = settings.encryption === 'none';
      answer(within, preloginAnswer(isPlain ? 2 : settings.encryption === 'strict' ? 0 : 3));
      if (secureContext === null || isPlain) return;
      within = secured(inPrelogin(stream), secureContext);
      within.on('data', readMessages(onMessage));
    } else if (type === messageTypes.login) {
      const login = readLogin(payload);
      server.tried.push(login.user);
      const refused = refuseSignIn(server.logins, login.user, login.password);
      if (refused !== null)
        return void within.end(packetsOf(messageTypes.answer, Buffer.concat([errorToken(refused), done(true)])));
      user = login.user;
      answer(within, loginAck(login.tdsVersion), ...(server.routeTo ? [routing(server.routeTo)] : []), done());
    } else if (type === messageTypes.batch && user !== null) batch(server, settings, within, user, readBatch(payload));
    else stream.destroy();
  };
  const read = readMessages(onMessage);
  stream.on('data', (bytes: Buffer) => {
    if (within === stream) read(bytes);
  });
  stream.resume();
};

const batch = (
  server: SqlServer,
  { instance, leastLength }: Required<SqlServerOptions>,
  to: Duplex,
  user: string,
  statement: string,
): void => {
  const isQuestion = /^select cast\(serverproperty\('InstanceName'\) as nvarchar\(128\)\)$/i.test(statement);
  // What a client sets up its session with.
  const isSetting = /^\s*set \w+/i.test(statement);
  if (isQuestion || isSetting) {
    answer(to, ...(isQuestion ? [oneRow(instance)] : []), done());
    return;
  }
  const { cut } = server;
  server.cut = 'nowhere';
  if (cut === 'before') return void to.destroy();
  const refused = alterLogin(server.logins, user, statement, leastLength);
  if (cut === 'after') return void to.destroy();
  answer(to, ...(refused === null ? [done()] : [errorToken(refused), done(true)]));
};

/** TLS inside PRELOGIN messages until the client speaks without them, then by itself. */
const inPrelogin = (stream: Duplex): Duplex => {
  let isWrapped = true;
  let pending: Buffer[] = [];
  const unwrap = readMessages(({ payload }) => inner.push(payload));
  const flush = () => {
    // A client waits for one message for each of its own, so what belongs together goes together.
    if (pending.length > 0) stream.write(packetsOf(messageTypes.prelogin, Buffer.concat(pending)));
    pending = [];
  };
  const inner = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _encoding, callback) => {
      if (!isWrapped) return void stream.write(bytes, callback);
      if (pending.push(bytes) === 1) setImmediate(flush);
      callback();
    },
    final: (callback) => void stream.end(callback),
    destroy: (error, callback) => {
      stream.destroy();
      callback(error);
    },
  });
  stream.on('data', (bytes: Buffer) => {
    if (bytes[0] !== messageTypes.prelogin) isWrapped = false;
    if (isWrapped) unwrap(bytes);
    else inner.push(bytes);
  });
  stream.on('close', () => inner.destroy());
  return inner;
};

/** ENVCHANGE 20. */
const routing = ({ host, port }: { readonly host: string; readonly port: number }): Buffer => {
  const name = Buffer.from(host, 'utf16le');
  const value = Buffer.alloc(5);
  value.writeUInt8(0, 0);
  value.writeUInt16LE(port, 1);
  value.writeUInt16LE(host.length, 3);
  const content = Buffer.alloc(3);
  content.writeUInt8(20, 0);
  content.writeUInt16LE(value.length + name.length, 1);
  const old = Buffer.alloc(2);
  const head = Buffer.alloc(3);
  head.writeUInt8(0xe3, 0);
  head.writeUInt16LE(content.length + value.length + name.length + old.length, 1);
  return Buffer.concat([head, content, value, name, old]);
};

/** SQL Server Browser, which says on which port each instance listens; always at port 1434, so at an address of its own. */
export const startSqlBrowser = async (
  address: string,
  portsByInstance: Readonly<Record<string, number>>,
): Promise<{ stop(): Promise<void> }> => {
  const socket = createSocket('udp4');
  socket.on('message', (asked, from) => {
    const name = asked.subarray(1, asked.indexOf(0, 1)).toString('latin1');
    const port = portsByInstance[name.toUpperCase()];
    if (asked[0] !== 4 || port === undefined) return;
    const text = `ServerName;SQL;InstanceName;${name.toUpperCase()};IsClustered;No;Version;16.0.1000.6;np;\\\\SQL\\pipe;tcp;${port};;`;
    const head = Buffer.from([5, 0, 0]);
    head.writeUInt16LE(text.length, 1);
    socket.send(Buffer.concat([head, Buffer.from(text, 'latin1')]), from.port, from.address);
  });
  socket.bind(1_434, address);
  await once(socket, 'listening');
  return {
    stop: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
};
