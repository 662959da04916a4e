import { newId } from '@gatehouse/kernel';
import { type App, problems } from '@gatehouse/server';
import { z } from 'zod';
import { PasswordRules, Policy, PolicyInput, PolicyPreset, PolicyTrial } from '../api/policies.ts';
import { list, SearchQuery } from '../api/words.ts';
import { change } from '../change.ts';
import type { VaultParts } from '../parts.ts';
import { stillUsed } from '../problems.ts';
import { refuseImpossible } from './check.ts';
import { bitsOf } from './count.ts';
import { countOnce, generatePassword } from './generate.ts';
import type { PasswordPolicy } from './model.ts';
import { presets } from './presets.ts';
import { deletePolicy, findPolicy, type ListedPolicy, listPolicies, listUsesOfPolicy, putPolicy } from './store.ts';

const config = { access: 'system-administrator' } as const;
const tags = ['policies'];
const params = z.object({ policyId: z.uuid() });

export const servePolicies = (app: App, parts: VaultParts): void => {
  const { database, clock } = parts;
  app.get(
    '/api/policies',
    {
      config,
      schema: {
        ...{ summary: 'Password policies, by name', tags, querystring: SearchQuery },
        response: { 200: list(Policy) },
      },
    },
    async ({ query }) => {
      const page = await database.system((tx) => listPolicies(tx, query));
      return { ...page, items: page.items.map(toJson) };
    },
  );
  app.get(
    '/api/policies/presets',
    { config, schema: { summary: 'Rules to begin with', tags, response: { 200: z.array(PolicyPreset) } } },
    async () => presets.map((preset) => ({ ...preset, bits: shownBits(preset.rules) })),
  );
  app.post(
    '/api/policies/try',
    {
      config,
      schema: {
        ...{ summary: 'What rules make, without keeping them', tags, body: PasswordRules },
        response: { 200: PolicyTrial },
      },
    },
    async ({ body }) => {
      refuse(body, '');
      return { bits: shownBits(body), example: generatePassword(body, { accountName: '' }).reveal() };
    },
  );
  app.post(
    '/api/policies',
    { config, schema: { summary: 'Add a password policy', tags, body: PolicyInput, response: { 201: Policy } } },
    async (request, reply) => {
      const { name, rules } = request.body;
      refuse(rules, 'rules.');
      const at = clock.now();
      const policy = { policyId: newId<string>(at.getTime()), name, rules, createdAt: at };
      await change(parts, request, async (tx, note) => {
        await putPolicy(tx, policy);
        note({ ...changed, target: name, message: `added the password policy ${name}`, arguments: { rules } });
      });
      reply.code(201);
      return toJson({ ...policy, credentials: 0 });
    },
  );
  app.get(
    '/api/policies/:policyId',
    { config, schema: { summary: 'A password policy', tags, params, response: { 200: Policy } } },
    async ({ params: { policyId } }) => {
      const policy = await database.system((tx) => findPolicy(tx, policyId));
      if (policy === null) throw problems.notFound();
      return toJson(policy);
    },
  );
  app.put(
    '/api/policies/:policyId',
    {
      config,
      schema: { summary: 'Change a password policy', tags, params, body: PolicyInput, response: { 200: Policy } },
    },
    async (request) => {
      const { name, rules } = request.body;
      refuse(rules, 'rules.');
      return change(parts, request, async (tx, note) => {
        const before = await findPolicy(tx, request.params.policyId);
        if (before === null) throw problems.notFound();
        await putPolicy(tx, { ...before, name, rules });
        note({ ...changed, target: name, message: `changed the password policy ${name}`, arguments: { rules } });
        return toJson({ ...before, name, rules });
      });
    },
  );
  app.delete(
    '/api/policies/:policyId',
    { config, schema: { summary: 'Delete a password policy', tags, params, response: { 204: z.void() } } },
    async (request, reply) => {
      const { policyId } = request.params;
      await change(parts, request, async (tx, note) => {
        const policy = await findPolicy(tx, policyId);
        if (policy === null) throw problems.notFound();
        if (policy.credentials > 0)
          throw stillUsed(`The policy ${policy.name}`, await listUsesOfPolicy(tx, policyId), policy.credentials);
        await deletePolicy(tx, policyId);
        note({ ...changed, target: policy.name, message: `deleted the password policy ${policy.name}` });
      });
      return reply.code(204).send();
    },
  );
};

const changed = { event: 'EVENT_ID_CONFIGURATION_CHANGED' } as const;

const refuse = (rules: PasswordPolicy, prefix: string): void => {
  const errors = refuseImpossible(rules).map(({ field, message }) => ({ field: `${prefix}${field}`, message }));
  if (errors.length > 0) throw problems.invalid(errors);
};

const shownBits = (rules: PasswordPolicy) => Math.round(bitsOf(countOnce(rules).total) * 10) / 10;

const toJson = (policy: ListedPolicy): z.input<typeof Policy> => ({
  ...policy,
  createdAt: policy.createdAt.toISOString(),
  bits: shownBits(policy.rules),
});
