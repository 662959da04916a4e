import type { Edges } from '../edges.ts';
import { listRows, openEdgeReader, type PlainEdge, type RightTable } from '../index.ts';

/** Edges without evidence as sorted lines of text, from the parser and from the fast reader, to compare the two. */
export const linesOf = ({ edges, isComplete }: Edges): readonly string[] =>
  [...edges.map(lineOf), `complete ${isComplete}`].toSorted();

const reader = openEdgeReader();

export const fastLinesOf = (bytes: Uint8Array, table: RightTable): readonly string[] => {
  const rows = reader.read(bytes, table);
  return [...listRows(rows, table, reader.trustees).map(lineOf), `complete ${rows.isComplete}`].toSorted();
};

const lineOf = ({ kind, childClass, trustee, isInherited, isDenied, isConditional }: PlainEdge): string =>
  [kind, childClass, trustee, isInherited, isDenied, isConditional].join(' ');
