import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Accounts } from './accounts.ts';
import {
  type AnsweredEntry,
  bindMessage,
  entryMessage,
  extendedMessage,
  noticeOfDisconnection,
  referenceMessage,
  searchMessage,
} from './answer.ts';
import { integer, numberIn, octets, sequence, valuesIn, wholeSize } from './ber.ts';
import type { Directory } from './directory.ts';
import type { Plant } from './plant.ts';
import { parseRequest, type Request, type Search } from './request.ts';
import { createSearches, type Found, paged, type Rights, type SearchLimits } from './search.ts';

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
        const wanted = plant?.kind === 'firstPage' ? fromTheFirst(request.search) : request.search;
        const found = search(wanted, rights ?? { readSacl: false, dirSync: false });
        return send(socket, request.id, planted(found, plant), plant);
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

const planted = (found: Found, plant: Plant | undefined): Found => {
  switch (plant?.kind) {
    case 'references': {
      const references = [...plant.urls, ...found.references];
      return plant.outcome ? { entries: [], references, outcome: plant.outcome } : { ...found, references };
    }
    case 'alter':
      return { ...found, entries: altered(found.entries, plant.entry) };
    case 'firstPage': {
      const entries = [...found.entries];
      // Where there is nothing the list ends all the same.
      if (entries.length === 0) return { ...found, entries };
      const controls = { [paged]: sequence(integer(0), octets(randomUUID())) };
      return { ...found, entries, outcome: { code: 0, controls } };
    }
    default:
      return found;
  }
};

function* altered(
  entries: Iterable<AnsweredEntry>,
  alter: (entry: AnsweredEntry) => readonly AnsweredEntry[],
): Iterable<AnsweredEntry> {
  for (const entry of entries) yield* alter(entry);
}

/** The same search without its cookie. */
const fromTheFirst = (search: Search): Search => {
  const page = search.controls.get(paged);
  const size = page && valuesIn(valuesIn(page)[0]?.content ?? page)[0];
  if (!size) return search;
  return { ...search, controls: new Map([...search.controls, [paged, sequence(integer(numberIn(size)), octets(''))]]) };
};

const send = async (socket: Socket, id: number, found: Found, plant: Plant | undefined): Promise<void> => {
  for (const url of found.references) await write(socket, referenceMessage(id, url));
  if (plant?.kind === 'cut') {
    const [first = { dn: '', attributes: [] }] = found.entries;
    const message = entryMessage(id, first);
    await write(socket, message.subarray(0, Math.ceil(message.length / 2)));
    return goAway(socket);
  }
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
