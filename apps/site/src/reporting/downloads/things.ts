import { Readable } from 'node:stream';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import { findRecording, readRecording } from '../../recordings/index.ts';
import { findBlob, isChatThere, listShells, readBlob } from '../../support/index.ts';
import type { Stream } from '../../xml-api/index.ts';
import { chatHtml, chatText } from './chat.ts';
import type { Thing } from './links.ts';

export interface ThingParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

/** A thing as a file, or as a page to look at, which only words have. Null: it is not there, or not any more. */
export const openThing = async (parts: ThingParts, thing: Thing, asPage: boolean): Promise<Stream | null> => {
  const { database } = parts;
  const { lsid, kind, id } = thing;
  switch (kind) {
    case 'chat': {
      if (!(await database.read((tx) => isChatThere(tx, lsid)))) return null;
      return asPage
        ? { type: 'text/html; charset=utf-8', bytes: Readable.from(chatHtml(database, lsid), { objectMode: false }) }
        : {
            ...{ type: 'text/plain; charset=utf-8', filename: `${lsid}-chat.txt` },
            bytes: Readable.from(chatText(database, lsid), { objectMode: false }),
          };
    }
    case 'file':
    case 'screen': {
      const blob = await database.read((tx) => findBlob(tx, id));
      // Half a file is none; of a screen it is what was seen.
      if (blob === null || blob.lsid !== lsid || blob.kind !== kind || blob.state === 'arriving') return null;
      if (kind === 'file' && blob.state !== 'kept') return null;
      return {
        // Whatever somebody said that it is: a browser keeps it, and looks at nothing of it.
        ...{ type: 'application/octet-stream', filename: blob.name || `${lsid}-${kind}` },
        bytes: Readable.from(readBlob(parts, blob), { objectMode: false }),
      };
    }
    case 'desktop':
    case 'shell': {
      // Of a machine in a support session, or of the one endpoint of another session.
      if (id !== '' && !(await database.read((tx) => listShells(tx, lsid))).includes(id)) return null;
      const sessionId = id || lsid.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      const wanted = kind === 'shell' ? 'asciicast' : 'desktop';
      const recording = await database.read((tx) => findRecording(tx, sessionId));
      const bytes = recording?.format === wanted ? await readRecording(parts, sessionId) : null;
      if (bytes === null) return null;
      return {
        ...{ type: kind === 'shell' ? 'application/x-asciicast' : 'application/octet-stream' },
        filename: `${lsid}.${kind === 'shell' ? 'cast' : 'desktop'}`,
        bytes: Readable.from(bytes, { objectMode: false }),
      };
    }
  }
};
