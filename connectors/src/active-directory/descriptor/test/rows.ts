import type { Edges } from '../edges.ts';
import { openEdgeReader, type RightTable, toStanding } from '../index.ts';

/** Edges without evidence as sorted lines of text, from the parser and from the fast reader, to compare the two. */
export const linesOf = ({ edges, isComplete }: Edges): readonly string[] =>
  [
    ...edges.map(({ kind, childClass, trustee, isInherited, isDenied, isConditional }) =>
      [kind, childClass, trustee, isInherited, isDenied, isConditional].join(' '),
    ),
    `complete ${isComplete}`,
  ].toSorted();

const reader = openEdgeReader();

export const fastLinesOf = (bytes: Uint8Array, table: RightTable): readonly string[] => {
  const { count, trustees, rules, standings, isComplete } = reader.read(bytes, table);
  const lines = Array.from({ length: count }, (_, row) => {
    const rule = table.rules[rules[row] ?? 0];
    const { isInherited, isDenied, isConditional } = toStanding(standings[row] ?? 0);
    const trustee = reader.trustees.text(trustees[row] ?? 0);
    return [rule?.kind, rule?.childClass, trustee, isInherited, isDenied, isConditional].join(' ');
  });
  return [...lines, `complete ${isComplete}`].toSorted();
};
