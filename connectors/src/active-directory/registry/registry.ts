import { type Policy, stream } from '@gatehouse/connector-kit';
import type { LdapEntry, Registry, RegistryTree } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { publicKeyServices } from '../certificate-services.ts';
import type { DirectoryClient } from '../client.ts';
import { guidOf, sidOf, textOf } from '../entry.ts';
import { authorityKey, toAuthority } from './authority.ts';
import { controllerKeys, toController } from './controller.ts';

const needs =
  'a collector on Windows whose account may read the registry of certification authorities and domain controllers remotely';

/** What was read of one machine, and why something was not. */
interface Outcome {
  readonly record: Policy;
  readonly faults: readonly Fault[];
}
interface Machine {
  readonly id: string;
  read(registry: Registry): Promise<Outcome>;
}
/** Machines that the directory names, each once, and a line about each that cannot be told. */
interface Listed {
  readonly machines: readonly Machine[];
  readonly unread: readonly string[];
}

/**
 * What certification authorities and domain controllers keep in their registry. Every one of them has a record, also
 * where it could not be read: what is unknown of it stands in the record then, so that nobody takes it for harmless.
 */
export const registry = stream<DirectoryClient, 'policies'>({
  record: 'policies',
  title: 'Registry of authorities and domain controllers',
  needs,
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    const opened = registryOf(client);
    const found = [await authorities(client), await controllers(client)];
    const machines = found.flatMap((some) => some.machines);
    const unread = found.flatMap((some) => some.unread);
    const all = machines.filter(({ id }) => from === null || id > from).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    let first: Fault | undefined;
    let answered = 0;
    for (let at = 0; at === 0 || at < all.length; at += atOnce) {
      const some = all.slice(at, at + atOnce);
      const outcomes = await Promise.all(some.map((machine) => machine.read(opened)));
      first ??= outcomes.flatMap(({ faults }) => faults)[0];
      answered += outcomes.filter(({ faults }) => faults.length === 0).length;
      // Where no machine answers it is not the machines.
      if (first && answered === 0 && at + atOnce >= all.length) throw first;
      const caveats = outcomes.flatMap(({ record, faults }) =>
        faults.slice(0, 1).map(({ advice }) => ({ code: 'registry-unread', advice: `${record.name}: ${advice}` })),
      );
      const last = all[at + atOnce] && some.at(-1);
      yield {
        records: outcomes.map(({ record }) => record),
        leftOut: at === 0 ? unread : [],
        ...{ cursor: last?.id ?? null, ...(caveats.length > 0 && { caveats }) },
      };
    }
  },
  async probe(client) {
    const opened = registryOf(client);
    const [first] = (await controllers(client)).machines;
    const [fault] = first ? (await first.read(opened)).faults : [];
    if (fault) throw fault;
  },
});

const atOnce = 4;

const registryOf = (client: DirectoryClient): Registry => {
  if (client.registry === null)
    throw new Fault(
      'unsupported',
      `The registry of authorities and domain controllers cannot be read from this machine. It takes ${needs}.`,
    );
  return client.registry;
};

/** A key of a machine; undefined and its fault where it cannot be read. */
const readKey = async (
  from: Registry,
  { host, key }: { readonly host: string; readonly key: string },
): Promise<{ readonly tree?: RegistryTree | null; readonly fault?: Fault }> => {
  try {
    return { tree: await from.read(host, key) };
  } catch (error) {
    // What is no fault of that machine ends the run: it was stopped.
    if (!(error instanceof Fault)) throw error;
    return { fault: error };
  }
};

const authorities = async (client: DirectoryClient): Promise<Listed> => {
  const base = `CN=Enrollment Services,${publicKeyServices(await client.forest())}`;
  // A forest without certificate services need not have the container.
  if ((await client.find({ base, attributes: ['objectClass'] })) === null) return { machines: [], unread: [] };
  const query = {
    ...{ base, scope: 'one' as const, filter: '(objectClass=pKIEnrollmentService)' },
    attributes: ['objectGUID', 'cn', 'dNSHostName'],
  };
  return collect(client, query, (entry) => {
    const [id, cn] = [guidOf(entry), textOf(entry, 'cn')];
    if (id === null || cn === null) return null;
    const host = textOf(entry, 'dNSHostName') ?? '';
    return {
      id,
      async read(from) {
        const { tree = null, fault } = await readKey(from, { host, key: authorityKey });
        const record = toAuthority({ id, cn, host }, tree);
        const hasKey = Object(record.settings).isRead === true;
        const missing = new Fault('unexpected', 'It has no such authority in its registry.', `HKLM\\${authorityKey}`);
        return { record, faults: fault ? [fault] : hasKey ? [] : [missing] };
      },
    };
  });
};

/** Writable ones by what their account is (SERVER_TRUST_ACCOUNT), read-only ones by their primary group. */
const isController = '(|(userAccountControl:1.2.840.113556.1.4.803:=8192)(primaryGroupID=521))';

const controllers = async (client: DirectoryClient): Promise<Listed> => {
  const { root } = await client.forest();
  const query = {
    ...{ base: root.defaultNamingContext, scope: 'sub' as const, filter: `(&(objectClass=computer)${isController})` },
    attributes: ['objectSid', 'cn', 'dNSHostName', 'operatingSystem'],
  };
  return collect(client, query, (entry) => {
    const [id, name] = [sidOf(entry), textOf(entry, 'cn')];
    if (id === null || name === null) return null;
    const controller = {
      ...{ id, name, host: textOf(entry, 'dNSHostName') ?? name },
      operatingSystem: textOf(entry, 'operatingSystem'),
    };
    return {
      id,
      async read(from) {
        const trees = new Map<string, RegistryTree | null>();
        const faults: Fault[] = [];
        for (const { key } of controllerKeys) {
          const { tree, fault } = await readKey(from, { host: controller.host, key });
          if (tree !== undefined) trees.set(key, tree);
          if (fault) faults.push(fault);
          // A machine that does not answer is not waited for four times.
          if (fault?.kind === 'unreachable') break;
        }
        return { record: toController(controller, trees), faults };
      },
    };
  });
};

const collect = async (
  client: DirectoryClient,
  query: Parameters<DirectoryClient['entries']>[0],
  toMachine: (entry: LdapEntry) => Machine | null,
): Promise<Listed> => {
  const machines = new Map<string, Machine>();
  const unread: string[] = [];
  for await (const entry of client.entries(query)) {
    const machine = toMachine(entry);
    if (machine) machines.set(machine.id, machine);
    else unread.push(`${entry.dn} has no id or no name that can be read`);
  }
  return { machines: [...machines.values()], unread };
};
