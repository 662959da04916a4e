import { empty, type Grant, stream } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { readChanges } from './changes.ts';
import type { DirectoryClient, Forest } from './client.ts';
import { type Edge, type SchemaNames, toEdges, toQuestionEdges } from './descriptor/index.ts';
import { firstOf, guidOf, sidOf, textsOf } from './entry.ts';
import { readGroupSids } from './groups.ts';
import { splitPage } from './parts.ts';
import { needsDirectory, probeDirectory } from './probe.ts';
import { readSchemaNames } from './schema.ts';
import { isHighestByNature } from './well-known.ts';

/** Every object that somebody may have rights on. */
const everything = '(objectClass=*)';

/** On the object, on the password of a managed service account, and on acting in other people’s names. */
const descriptors = [
  ...['nTSecurityDescriptor', 'msDS-GroupMSAMembership', 'msDS-AllowedToActOnBehalfOfOtherIdentity'],
];
export const accessAttributes: readonly string[] = ['objectClass', 'objectSid', 'objectGUID', ...descriptors];
/** Owner, group and DACL; the SACL takes a right of its own. */
export const accessControls = { sdFlags: 7, pageSize: 500 };

/** How objects are named in records: principals by their SID, everything else by its GUID. */
export const idOf = (entry: LdapEntry): string | null => sidOf(entry) ?? guidOf(entry);

/** A grant but for the object: what a trustee may do to everything that has the descriptor. */
interface Right extends Omit<Grant, 'id' | 'resourceId'> {
  readonly principalId: string;
  readonly roleId: string;
}

/**
 * What every trustee may do to every object, from the security descriptors: one grant for each right, of which the kind
 * is the role (`acl:WriteDacl`), on the object (`resourceId`: its SID, else its GUID).
 *
 * Left out are trustees that may do everything by nature (SYSTEM, Administrators, Domain and Enterprise Admins …), on
 * whom every object has the same entries, and SELF. `raw` holds the entries with their masks, flags and object types.
 * `state` is `eligible` where an entry is conditional, or a deny may take the right away: it is not certain.
 */
const toGrants = (entry: LdapEntry, rightsOf: RightsOf): readonly Grant[] => {
  const resourceId = idOf(entry);
  if (resourceId === null) return [];
  return rightsOf(entry).map((right) => ({
    ...right,
    id: `${resourceId}/${right.principalId}/${right.roleId}`,
    resourceId,
  }));
};

type RightsOf = (entry: LdapEntry) => readonly Right[];

/**
 * Remembers what came of a descriptor. Most objects of a class in one place have the same, down to the last byte:
 * Active Directory itself keeps such a descriptor only once.
 */
const openRights = (names: SchemaNames, forest: Forest, groupSids: ReadonlySet<string>): RightsOf => {
  const known = new Map<string, readonly Right[]>();
  const toRights = (edges: readonly Edge[]) =>
    edges
      .filter(({ trustee, kind }) => kind === 'AllowedToAct' || !isHighestByNature(trustee, forest))
      .filter(({ trustee }) => trustee !== self)
      .map((edge) => toRight(edge, names, groupSids));
  const onObject = (bytes: Buffer, objectClass: string) => {
    const key = objectClass + bytes.toString('latin1');
    const found = known.get(key);
    if (found !== undefined) return found;
    const rights = toRights(toEdges(bytes, objectClass, names).edges);
    if (known.size === mostKnown) known.clear();
    if (bytes.length <= mostBytes) known.set(key, rights);
    return rights;
  };
  return (entry) => {
    const [bytes, readers, actors] = descriptors.map((name) => firstOf(entry, name));
    const rights = bytes ? onObject(bytes, textsOf(entry, 'objectClass').at(-1) ?? 'top') : [];
    if (!readers && !actors) return rights;
    const others = [
      ...(readers ? toQuestionEdges(readers, 'ReadGMSAPassword').edges : []),
      ...(actors ? toQuestionEdges(actors, 'AllowedToAct').edges : []),
    ];
    return [...rights, ...toRights(others)];
  };
};

