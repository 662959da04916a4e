import type { Org } from './world.ts';

/** What a rule does with three organisations. Each fills one, in which everything can be read unless it says otherwise. */
export interface Example {
  /** The condition holds: answers the ids of the subjects that are found. */
  readonly found: (org: Org) => readonly string[];
  /** Much the same, and the condition does not hold: nothing is found and the rule is clear. */
  readonly clear: (org: Org) => void;
  /** A fact that the condition needs is unknown: nothing is found and the rule is blind, not clear. */
  readonly unknown: (org: Org) => void;
}

export const example = (one: Example) => one;
