import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Accounts } from './accounts.ts';
import {
  bindMessage,
  entryMessage,
  extendedMessage,
  noticeOfDisconnection,
  referenceMessage,
  searchMessage,
} from './answer.ts';
import { wholeSize } from './ber.ts';
import type { Directory } from './directory.ts';
import type { Plant } from './plant.ts';
import { parseRequest, type Request } from './request.ts';
import { createSearches, type Found, type Rights, type SearchLimits } from './search.ts';

interface Around {
  readonly directory: Directory;
  readonly limits: SearchLimits;
  readonly signIns: Accounts;
  /** Notes a request; says what goes wrong with it. */
  seen(request: Request, isEncrypted: boolean): Plant | undefined;
}

const startTlsName = '1.3.6.1.4.1.1466.20037';

/** Serves one connection, one request after the other. `plain`: not encrypted yet, and how that is done where it is offered. */
export const serve = (socket: Socket, around: Around, plain: { upgrade: (() => TLSSocket) | null } | null): void => {
  const search = createSearches(around.directory, around.limits);
  let rights: Rights | null = null;
  let held: Buffer = Buffer.alloc(0);
  let turn: Promise<void> = Promise.resolve();

  const answer = async (request: Request): Promise<void> => {
    if (socket.destroyed) return;
    const plant = around.seen(request, plain === null);
    if (plant?.kind === 'silence') return;
    if (plant?.kind === 'wait') await plant.until;
    if (plant?.kind === 'bytes') return write(socket, plant.bytes);
    if (plant?.kind === 'shutDown') {
      await write(socket, noticeOfDisconnection('The server is going down.'));
      return void socket.end();
    }
    const given = plant?.kind === 'result' ? plant.outcome : null;
    switch (request.kind) {
      case 'bind': {
        if (plain !== null) return write(socket, bindMessage(request.id, { code: 8, diagnostic: needsSigning }));
        if (given !== null) return write(socket, bindMessage(request.id, given));
        const signIn = around.signIns.signIn(request.name, request.password);
        rights = signIn.rights;
        return write(socket, bindMessage(request.id, signIn.outcome));
      }
      case 'search': {
        if (given !== null) return write(socket, searchMessage(request.id, given));
        const isRootDse = request.search.base === '' && request.search.scope === 'base';
        if (rights === null && !isRootDse) {
          return write(socket, searchMessage(request.id, { code: 1, diagnostic: needsBind }));
        }
        const found = search(request.search, rights ?? { readSacl: false, dirSync: false });
        return send(socket, request.id, found, plant);
      }
      case 'startTls':
        if (plain?.upgrade === null || plain === null || given !== null) {
          const refusal = given ?? {
            code: 52,
            diagnostic: '00000000: LdapErr: DSID-0C0910A0, comment: Error initializing SSL/TLS',
          };
          return write(socket, extendedMessage(request.id, refusal, startTlsName));
        }
        socket.off('data', take);
        await write(socket, extendedMessage(request.id, { code: 0 }, startTlsName));
        return serve(plain.upgrade(), around, null);
      case 'unbind':
        return void socket.end();
      case 'other':
        return write(socket, noticeOfDisconnection('not understood'));
    }
  };

  const take = (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    try {
      for (let size = wholeSize(held); size !== null && size <= held.length; size = wholeSize(held)) {
        // In memory of its own: requests are kept, and a view would keep the whole pool that it is in.
        const request = parseRequest(Buffer.from(new Uint8Array(held.subarray(0, size)).buffer));
        held = held.subarray(size);
        turn = turn.then(() => answer(request)).catch(() => void socket.destroy());
      }
    } catch {
      // What is no LDAP ends the connection, as a controller ends it.
      socket.destroy();
    }
  };
  socket.on('data', take);
  socket.on('error', () => socket.destroy());
};

const send = async (socket: Socket, id: number, found: Found, plant: Plant | undefined): Promise<void> => {
  const urls = plant?.kind === 'references' ? plant.urls : [];
  for (const url of [...urls, ...found.references]) await write(socket, referenceMessage(id, url));
  let sent = 0;
  let batch: Buffer[] = [];
  const flush = async () => {
    await write(socket, Buffer.concat(batch));
    batch = [];
  };
  for (const entry of found.entries) {
    if (plant?.kind === 'goAway' && sent >= plant.afterEntries) break;
    batch.push(entryMessage(id, entry));
    // Some at a time, as a controller fills packets.
    if (++sent % 50 === 0) await flush();
  }
  await flush();
  if (plant?.kind === 'goAway') return goAway(socket);
  await write(socket, searchMessage(id, found.outcome));
};

/** What was written before is sent, but no end. */
const goAway = async (socket: Socket): Promise<void> => {
  await new Promise<void>((done) => socket.write('', () => done()));
  socket.destroy();
};

/** Waits where the client reads slower than we write. */
const write = async (socket: Socket, bytes: Buffer): Promise<void> => {
  if (socket.destroyed || bytes.length === 0 || socket.write(bytes)) return;
  const settled = Promise.withResolvers<void>();
  const go = () => settled.resolve();
  socket.once('drain', go).once('close', go);
  await settled.promise;
  socket.off('drain', go).off('close', go);
};

const needsSigning =
  '00002028: LdapErr: DSID-0C090259, comment: The server requires binds to turn on integrity checking if SSL\\TLS are not already active on the connection, data 0, v4563';
const needsBind =
  '000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563';
