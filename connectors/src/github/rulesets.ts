import { empty, type Policy, stream } from '@gatehouse/connector-kit';
import { readable } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { z } from 'zod';
import type { Github } from './client.ts';
import { needs, wordsOf } from './need.ts';
import { unlessAbsent } from './reading.ts';
import { perRepository, type Repository, repositoryPath } from './repositories.ts';
import { amount, id, moment, rawOf, read, text } from './shapes.ts';

export const Ruleset = z.object({
  id,
  name: text,
  target: text,
  source_type: text,
  source: text,
  enforcement: text,
  created_at: moment,
  bypass_actors: z
    .array(z.object({ actor_id: amount, actor_type: text, bypass_mode: text }))
    .nullish()
    .catch(null),
  conditions: z.unknown().optional(),
  rules: z
    .array(z.object({ type: z.string(), parameters: z.unknown().optional() }))
    .nullish()
    .catch(null),
});
export type Ruleset = z.output<typeof Ruleset>;

/**
 * A ruleset of a repository, or one of the organization or enterprise that reaches it.
 *
 * | setting | means |
 * |---|---|
 * | target | branch, tag, push or repository |
 * | sourceType, source | Repository, Organization or Enterprise, and which |
 * | bypassActors | `[{ kind, id, mode }]`, kind in GitHub's words; null where the app may not see them (G04) |
 * | conditions | to which branches and repositories it applies, in GitHub's words |
 * | rules | their types |
 *
 * `targets` is the repository; empty for rulesets of the organization, whose `conditions` say.
 */
export const toRuleset = (found: Ruleset, item: unknown, repository: Pick<Repository, 'id'>): Policy => ({
  ...none,
  id: `ruleset:${found.id}`,
  type: 'ruleset',
  name: found.name || `Ruleset ${found.id}`,
  status:
    found.enforcement === 'active'
      ? 'enabled'
      : found.enforcement === 'evaluate'
        ? 'evaluate'
        : found.enforcement == null
          ? null
          : 'disabled',
  targets: isWider(found) ? [] : [String(repository.id)],
  settings: {
    target: found.target ?? null,
    sourceType: found.source_type ?? null,
    source: found.source ?? null,
    bypassActors:
      found.bypass_actors?.map(({ actor_type, actor_id, bypass_mode }) => ({
        kind: actor_type ?? null,
        id: actor_id ?? null,
        mode: bypass_mode ?? null,
      })) ?? null,
    conditions: (found.conditions ?? null) as Json, // it came out of JSON.parse
    rules: found.rules?.map(({ type }) => type) ?? null,
  },
  raw: rawOf(item),
});

const none = empty('policies');

const isWider = ({ source_type }: { readonly source_type?: string | null | undefined }) =>
  source_type != null && source_type !== 'Repository';

/**
 * Rulesets are found through the repositories they reach: the organization's own list wants the right to change it,
 * which a reader should not have. One that reaches many repositories is read once.
 */
export const rulesets = stream<Github, 'policies'>({
  record: 'policies',
  title: 'Rulesets',
  needs: wordsOf(needs.metadata),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  read: (client, from) => {
    const known = new Set<number>();
    return perRepository(
      client,
      {
        need: needs.metadata,
        async children(repository, link) {
          const path = `${repositoryPath(repository)}/rulesets`;
          const { items, next } = await client.page(
            link ?? `${path}?includes_parents=true&per_page=100`,
            needs.metadata,
          );
          const records: Policy[] = [];
          const listed = readable(items, (item) => ({ found: read(Ruleset, item, 'a ruleset'), item }));
          for (const { found, item } of listed.items) {
            if (known.has(found.id)) continue;
            if (isWider(found)) known.add(found.id);
            // The list has neither rules nor bypass actors.
            const whole =
              (await unlessAbsent(client.get(`${path}/${found.id}?includes_parents=true`, needs.metadata))) ?? item;
            records.push(toRuleset(read(Ruleset, whole, 'a ruleset'), whole, repository));
          }
          return { records, leftOut: listed.leftOut, next };
        },
      },
      from,
    );
  },
});
