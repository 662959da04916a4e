import type { Cursor } from '@gatehouse/host';

/** How far a stream was read out of the inbox. */
export interface Position {
  readonly generation: number;
  readonly sequence: number;
  /** The generation was read to its end; what follows in it are changes. */
  readonly isWhole: boolean;
}

export const toCursor = ({ generation, sequence, isWhole }: Position): Cursor =>
  `${generation}:${sequence}:${isWhole ? 'whole' : 'open'}`;

/** Null at the beginning, and for what is no position. */
export const parsePosition = (cursor: Cursor | null): Position | null => {
  const [, generation, sequence, word] = /^(\d{1,16}):(\d{1,16}):(whole|open)$/.exec(cursor ?? '') ?? [];
  if (generation === undefined || sequence === undefined) return null;
  return { generation: Number(generation), sequence: Number(sequence), isWhole: word === 'whole' };
};
