/** Why two sets may not become one. */
export type Refusal = 'split' | 'conflict';

/** What the union must respect, by account number. Zero: unknown. */
export interface Facts {
  /** Same number: same connection and same type. */
  readonly source: Int32Array;
  /** Same number: same employee number. */
  readonly employee: Int32Array;
}

/**
 * Sets of account numbers that are one identity each. Four integers an account, so a million accounts fit in 20 MB.
 * Two sets stay apart when a person split them (`split`), or when joined they would hold two accounts of the same
 * source and type with different employee numbers (`conflict`).
 */
export class Identities {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;
  /** Members of a set in a ring, so that a set can be walked from any of them. */
  readonly #next: Int32Array;
  readonly #facts: Facts;
  readonly #apart: Map<number, Set<number>> = new Map();

  constructor(count: number, facts: Facts) {
    this.#parent = Int32Array.from({ length: count }, (_, n) => n);
    this.#next = Int32Array.from({ length: count }, (_, n) => n);
    this.#size = new Int32Array(count).fill(1);
    this.#facts = facts;
  }

  find(n: number): number {
    let root = n;
    while (this.#at(this.#parent, root) !== root) root = this.#at(this.#parent, root);
    for (let at = n; at !== root; ) {
      const above = this.#at(this.#parent, at);
      this.#parent[at] = root;
      at = above;
    }
    return root;
  }

  /** These two never share an identity, whatever rules say. */
  keepApart(a: number, b: number): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const apart = this.#apart.get(one) ?? new Set();
      this.#apart.set(one, apart.add(other));
    }
  }

  /** Null when they are one set now. `insist` joins also what the evidence speaks against: a person said so. */
  join(a: number, b: number, insist = false): Refusal | null {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return null;
    const [small, large] = this.#bySize(x, y);
    const refusal = insist ? null : this.#refusal(small, large);
    if (refusal) return refusal;
    this.#parent[small] = large;
    this.#size[large] = this.#at(this.#size, large) + this.#at(this.#size, small);
    const after = this.#at(this.#next, small);
    this.#next[small] = this.#at(this.#next, large);
    this.#next[large] = after;
    return null;
  }

  /** Why they could not be joined, without joining them; null when they could or are. */
  refuses(a: number, b: number): Refusal | null {
    const [x, y] = [this.find(a), this.find(b)];
    return x === y ? null : this.#refusal(...this.#bySize(x, y));
  }

  #bySize(x: number, y: number): [number, number] {
    return this.#at(this.#size, x) < this.#at(this.#size, y) ? [x, y] : [y, x];
  }

  #refusal(small: number, large: number): Refusal | null {
    const employees = new Map<number, number>();
    let refusal: Refusal | null = null;
    for (const member of this.#members(small)) {
      for (const apart of this.#apart.get(member) ?? []) if (this.find(apart) === large) return 'split';
      const employee = this.#at(this.#facts.employee, member);
      if (employee !== 0) employees.set(this.#at(this.#facts.source, member), employee);
    }
    if (employees.size > 0) {
      for (const member of this.#members(large)) {
        const employee = this.#at(this.#facts.employee, member);
        const other = employees.get(this.#at(this.#facts.source, member));
        if (employee !== 0 && other !== undefined && other !== employee) refusal = 'conflict';
      }
    }
    return refusal;
  }

  *#members(start: number): Generator<number> {
    for (let at = start; ; ) {
      yield at;
      at = this.#at(this.#next, at);
      if (at === start) return;
    }
  }

  #at(of: Int32Array, n: number): number {
    const value = of[n];
    if (value === undefined) throw new RangeError(`There is no account number ${n}.`);
    return value;
  }
}
