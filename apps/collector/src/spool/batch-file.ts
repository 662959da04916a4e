import { createHash } from 'node:crypto';

/** A batch as it lies in the spool. Its name says everything but its content, so that nothing has to be opened to know it. */
export interface BatchFile {
  readonly name: string;
  /** Grows by one with every batch of the stream and never starts anew. */
  readonly number: number;
  /** The place that is written in its content. */
  readonly generation: number;
  readonly sequence: number;
  readonly type: 'page' | 'end' | 'fault';
  readonly readAt: Date;
  readonly bytes: number;
}

type Described = Omit<BatchFile, 'name' | 'bytes'>;

export const nameBatch = (of: Described, content: Uint8Array): BatchFile => {
  const { number, generation, sequence, type, readAt } = of;
  const bytes = content.byteLength;
  const words = [
    String(number).padStart(12, '0'),
    generation,
    sequence,
    type,
    readAt.getTime(),
    bytes,
    digest(content),
  ];
  return { ...of, bytes, name: `${words.join('-')}.batch` };
};

/** Null for a name that none of ours has. */
export const parseBatchName = (name: string): BatchFile | null => {
  const found = pattern.exec(name)?.groups;
  if (found === undefined) return null;
  const { number, generation, sequence, type, readAt, bytes } = found;
  if (type !== 'page' && type !== 'end' && type !== 'fault') return null;
  return {
    ...{ name, type, number: Number(number), generation: Number(generation), sequence: Number(sequence) },
    ...{ readAt: new Date(Number(readAt)), bytes: Number(bytes) },
  };
};

/** False for a file that was cut or changed after it was written. */
export const isWhole = (file: BatchFile, content: Uint8Array): boolean =>
  content.byteLength === file.bytes && file.name.endsWith(`-${digest(content)}.batch`);

const pattern =
  /^(?<number>\d{12})-(?<generation>\d{1,16})-(?<sequence>\d{1,16})-(?<type>[a-z]+)-(?<readAt>\d{1,16})-(?<bytes>\d{1,12})-[0-9a-f]{16}\.batch$/;

const digest = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex').slice(0, 16);
