export { technique } from './mitre.ts';
export { findRule, rules } from './registry.ts';
export type { Rule } from './rule.ts';
export { runRules } from './run-rules.ts';
export type { Thresholds } from './tables.ts';
