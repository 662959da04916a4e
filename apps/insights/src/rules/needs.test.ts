import { connectors } from '@gatehouse/connectors';
import { expect, test } from 'vitest';
import { toCatalogue } from '../privilege/index.ts';
import { privilegeStreams, wayStreams } from '../privilege/readable.ts';
import { knownTechniques } from './mitre.ts';
import { githubPrivilege, oktaPrivilege } from './needs.ts';
import { rules } from './registry.ts';

const catalogue = toCatalogue(connectors);
const streams = (connector: string) => (catalogue.get(connector) ?? []).map(({ stream }) => `${connector}.${stream}`);

const pluginOf = (need: string): string | undefined => {
  const [connector = '', name] = need.split('.');
  return catalogue.get(connector)?.find(({ stream }) => stream === name)?.plugin;
};

test('every rule needs streams that its connectors have, and at least one of each', () => {
  for (const rule of rules) {
    for (const connector of rule.connectors) {
      const needed = rule.needs.filter((need) => need.startsWith(`${connector}.`));
      expect(needed.length, `${rule.id} on ${connector}`).toBeGreaterThan(0);
      expect(streams(connector), rule.id).toEqual(expect.arrayContaining(needed));
    }
    expect(
      rule.needs.every((need) => rule.connectors.some((connector) => need.startsWith(`${connector}.`))),
      rule.id,
    ).toBe(true);
  }
});

test('rules that ask for privilege need the streams it is derived from', () => {
  const of = (connector: string) => privilegeStreams(catalogue, connector).map((stream) => `${connector}.${stream}`);
  expect(oktaPrivilege.filter((need) => need !== 'okta.users').toSorted()).toEqual(of('okta').toSorted());
  const accounts = new Set<string>(['github.members', 'github.outside-collaborators']);
  expect(githubPrivilege.filter((need) => !accounts.has(need)).toSorted()).toEqual(of('github').toSorted());
  for (const rule of rules.filter(({ sql }) => /\ba\.true_privilege >= 3/.test(sql))) {
    for (const connector of rule.connectors) {
      // Of an agent that may read several kinds of system, those of the kind that the rule is about.
      const plugins = new Set(rule.needs.map((need) => pluginOf(need)));
      expect(rule.needs, rule.id).toEqual(
        expect.arrayContaining(
          [...of(connector), ...wayStreams(catalogue, connector).map((stream) => `${connector}.${stream}`)].filter(
            (one) => plugins.has(pluginOf(one)),
          ),
        ),
      );
    }
  }
});

test('every rule says what to do in steps, and names techniques that exist', () => {
  for (const rule of rules) {
    expect(rule.remediation.length, rule.id).toBeGreaterThan(0);
    expect(rule.mitre.length, rule.id).toBeGreaterThan(0);
    expect(knownTechniques, rule.id).toEqual(expect.arrayContaining([...rule.mitre]));
    for (const text of [rule.summary, rule.why, ...rule.remediation]) expect(text, rule.id).toMatch(/[.!?]$/);
  }
});
