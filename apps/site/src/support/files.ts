import type { Readable } from 'node:stream';
import { problems } from '@gatehouse/server';
import { fileTypeFromBuffer } from 'file-type';
import type { Options } from '../api/site.ts';
import { getOptions } from '../options/index.ts';
import { type BlobParts, findBlob, listBlobs, removeBlob, type SupportBlob } from './blobs/store.ts';
import { writeBlob } from './blobs/write-blob.ts';
import { type Change, inSession, note } from './in-session.ts';
import type { Member } from './participants.ts';

/** So much in a session is no conversation any more. */
const mostFiles = 1_000;
const mostBytesTogether = 32 * 1024 ** 3;
/** What tells of which type it is. */
const headBytes = 4_100;

export interface FilePolicy {
  readonly mostBytes: number;
  /** Extensions in lower case, without the dot. */
  readonly refusedTypes: readonly string[];
  /** The same; none: all but the refused ones. */
  readonly allowedTypes: readonly string[];
}

/** Why a file may not come; null: it may. The type is what its bytes say, and what its name says. */
export const refusalOfFile = async (
  { mostBytes, refusedTypes, allowedTypes }: FilePolicy,
  file: { readonly name: string; readonly bytes: number; readonly head: Buffer },
): Promise<string | null> => {
  if (file.bytes > mostBytes) return `Files of more than ${mostBytes.toLocaleString('en')} bytes are not allowed here.`;
  const named = extensionOf(file.name);
  const found = await fileTypeFromBuffer(file.head);
  for (const type of [named ?? '', ...(found === undefined ? [] : kindsOf(found.ext))])
    if (refusedTypes.includes(type)) return notAllowed(type);
  if (allowedTypes.length === 0) return null;
  if (named === undefined || !allowedTypes.includes(named)) return notAllowed(named ?? '');
  if (found !== undefined && !kindsOf(found.ext).some((kind) => allowedTypes.includes(kind)))
    return notAllowed(found.ext);
  return null;
};

const notAllowed = (type: string): string =>
  type === ''
    ? 'Files without a type in their name are not allowed here.'
    : `Files of the type “${type}” are not allowed here.`;

/** Blanks and dots at the end are not seen, and mean nothing to the systems that files come from. */
const extensionOf = (name: string): string | undefined => /\.([^.\s]{1,40})[.\s]*$/u.exec(name)?.[1]?.toLowerCase();
/** Programs of one system have many names, and the same bytes; so have pictures, and old documents. */
const kindsOf = (extension: string): readonly string[] => sameBytes[extension] ?? [extension];
const sameBytes: Readonly<Record<string, readonly string[]>> = {
  exe: ['exe', 'dll', 'scr', 'com', 'sys', 'cpl'],
  jpg: ['jpg', 'jpeg'],
  tif: ['tif', 'tiff'],
  gz: ['gz', 'tgz'],
  cfb: ['cfb', 'doc', 'xls', 'ppt', 'msg'],
};

/** Whether one side of sessions may send files. */
export const maySendFiles = (
  { customersSendFiles, representativesSendFiles }: Pick<Options, 'customersSendFiles' | 'representativesSendFiles'>,
  kind: Member['kind'],
): boolean => (kind === 'customer' ? customersSendFiles : representativesSendFiles);

/** Keeps a file as it comes and offers it to everybody in the session. @throws Problem when it is not allowed */
export const receiveFile = async (
  parts: BlobParts,
  who: Member,
  by: Change['by'],
  { name, size, content }: { readonly name: string; readonly size: number; readonly content: Readable },
): Promise<SupportBlob> => {
  const { database, clock } = parts;
  const options = await database.system(getOptions);
  const policy = {
    ...{ mostBytes: options.fileMostBytes, refusedTypes: options.fileRefusedTypes },
    allowedTypes: options.fileAllowedTypes,
  };
  const noted = (type: 'file_sent' | 'file_refused', body: { readonly [name: string]: string | number }) =>
    database.system((tx) => {
      const change = { tx, by, now: clock.now() };
      return inSession(change, who.lsid, 'change', { file: name, event: type }, (session) =>
        note(change, session, type, who.gsnumber, body),
      );
    });
  const here = await database.system((tx) => listBlobs(tx, who.lsid, 'file'));
  if (here.length >= mostFiles || here.reduce((sum, { bytes }) => sum + bytes, size) > mostBytesTogether)
    throw problems.conflict('There are too many files in this session already.');
  const refuse = async (reason: string): Promise<never> => {
    await noted('file_refused', { name, size, reason });
    throw problems.unusable(reason);
  };
  if (!maySendFiles(options, who.kind)) return refuse('Sending files is not allowed here.');
  const early = await refusalOfFile(policy, { name, bytes: size, head: Buffer.alloc(0) });
  if (early !== null) return refuse(early);

  const writer = await writeBlob(parts, who, { kind: 'file', name, mediaType: 'application/octet-stream' });
  try {
    let head: Buffer = Buffer.alloc(0);
    let bytes = 0;
    for await (const part of content as AsyncIterable<Buffer>) {
      bytes += part.length;
      const isLooking = head.length < headBytes;
      if (isLooking) head = Buffer.concat([head, part.subarray(0, headBytes - head.length)]);
      if (bytes > policy.mostBytes || (isLooking && head.length === headBytes)) {
        const refusal = await refusalOfFile(policy, { name, bytes, head });
        if (refusal !== null) return await refuse(refusal);
      }
      await writer.write(part);
    }
    const refusal = await refusalOfFile(policy, { name, bytes, head });
    if (refusal !== null) return await refuse(refusal);
    const { sha256 } = await writer.end('kept');
    const type = (await fileTypeFromBuffer(head))?.mime ?? 'application/octet-stream';
    await noted('file_sent', { file: writer.id, name, size: bytes, type, sha256 });
  } catch (error) {
    await database.system((tx) => removeBlob(tx, writer.id)).catch(() => undefined);
    throw error;
  }
  const kept = await database.system((tx) => findBlob(tx, writer.id));
  if (kept === null) throw problems.notFound();
  return kept;
};

/** A file of the session that is whole. @throws Problem 404 */
export const requireFile = async ({ tx }: Pick<Change, 'tx'>, lsid: string, id: string): Promise<SupportBlob> => {
  const found = await findBlob(tx, id);
  if (found?.lsid !== lsid || found.kind !== 'file' || found.state !== 'kept') throw problems.notFound();
  return found;
};

/** Somebody has it now. */
export const noteReceived = async (change: Change, who: Member, { id, name, bytes }: SupportBlob): Promise<void> => {
  await inSession(change, who.lsid, 'change', { file: name, event: 'file_received' }, (session) =>
    note(change, session, 'file_received', who.gsnumber, { file: id, name, size: bytes }),
  );
};
