import { randomUUID } from 'node:crypto';
import { type Columns, empty, type RecordKind, type Records, records } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { migrations } from '../../migrations.ts';

/** The time of every example. */
export const now = new Date('2026-03-01T12:00:00Z');
export const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

/** Columns that the steps after reading write. */
interface Derived {
  readonly identityId?: string | null;
  readonly mfaState?: string | null;
  readonly directPrivilege?: number | null;
  readonly effectivePrivilege?: number | null;
  readonly truePrivilege?: number | null;
  readonly lastActiveAt?: Date | null;
}
interface Kept {
  readonly firstSeenAt?: Date;
  readonly goneAt?: Date;
  readonly stream?: string;
}
type Written<K extends RecordKind> = Partial<Omit<Records[K], 'id'>> & Kept & (K extends 'accounts' ? Derived : object);

/** A connection of an example. Every method adds one record and answers its id. */
export type Place = {
  readonly [K in RecordKind as K extends 'policies'
    ? 'policy'
    : K extends `${infer One}ies`
      ? `${One}y`
      : K extends `${infer One}s`
        ? One
        : K]: (id: string, columns?: Written<K>) => string;
} & {
  readonly connectionId: string;
  readonly connector: string;
  /** The stream's last read failed with this advice; `never` when no read of it ever finished. */
  unreadable(stream: string, why?: 'never' | 'failed'): void;
};

export interface Org {
  readonly tenantId: TenantId;
  readonly okta: Place;
  readonly github: Place;
  /** A domain that a collector reads. */
  readonly directory: Place;
  /** One more connection of this kind of system. */
  connect(connector: string): Place;
  settings(settings: Readonly<Record<string, unknown>>, ownedDomains?: readonly string[]): void;
  /** A stored path of one step from an account to an application of this level. */
  path(place: Place, account: string, step: ExampleStep): void;
}

interface ExampleStep {
  readonly level: number;
  readonly edge: string;
  readonly title: string;
  readonly withinIdentity?: boolean;
  /** The group that leads there, in which the account is. */
  readonly through?: string;
}

