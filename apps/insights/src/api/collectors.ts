import { z } from 'zod';
import { When } from './words.ts';

/** How a collector comes to a connection. The key is in this answer and never again. */
export const Installation = z.object({
  key: z.string(),
  expiresAt: When,
  /** To be run on the machine of the collector; asks for the key. */
  command: z.string(),
});

/** GET …/connections/:connectionId/collector (reader): the collector of a connection that an agent reads. */
export const Collector = z.object({
  connectionId: z.uuid(),
  name: z.string(),
  /** Null until a collector registered. */
  device: z
    .object({
      host: z.string(),
      version: z.string(),
      platform: z.string(),
      registeredAt: When,
      lastContactAt: When,
      /** Milliseconds that its clock is ahead of this server's. */
      clockAheadMs: z.number(),
    })
    .nullable(),
  /** The version that this server offers; null: none. */
  offers: z.string().nullable(),
  key: z
    .object({
      /** `open` can be used; `used` was; `closed` by a person or a newer key. */
      state: z.enum(['open', 'used', 'closed', 'expired']),
      createdAt: When,
      createdBy: z.string(),
      expiresAt: When,
      usedAt: When.nullable(),
    })
    .nullable(),
  command: z.string(),
  /** GET …/collector/installer (reader) answers this file; null: this server has none. */
  installer: z.object({ file: z.string(), bytes: z.number().int() }).nullable(),
  sources: z.array(
    z.object({
      kind: z.string(),
      /** Of the kind: "Active Directory". */
      kindName: z.string(),
      id: z.string(),
      name: z.string(),
      /** `elsewhere`: its records are kept here, and another collector reads it; `standing_by`: both are another's. */
      state: z.enum(['reading', 'standing_by', 'elsewhere', 'idle']),
      /** The connection whose collector reads it. */
      reader: z.string().nullable(),
      readUntil: When.nullable(),
      /** The connection that its records belong to. */
      home: z.string().nullable(),
    }),
  ),
  streams: z.array(
    z.object({
      stream: z.string(),
      title: z.string(),
      state: z.enum(['idle', 'reading', 'waiting']),
      /** A person wants it to be read now, and the collector has not begun. */
      isWanted: z.boolean(),
      readAt: When.nullable(),
      nextAt: When.nullable(),
    }),
  ),
  /** What it could not send yet. */
  spool: z.object({ batches: z.number().int(), bytes: z.number().int(), mostBytes: z.number().int() }).nullable(),
});

/** GET /api/tenants/:tenantId/collectors (reader) → Collector[] */
export const Collectors = z.array(Collector);
