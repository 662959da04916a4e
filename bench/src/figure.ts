/** One line of the report: ours against a floor, or against a limit of its own. */
export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly unit: string;
  /** The floor's median, and how many times it ours may take or, of a speed, must reach. */
  readonly floor: Floor | null;
  /** Where there is no floor: the most it may be. */
  readonly limit: number | null;
}

type Floor = { readonly name: string; readonly value: number } & (
  | { readonly atMost: number }
  | { readonly atLeast: number }
);

export const ratio = (figure: Figure): number | null => (figure.floor ? figure.ours / figure.floor.value : null);

export const holds = (figure: Figure): boolean => {
  const times = ratio(figure);
  if (figure.floor && times !== null)
    return 'atMost' in figure.floor ? times <= figure.floor.atMost : times >= figure.floor.atLeast;
  return figure.limit === null || figure.ours <= figure.limit;
};

export const say = (figure: Figure): string => {
  const { name, ours, unit, floor, limit } = figure;
  const verdict = holds(figure) ? 'ok  ' : floor && 'atLeast' in floor ? 'LESS' : 'OVER';
  if (!floor)
    return `${verdict}  ${name}: ${round(ours)} ${unit}${limit === null ? '' : ` (at most ${limit} ${unit})`}`;
  const times = (ours / floor.value).toFixed(2);
  const bound = 'atMost' in floor ? `at most ${floor.atMost}` : `at least ${floor.atLeast}`;
  return `${verdict}  ${name}: ${times} × ${floor.name} (${bound} ×; ${round(ours)} against ${round(floor.value)} ${unit})`;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
};

export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

const round = (value: number) => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
