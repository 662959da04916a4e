import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import { readable } from '@gatehouse/host';
import type { Json } from '@gatehouse/kernel';
import { z } from 'zod';
import { readChildren } from './chain.ts';
import type { Github } from './client.ts';
import { needs, wordsOf } from './need.ts';
import { organizationId } from './organization.ts';
import { listed } from './reading.ts';
import { perRepository, repositoryPath } from './repositories.ts';
import { amount, flag, id, moment, rawOf, read, text, texts, toDate } from './shapes.ts';

const hourMs = 3_600_000;

export const Webhook = z.object({
  id,
  name: text,
  active: flag,
  events: texts,
  config: z
    .object({
      url: text,
      content_type: text,
      insecure_ssl: z.union([z.string(), z.number()]).nullish().catch(null),
      secret: text,
    })
    .nullish()
    .catch(null),
  created_at: moment,
  updated_at: moment,
  last_response: z.object({ code: amount, status: text }).nullish().catch(null),
});
export type Webhook = z.output<typeof Webhook>;

const none = empty('resources');

/**
 * Where events are sent. Addresses of webhooks often are secrets themselves, so only their origin is kept.
 *
 * | attribute | means |
 * |---|---|
 * | events, contentType | |
 * | hasSecret | deliveries are signed |
 * | insecureSsl | certificates are not checked |
 * | plainHttp | sent in clear |
 * | lastStatus | HTTP status of the last delivery |
 */
export const toWebhook = (found: Webhook, item: unknown, parentId: string): Resource => {
  const url = URL.parse(found.config?.url ?? '');
  return {
    ...none,
    id: `webhook:${found.id}`,
    type: 'webhook',
    name: url?.host || found.name || `Webhook ${found.id}`,
    parentId,
    status: found.active == null ? null : found.active ? 'enabled' : 'disabled',
    createdAt: toDate(found.created_at),
    url: url === null ? null : url.origin,
    attributes: {
      events: found.events,
      contentType: found.config?.content_type ?? null,
      hasSecret: found.config == null ? null : Boolean(found.config.secret),
      insecureSsl: found.config?.insecure_ssl == null ? null : String(found.config.insecure_ssl) === '1',
      plainHttp: url === null ? null : url.protocol === 'http:',
      lastStatus: found.last_response?.code ?? null,
    },
    raw: rawOfWebhook(item),
  };
};

/** Settings of services from before webhooks hold passwords and tokens under names of their own, so none of them is kept. */
const rawOfWebhook = (item: unknown): Json => {
  const raw = rawOf(item);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const { config, ...rest } = raw as { readonly [key: string]: Json | undefined }; // no list, as was just asked
  const known = z.object({ content_type: text, insecure_ssl: z.unknown().optional() }).safeParse(config);
  return {
    ...rest,
    config: known.success
      ? { content_type: known.data.content_type ?? null, insecure_ssl: String(known.data.insecure_ssl ?? '') }
      : null,
  };
};

export const organizationWebhooks = stream<Github, 'resources'>({
  record: 'resources',
  title: 'Organization webhooks',
  needs: wordsOf(needs.organizationWebhooks),
  reading: { mode: 'full' },
  everyMs: hourMs,
  read: async function* (client, from) {
    const toRecords = (items: readonly unknown[]) =>
      readable(items, (item) => toWebhook(read(Webhook, item, 'a webhook'), item, organizationId));
    yield* listed(
      client,
      { path: `${client.org}/hooks?per_page=100`, need: needs.organizationWebhooks, toRecords },
      from,
    );
  },
});

export const repositoryWebhooks = stream<Github, 'resources'>({
  record: 'resources',
  title: 'Repository webhooks',
  needs: wordsOf(needs.repositoryWebhooks),
  reading: { mode: 'full' },
  everyMs: 6 * hourMs,
  read: (client, from) =>
    perRepository(
      client,
      {
        need: needs.repositoryWebhooks,
        async children(repository, link) {
          const path = `${repositoryPath(repository)}/hooks?per_page=100`;
          return readChildren(await client.page(link ?? path, needs.repositoryWebhooks), (item) =>
            toWebhook(read(Webhook, item, 'a webhook'), item, String(repository.id)),
          );
        },
      },
      from,
    ),
});