const mostKnown = 1_000;
/** Of a descriptor, which are a hundred entries. Longer ones are rare, and would take much memory. */
const mostBytes = 4_096;
const self = 'S-1-5-10';

const toRight = (edge: Edge, names: SchemaNames, groupSids: ReadonlySet<string>): Right => {
  const isCertain = edge.isDenied === 'no' && !edge.isConditional;
  const { resourceId: _, ...nothing } = empty('grants');
  return {
    ...nothing,
    raw: {
      trustee: edge.trustee,
      inherited: edge.isInherited,
      denied: edge.isDenied,
      ...(edge.deniedBy.length > 0 && { deniedBy: [...edge.deniedBy] }),
      ...(edge.isConditional && { conditional: true }),
      entries: edge.entries.slice(0, 10).map((entry) => ({
        type: entry.type,
        mask: entry.mask === null ? null : `0x${entry.mask.toString(16)}`,
        flags: Object.entries(entry.flags).flatMap(([flag, isSet]) => (isSet === true ? [flag] : [])),
        objectType: entry.objectType && (names.describe(entry.objectType)[0] ?? entry.objectType),
        inheritedObjectType:
          entry.inheritedObjectType && (names.describe(entry.inheritedObjectType)[0] ?? entry.inheritedObjectType),
      })),
    },
    // A SID does not tell what it is; those of the domain’s groups are known, and well-known ones are groups of no domain.
    principalKind: groupSids.has(edge.trustee) || isGroupSid(edge.trustee) ? 'group' : 'account',
    principalId: edge.trustee,
    roleId: edge.childClass === null ? `acl:${edge.kind}` : `acl:${edge.kind}:${edge.childClass}`,
    privilege: 'low',
    via: edge.isInherited ? 'inherited' : 'direct',
    state: isCertain ? 'active' : 'eligible',
  };
};

const isGroupSid = (sid: string) => /^S-1-(1|2|3|5|16|18)-\d+$/.test(sid) || sid.startsWith('S-1-5-32-');

/** At most so many records to a page. */
const mostGrants = 8_000;

const accessOf = (title: string, everyMs: number, base: (forest: Forest) => string, tombstones: string) =>
  stream<DirectoryClient, 'grants'>({
    record: 'grants',
    title,
    needs: needsDirectory,
    reading: { mode: 'delta', fullEveryMs: 24 * 3_600_000 },
    everyMs,
    async *read(client, from) {
      const forest = await client.forest();
      let rightsOf: RightsOf | null = null;
      const selection = {
        ...{ base: base(forest), filter: everything, tombstones },
        ...{ attributes: accessAttributes, controls: accessControls },
      };
      const pages = readChanges(client, selection, from, async (live, dead) => {
        // What it takes is large, and a read that finds nothing needs none of it.
        rightsOf ??= openRights(
          await readSchemaNames(client),
          forest,
          await client.once('group sids', () => readGroupSids(client)),
        );
        const read = rightsOf;
        const unread = live.filter((entry) => firstOf(entry, 'nTSecurityDescriptor') === undefined);
        const records = live.flatMap((entry) => toGrants(entry, read));
        const whole = live.filter((entry) => !unread.includes(entry));
        const wholes = [...whole, ...dead].flatMap((entry) => idOf(entry) ?? []).map((id) => ({ id }));
        return {
          records,
          wholes,
          ...(unread.length > 0 && { leftOut: unread.map(({ dn }) => `the descriptor of ${dn} may not be read`) }),
        };
      });
      for await (const page of pages) yield* splitPage(page, mostGrants, ({ resourceId }) => resourceId);
    },
    probe: (client) => probeDirectory(client, everything),
  });

/** Who may do what to whom in the domain. */
export const access = accessOf(
  'Access entries',
  30 * 60_000,
  ({ root }) => root.defaultNamingContext,
  '(objectClass=*)',
);

/** Who may do what to the objects of certificate services: templates, authorities, NTAuth and the containers around them. */
export const certificateAccess = accessOf(
  'Access entries of certificate services',
  3_600_000,
  ({ root }) => `CN=Public Key Services,CN=Services,${root.configurationNamingContext}`,
  '(objectClass=*)',
);
