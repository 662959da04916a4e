/** Something a path leads through. */
export interface PathNode {
  readonly kind: string;
  readonly connection: string;
  readonly stream: string;
  readonly id: string;
  readonly label: string;
}

/** One edge as it was found. `from` and `to` name the same thing wherever they occur. */
export interface WalkedEdge {
  readonly edge: string;
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly source: PathNode;
  readonly target: PathNode;
  /** What the target holds, 0 none to 4 highest. */
  readonly level: number;
  /** What the source holds by its own roles. */
  readonly own: number;
  readonly identity: string | null;
  readonly targetIdentity: string | null;
  readonly proof: readonly unknown[];
}

export type Step = WalkedEdge;

export interface FoundPath {
  readonly source: PathNode;
  readonly target: PathNode;
  readonly level: number;
  readonly steps: readonly Step[];
  readonly targets: number;
  readonly withinIdentity: boolean;
}

/** Longer chains are not told: nobody could check them, and a shorter way is nearly always there. */
const mostSteps = 8;
/** Things of one level that are counted for an account. */
const mostCounted = 1_000;

/**
 * The shortest path of every source to the highest level that it reaches, where that is more than it holds itself.
 * Walks backwards from what is worth reaching, so that the cost is that of the edges and not of all pairs.
 */
export const findPaths = (edges: readonly WalkedEdge[], from: number): readonly FoundPath[] => {
  const into = Map.groupBy(edges, (edge) => edge.to);
  const out = Map.groupBy(edges, (edge) => edge.from);
  const own = new Map(edges.map((edge) => [edge.from, edge.own]));
  const found = new Map<string, FoundPath>();
  for (const level of [4, 3, 2, 1].filter((one) => one >= from)) {
    for (const [source, steps] of shortest(edges, into, level)) {
      const [first] = steps;
      const last = steps.at(-1);
      if (!first || !last || found.has(source) || (own.get(source) ?? 0) >= level) continue;
      found.set(source, {
        source: first.source,
        target: last.target,
        level,
        steps,
        targets: countTargets(source, out, level),
        withinIdentity: steps.every(({ identity, targetIdentity }) => identity !== null && identity === targetIdentity),
      });
    }
  }
  return [...found.values()];
};

/** For every source the steps to the nearest thing of the level. */
const shortest = (
  edges: readonly WalkedEdge[],
  into: ReadonlyMap<string, readonly WalkedEdge[]>,
  level: number,
): ReadonlyMap<string, readonly Step[]> => {
  const steps = new Map<string, readonly Step[]>();
  const reached = new Set(edges.filter((edge) => edge.level === level).map((edge) => edge.to));
  let frontier = [...reached].toSorted();
  for (let length = 1; length <= mostSteps && frontier.length > 0; length++) {
    const next: string[] = [];
    for (const node of frontier) {
      for (const edge of into.get(node) ?? []) {
        if (reached.has(edge.from)) continue;
        reached.add(edge.from);
        steps.set(edge.from, [edge, ...(steps.get(node) ?? [])]);
        next.push(edge.from);
      }
    }
    frontier = next;
  }
  return steps;
};

const countTargets = (source: string, out: ReadonlyMap<string, readonly WalkedEdge[]>, level: number): number => {
  const seen = new Set([source]);
  const targets = new Set<string>();
  const queue = [source];
  for (let node = queue.shift(); node !== undefined && targets.size < mostCounted; node = queue.shift()) {
    for (const edge of out.get(node) ?? []) {
      if (edge.level === level) targets.add(edge.to);
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      queue.push(edge.to);
    }
  }
  return targets.size;
};
