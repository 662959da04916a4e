import type { Nearby, RunningFake, VendorFake } from '@gatehouse/connector-kit/fake';
import { createAuthority } from './certificates.ts';
import { type FakeController, openController } from './controller.ts';
import type { Directory } from './directory.ts';
import { createFaults } from './faults.ts';
import type { AskedSearch } from './searches.ts';

/** A domain that a connector reads, and which part of it belongs to which stream. */
export interface Domain {
  readonly directory: Directory;
  /** Which searches belong to a stream. The knobs act on these. */
  readonly streams: Readonly<Record<string, (search: AskedSearch) => boolean>>;
  /** Where a stream reads what Active Directory hides instead of refusing it: the name that nothing at or below is told of. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly unasked: readonly string[];
  /** What stands beside the directory, as it is for streams that are not `forbidden`. */
  nearby(forbidden: ReadonlySet<string>): Nearby;
  /** Secret values in its entries. */
  readonly secrets: readonly string[];
  readonly grow: Readonly<Record<string, (count: number) => void>>;
}

/** A `VendorFake` that speaks LDAP: one domain controller that may be connected to at 127.0.0.1, and `ldaps://` only. */
export interface DomainFake extends VendorFake {
  readonly directory: Directory;
  readonly faults: ReturnType<typeof createFaults>;
  settings(origin: string): Record<'controllers' | 'bindName' | 'password' | 'certificateAuthorities', string>;
}

// One for all fakes of a process, so that settings can be made before the fake is up.
const authority = createAuthority();
const certificate = authority.issue({ names: ['127.0.0.1'] });
const account = { names: ['gatehouse@corp.example'], password: 'Quay-side crane 7, loaded' };

export const fakeDomain = (domain: Domain): DomainFake => {
  const { directory, unasked } = domain;
  const forbidden = new Set<string>();
  const faults = createFaults(domain, account.password);
  const limits = { maxPageSize: 1_000 };
  let controller: FakeController | null = null;
  return {
    ...{ directory, faults, unasked, requests: faults.requests, nearby: domain.nearby(forbidden) },
    secrets: [account.password, ...domain.secrets],
    growable: Object.keys(domain.grow),
    strangeness: faults.strangeness,
    async start({ port = 0 } = {}): Promise<RunningFake> {
      const opened = await openController(directory, {
        ...{ accounts: [account], limits, certificate: () => certificate, ports: { ldaps: port, ldap: 0 } },
      });
      controller = opened;
      opened.plant(faults.planted);
      return {
        origin: `ldaps://127.0.0.1:${new URL(opened.ldaps).port}`,
        close: opened.stop,
      };
    },
    settings: (origin) => ({
      ...{ controllers: origin, bindName: account.names[0] ?? '', password: account.password },
      certificateAuthorities: authority.certificate,
    }),
    onRequest: faults.onRequest,
    refuseCredentials: () => faults.refuseCredentials('52e'),
    forbid(stream) {
      forbidden.add(stream);
      faults.forbid(stream);
    },
    throttleOnce() {
      faults.beBusyOnce();
      // A directory has no words for how long.
      return 0;
    },
    answerStrange: faults.answerStrange,
    pointElsewhere: faults.pointElsewhere,
    expireCursors: () => directory.change(String(directory.rootDse.get('dsservicename')?.values[0]), otherDatabase()),
    capPages(size) {
      limits.maxPageSize = size;
      if (controller) controller.limits.maxPageSize = size;
    },
    grow(stream, count) {
      const more = domain.grow[stream];
      if (more === undefined) throw new Error(`the fake cannot grow ${stream}`);
      more(count);
    },
  };
};

let databases = 0;

/** As of a controller that was restored from a backup: its numbers of changes mean something else now. */
const otherDatabase = () => {
  const invocationId = Buffer.alloc(16, 0xdb);
  invocationId.writeUInt32LE(++databases);
  return { invocationId };
};
