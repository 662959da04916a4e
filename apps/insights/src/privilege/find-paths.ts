/** One edge as it was found, by its number. `from` and `to` number the same thing alike wherever it occurs. */
export interface WalkedEdge {
  readonly n: number;
  readonly from: number;
  readonly to: number;
  /** What the target holds, 0 none to 4 highest. */
  readonly level: number;
  /** What the source holds by its own roles. */
  readonly own: number;
  /** Where it starts is an account, whose path is asked for; else a group that paths lead through. */
  readonly isAccount: boolean;
  /** Costs no step: being in a group. */
  readonly isFree: boolean;
  /** Both ends are accounts of one identity. */
  readonly within: boolean;
}

export interface FoundPath {
  readonly level: number;
  readonly steps: readonly WalkedEdge[];
  readonly targets: number;
  /** Steps that somebody has to take. */
  readonly length: number;
  readonly withinIdentity: boolean;
}

/** Longer chains are not told: nobody could check them, and a shorter way is nearly always there. */
export const mostSteps = 12;
/** Things of one level that are counted for an account, and what is looked at for it. */
const mostCounted = 1_000;
const mostSeen = 5_000;

/**
 * The shortest path of every source to the highest level that it reaches, where that is more than it holds itself.
 * Walks backwards from what is worth reaching, so that the cost is that of the edges and not of all pairs.
 */
export const findPaths = (edges: readonly WalkedEdge[], from: number): readonly FoundPath[] => {
  const into = Map.groupBy(edges, (edge) => edge.to);
  const out = Map.groupBy(edges, (edge) => edge.from);
  const own = new Map(edges.filter(({ isAccount }) => isAccount).map((edge) => [edge.from, edge.own]));
  const found = new Map<number, FoundPath>();
  for (const level of [4, 3, 2, 1].filter((one) => one >= from)) {
    for (const [source, steps] of shortest(edges, into, level)) {
      if (found.has(source) || (own.get(source) ?? level) >= level) continue;
      found.set(source, {
        level,
        steps,
        targets: countTargets(source, out, level),
        length: steps.filter(({ isFree }) => !isFree).length,
        withinIdentity: steps.every(({ within }) => within),
      });
    }
  }
  return [...found.values()];
};

/** For every source the steps to the nearest thing of the level. */
const shortest = (
  edges: readonly WalkedEdge[],
  into: ReadonlyMap<number, readonly WalkedEdge[]>,
  level: number,
): ReadonlyMap<number, readonly WalkedEdge[]> => {
  const steps = new Map<number, readonly WalkedEdge[]>();
  const reached = new Set(edges.filter((edge) => edge.level === level).map((edge) => edge.to));
  let frontier = [...reached].toSorted((a, b) => a - b);
  for (let length = 1; length <= mostSteps && frontier.length > 0; length++) {
    const next: number[] = [];
    for (const node of frontier) {
      for (const edge of into.get(node) ?? []) {
        if (reached.has(edge.from)) continue;
        reached.add(edge.from);
        steps.set(edge.from, [edge, ...(steps.get(node) ?? [])]);
        (edge.isFree ? frontier : next).push(edge.from);
      }
    }
    frontier = next;
  }
  return steps;
};

const countTargets = (source: number, out: ReadonlyMap<number, readonly WalkedEdge[]>, level: number): number => {
  const seen = new Set([source]);
  const targets = new Set<number>();
  const queue = [source];
  for (
    let node = queue.shift();
    node !== undefined && targets.size < mostCounted && seen.size < mostSeen;
    node = queue.shift()
  ) {
    for (const edge of out.get(node) ?? []) {
      if (edge.level === level) targets.add(edge.to);
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      queue.push(edge.to);
    }
  }
  return targets.size;
};