interface Row {
  readonly kind: RecordKind;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A tenant in memory until `store` writes it. `streams` lists the streams that count as read, by connector. */
export const newOrg = (
  streams: (connector: string) => readonly string[],
): Org & { store(database: Database): Promise<void> } => {
  const tenantId = newId<TenantId>();
  const rows: Row[] = [];
  const places = new Map<string, Place>();
  const unreadable = new Map<string, 'never' | 'failed'>();
  const paths: { place: Place; account: string; step: ExampleStep }[] = [];
  let tenant: { settings: unknown; domains: readonly string[] } = { settings: {}, domains: ['acme.example'] };

  const connect = (connector: string): Place => {
    const connectionId = randomUUID();
    const add =
      <K extends RecordKind>(kind: K) =>
      (id: string, columns?: Written<K>) => {
        const {
          stream = kind,
          firstSeenAt = daysAgo(200),
          goneAt = null,
          ...rest
        } = { ...columns } as Written<K> & Kept;
        const defaults =
          kind === 'accounts'
            ? { type: 'user', status: 'enabled' }
            : kind === 'grants'
              ? { principalKind: 'account', state: 'active', via: 'direct' }
              : {};
        const values = { ...empty(kind), ...defaults, ...rest };
        rows.push({
          kind,
          values: {
            ...values,
            id,
            stream,
            firstSeenAt,
            changedAt: firstSeenAt,
            goneAt,
            connectionId,
            tenantId,
            raw: rest && 'raw' in rest ? rest.raw : {},
          },
        });
        return id;
      };
    const place: Place = {
      connectionId,
      connector,
      account: add('accounts'),
      group: add('groups'),
      membership: add('memberships'),
      role: add('roles'),
      grant: add('grants'),
      resource: add('resources'),
      credential: add('credentials'),
      factor: add('factors'),
      policy: add('policies'),
      event: add('events'),
      unreadable: (stream, why = 'failed') => unreadable.set(`${connectionId} ${stream}`, why),
    };
    places.set(connectionId, place);
    return place;
  };
  const lazily = new Map<string, Place>();
  const first = (connector: string) => {
    const place = lazily.get(connector) ?? connect(connector);
    lazily.set(connector, place);
    return place;
  };

  return {
    tenantId,
    get okta() {
      return first('okta');
    },
    get github() {
      return first('github');
    },
    get directory() {
      return first('insights-collector');
    },
    connect,
    settings: (settings, domains = ['acme.example']) => {
      tenant = { settings, domains };
    },
    path: (place, account, step) => void paths.push({ place, account, step }),
    store: (database) =>
      database.system(async (tx) => {
        await sql`insert into tenants (tenant_id, name, owned_domains, settings, created_at)
          values (${tenantId}, 'Acme', ${[...tenant.domains]}, ${JSON.stringify(tenant.settings)}, ${daysAgo(300)})`.execute(
          tx,
        );
        for (const [connectionId, { connector }] of places) {
          await sql`insert into connections (tenant_id, connection_id, connector, name, point, settings, created_at, changed_at, last_activity_at)
            values (${tenantId}, ${connectionId}, ${connector}, ${`Our ${connector}`}, 'acme', '{}', ${daysAgo(300)}, ${daysAgo(300)}, ${daysAgo(1)})`.execute(
            tx,
          );
          for (const stream of streams(connector)) {
            const why = unreadable.get(`${connectionId} ${stream}`);
            await sql`insert into stream_states (tenant_id, connection_id, stream, full_read_at, last_read_at, fault)
              values (${tenantId}, ${connectionId}, ${stream}, ${why === 'never' ? null : daysAgo(0.1)}, ${daysAgo(0.1)},
                ${why === 'failed' ? JSON.stringify({ kind: 'forbidden', advice: 'Grant the scope.' }) : null}::jsonb)`.execute(
              tx,
            );
          }
        }
        for (const { kind, values } of rows) await insert(tx, kind, values);
        for (const { place, account, step } of paths) {
          const end = {
            kind: 'resources',
            connection: place.connectionId,
            stream: 'resources',
            id: 'target',
            label: 'Target',
          };
          const start = { ...end, kind: 'accounts', stream: 'accounts', id: account, label: account };
          const group = { ...end, kind: 'groups', stream: 'groups', id: step.through, label: step.through };
          const steps = [
            ...(step.through === undefined
              ? []
              : [{ edge: 'is_in', title: 'is in', from: start, to: group, proof: [{ ...group, fact: 'Member of' }] }]),
            {
              edge: step.edge,
              title: step.title,
              from: step.through === undefined ? start : group,
              to: end,
              proof: [{ ...start, fact: 'Role', value: 'Helper' }],
            },
          ];
          await sql`insert into privilege_paths (tenant_id, connection_id, stream, id, level, length, first_edge, target_kind,
              target_connection_id, target_stream, target_id, target_label, targets, within_identity, steps)
            values (${tenantId}, ${place.connectionId}, 'accounts', ${account}, ${step.level}, 1, ${step.edge}, 'resources',
              ${place.connectionId}, 'resources', 'target', 'Target', 1, ${step.withinIdentity ?? false}, ${JSON.stringify(steps)}::jsonb)`.execute(
            tx,
          );
        }
      }),
  };
};

const insert = async (
  tx: Parameters<Parameters<Database['system']>[0]>[0],
  kind: RecordKind,
  values: Row['values'],
) => {
  const types: Columns = records[kind];
  const names = Object.keys(values);
  await sql`insert into ${sql.id(kind)} (${sql.join(names.map((name) => sql.id(toColumn(name))))}, hash)
    values (${sql.join(names.map((name) => (types[name]?.type === 'json' || name === 'raw' ? JSON.stringify(values[name]) : values[name])))}, ''::bytea)`.execute(
    tx,
  );
};

const toColumn = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A database of insights. */
export const openWorld = (): Promise<TestDatabase> => testDatabase({ migrations });
