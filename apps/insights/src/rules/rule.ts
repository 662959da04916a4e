import type { RecordKind } from '@gatehouse/connector-kit';
import type { severities } from '../api/words.ts';

/** One condition that should not hold. Everything about it is data, so that the list, the docs and the engine agree. */
export interface Rule {
  /** Never changes: findings, links and exceptions name it. */
  readonly id: string;
  /** Row of the catalogue. */
  readonly catalogue: string;
  /** What is wrong, as a statement: "API token of an inactive account". */
  readonly title: string;
  readonly summary: string;
  /** What could happen. */
  readonly why: string;
  readonly kind: 'recommendation' | 'path';
  /** Where it is looked for. */
  readonly connectors: readonly string[];
  /** Before the privilege of the subject raises or lowers it. */
  readonly severity: (typeof severities)[number];
  readonly mitre: readonly string[];
  /** Streams without which it cannot see, as `connector.stream`. */
  readonly needs: readonly string[];
  /** What it is about. */
  readonly subject: RecordKind;
  /**
   * A select of `connection_id, stream, id, label, sensitivity, evidence` and, where it differs by finding, `severity` (0 low … 3 critical).
   * `sensitivity` is the True Privilege of the subject, 0 none to 4 highest; null: undetermined; -1: the subject has none.
   * Tables are named as record kinds and hold what is not gone; besides there are `identities`, `identity_links`,
   * `privilege_paths`, `connections`, `tier_zero` (principals with the highest privilege) and `settings` (one row: now, dormant_days, maximum_super_admins).
   */
  readonly sql: string;
  /**
   * A select of `connection_id, stream, id, reason`: subjects of which the rule cannot know. They are neither found nor
   * cleared, and a connection with such and without findings is blind.
   */
  readonly unseen?: string;
  readonly remediation: readonly string[];
}

export const defineRule = (rule: Rule) => rule;

const label: Readonly<Partial<Record<RecordKind, (alias: string) => string>>> = {
  accounts: (alias) => `coalesce(${alias}.display_name, ${alias}.login, ${alias}.id)`,
  grants: (alias) => `coalesce(${alias}.role_id, ${alias}.id)`,
  factors: (alias) => `coalesce(${alias}.type, ${alias}.id)`,
  memberships: (alias) => `${alias}.id`,
  events: (alias) => `coalesce(${alias}.action, ${alias}.id)`,
};

/** What a record is called, in SQL. */
export const labelOf = (kind: RecordKind, alias: string): string =>
  label[kind]?.(alias) ?? `coalesce(${alias}.name, ${alias}.id)`;

/** Address, label and sensitivity of the subject, in SQL. */
export const subject = (kind: RecordKind, alias: string, sensitivity = '-1'): string =>
  `${alias}.connection_id, ${alias}.stream, ${alias}.id, ${labelOf(kind, alias)} as label, (${sensitivity})::smallint as sensitivity`;

/** One fact of the evidence, in SQL: its words, its value, and the record in which it stands. */
export const fact = (words: string, value: string, kind: RecordKind, alias: string): string =>
  `jsonb_build_object('fact', '${words}', 'value', coalesce((${value})::text, 'unknown'), 'kind', '${kind}', 'connection', ${alias}.connection_id,
    'stream', ${alias}.stream, 'id', ${alias}.id, 'label', ${labelOf(kind, alias)})`;

export const evidence = (...facts: readonly string[]): string => `jsonb_build_array(${facts.join(', ')}) as evidence`;

/** A day as people write it, in SQL; `otherwise` where there is none. */
export const day = (value: string, otherwise: string): string =>
  `coalesce(to_char(${value} at time zone 'UTC', 'YYYY-MM-DD'), '${otherwise}')`;

/** A level as its word, in SQL. */
export const levelWord = (value: string): string =>
  `coalesce((array['none', 'low', 'moderate', 'high', 'highest'])[${value} + 1], 'undetermined')`;

/** A privilege word of a record as its level, in SQL. */
export const levelNumber = (word: string): string =>
  `array_position(array['none', 'low', 'moderate', 'high', 'highest'], ${word}) - 1`;

/** The evidence of a path, in SQL: what it is in one line, then the facts that prove every step. */
export const pathEvidence = (path: string, account: string): string => `(
  select jsonb_build_array(
      ${fact(
        'Way',
        `(select string_agg((step->'from'->>'label') || ' ' || (step->>'title') || ' ' || (step->'to'->>'label'), ', which ' order by place)
          from jsonb_array_elements(${path}.steps) with ordinality as walked (step, place))`,
        'accounts',
        account,
      )},
      ${fact('Own privilege', levelWord(`${account}.effective_privilege`), 'accounts', account)},
      ${fact('Reaches', levelWord(`${path}.level`), 'accounts', account)},
      ${fact('Things of that level within reach', `${path}.targets`, 'accounts', account)})
    || coalesce(jsonb_agg(proved order by walked.place, facts.place), '[]'::jsonb)
  from jsonb_array_elements(${path}.steps) with ordinality as walked (step, place),
    jsonb_array_elements(step->'proof') with ordinality as facts (proved, place)) as evidence`;
