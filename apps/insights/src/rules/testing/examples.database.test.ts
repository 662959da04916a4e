import { readdirSync } from 'node:fs';
import type { TestDatabase } from '@gatehouse/database/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../findings/evaluate.ts';
import { readThresholds } from '../../findings/thresholds.ts';
import { lookAround } from '../blindness.ts';
import { rules } from '../registry.ts';
import type { Rule } from '../rule.ts';
import { streamsOf, testCatalogue } from './catalogue.ts';
import type { Example } from './example.ts';
import { newOrg, now, type Org, openWorld } from './world.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const files = ['cross', 'okta', 'github', 'active-directory', 'certificate-services', 'password-safe'].flatMap(
  (folder) =>
    readdirSync(new URL(`../${folder}/`, import.meta.url))
      .filter((file) => file.endsWith('.example.ts'))
      .map((file) => ({ folder, file })),
);

/** Example files stand beside their rule: `<rule>.example.ts`. */
const exampleOf = async (rule: Rule): Promise<Example> => {
  const at = files.find(({ file }) => file === `${rule.id}.example.ts`);
  if (!at) throw new Error(`The rule ${rule.id} has no example.`);
  const module: { default: Example } = await import(/* @vite-ignore */ `../${at.folder}/${at.file}`);
  return module.default;
};

const placeOf = (org: Org, connector: string) =>
  connector === 'okta' ? org.okta : connector === 'github' ? org.github : org.directory;

/** What the rule alone finds in the organisation, and its states. */
const judge = async (rule: Rule, fill: (org: Org) => unknown) => {
  const org = newOrg(streamsOf);
  const answer = fill(org);
  // The rule looks at every system it is for, also where the example has nothing in it.
  for (const connector of rule.connectors) void placeOf(org, connector);
  await org.store(world.database);
  const signal = new AbortController().signal;
  return world.database.tenant(org.tenantId, async (tx) => {
    const thresholds = await readThresholds(tx, now);
    await evaluate(tx, { tenantId: org.tenantId, rules: [rule], catalogue: testCatalogue, thresholds, signal });
    const found = await sql<{ id: string; evidence: { value: string }[]; severity: number }>`
      select subject_id as id, evidence, severity from findings order by subject_id`.execute(tx);
    const states = await sql<{ state: string }>`select state from rule_states`.execute(tx);
    return { found: found.rows, states: states.rows.map(({ state }) => state), answer };
  });
};

describe.each(rules)('$id', (rule) => {
  test('is found where it is so', async () => {
    const { found: expected } = await exampleOf(rule);
    const { found, answer, states } = await judge(rule, expected);
    expect(found.map(({ id }) => id)).toEqual([...(answer as readonly string[])].toSorted());
    expect(states).toContain('found');
    expect(
      found.every(({ evidence }) => evidence.length > 0 && evidence.every(({ value }) => value !== 'unknown')),
    ).toBe(true);
  });

  test('is clear where it is not so', async () => {
    const { found, states } = await judge(rule, (await exampleOf(rule)).clear);
    expect(found).toEqual([]);
    expect(new Set(states)).toEqual(new Set(['clear']));
  });

  test('is blind where it cannot know', async () => {
    const { found, states } = await judge(rule, (await exampleOf(rule)).unknown);
    expect(found).toEqual([]);
    expect(states).toContain('blind');
  });

  test('is blind where a stream that it needs cannot be read', async () => {
    const { found: fill } = await exampleOf(rule);
    const [[connector = '', stream = ''] = []] = rule.needs.map((need) => need.split('.'));
    const { found, states } = await judge(rule, (org) => {
      fill(org);
      placeOf(org, connector).unreadable(stream);
    });
    expect(states).toContain('blind');
    // Another system may still show it.
    if (rule.connectors.length === 1) expect(found).toEqual([]);
    // What decides that needs no database, so each of the streams is tried.
    for (const need of rule.needs) {
      const [system = '', unread = ''] = need.split('.');
      const streams = new Map(
        streamsOf(system).map((name) => [
          name,
          { fullReadAt: now, fault: name === unread ? { kind: 'forbidden', advice: '' } : null },
        ]),
      );
      const connection = { connectionId: 'c', connector: system, name: system, enabled: true, streams };
      expect(lookAround(rule, [connection], testCatalogue), need).toMatchObject({
        ...{
          ready: [],
          blind: [{ connectionId: 'c', reason: expect.stringContaining(`“${unread}” could not be read`) }],
        },
      });
    }
  });
});

test('every example belongs to a rule, and no two rules have one id', () => {
  const known = new Set(rules.map(({ id }) => id));
  for (const { file } of files) expect(known, file).toContain(file.replace(/\.example\.ts$/, ''));
  expect(known.size).toBe(rules.length);
});
