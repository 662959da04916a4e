import { rules } from './registry.ts';
import type { Rule } from './rule.ts';

export { technique } from './mitre.ts';
export { rules } from './registry.ts';
export type { Rule } from './rule.ts';
export { runRules } from './run-rules.ts';
export type { Thresholds } from './tables.ts';

export const findRule = (id: string): Rule | null => rules.find((rule) => rule.id === id) ?? null;
