import { type Credential, empty, stream } from '@gatehouse/connector-kit';
import { readable } from '@gatehouse/host';
import { z } from 'zod';
import type { Github } from './client.ts';
import { needs, wordsOf } from './need.ts';
import { perRepository, type Repository, repositoryPath } from './repositories.ts';
import { flag, id, moment, rawOf, read, text, toDate } from './shapes.ts';

export const DeployKey = z.object({
  id,
  key: text,
  title: text,
  verified: flag,
  created_at: moment,
  read_only: flag,
  added_by: text,
  last_used: moment,
  enabled: flag,
});
export type DeployKey = z.output<typeof DeployKey>;

const none = empty('credentials');

/**
 * A key of one repository. `scopes` is `read` or `write` (G08).
 *
 * | attribute | means |
 * |---|---|
 * | readOnly | true, false, or null for unknown |
 * | addedBy | login |
 * | verified | |
 */
export const toDeployKey = (
  found: DeployKey,
  item: unknown,
  repository: Pick<Repository, 'id'>,
  fingerprint: string | null,
): Credential => ({
  ...none,
  id: `deploy-key:${found.id}`,
  type: 'deploy_key',
  name: found.title || `Deploy key ${found.id}`,
  status: found.enabled === false ? 'inactive' : 'active',
  ownerKind: 'repository',
  ownerId: String(repository.id),
  createdAt: toDate(found.created_at),
  lastUsedAt: toDate(found.last_used),
  scopes: found.read_only == null ? [] : [found.read_only ? 'read' : 'write'],
  resourceId: String(repository.id),
  fingerprint,
  privilege: found.read_only == null ? null : found.read_only ? 'low' : 'moderate',
  attributes: { readOnly: found.read_only ?? null, addedBy: found.added_by ?? null, verified: found.verified ?? null },
  raw: rawOf(item),
});

/** `SHA256:…` of an OpenSSH public key, as the audit log names it; null when the text is no key. */
export const fingerprintOf = async (key: string | null | undefined): Promise<string | null> => {
  const base64 = /^[a-z0-9@.-]+ ([A-Za-z0-9+/]+=*)(?: |$)/.exec(key ?? '')?.[1];
  if (base64 === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return `SHA256:${btoa(String.fromCharCode(...hash)).replace(/=+$/, '')}`;
  } catch {
    return null; // cut off or no base64: a key without a fingerprint is still a key
  }
};

export const deployKeys = stream<Github, 'credentials'>({
  record: 'credentials',
  title: 'Deploy keys',
  needs: wordsOf(needs.repositoryAdministration),
  reading: { mode: 'full' },
  everyMs: 6 * 3_600_000,
  read: (client, from) =>
    perRepository(
      client,
      {
        need: needs.repositoryAdministration,
        async children(repository, link) {
          const { items, next } = await client.page(
            link ?? `${repositoryPath(repository)}/keys?per_page=100`,
            needs.repositoryAdministration,
          );
          const keys = readable(items, (item) => ({ key: read(DeployKey, item, 'a deploy key'), item }));
          const records = await Promise.all(
            keys.items.map(async ({ key, item }) => toDeployKey(key, item, repository, await fingerprintOf(key.key))),
          );
          return { records, leftOut: keys.leftOut, next };
        },
      },
      from,
    ),
});
