import { empty, type Grant, stream } from '@gatehouse/connector-kit';
import type { LdapEntry } from '@gatehouse/host';
import { readChanges } from './changes.ts';
import type { DirectoryClient, Forest } from './client.ts';
import { type Edge, type Edges, type SchemaNames, toEdgesOf, toQuestionEdges } from './descriptor/index.ts';
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

/** How objects are named in records: principals by their SID, everything else by its GUID, domains too. */
const idOf = (entry: LdapEntry): string | null => {
  const sid = sidOf(entry);
  return sid === null || ofDomain.test(sid) ? guidOf(entry) : sid;
};

/** A domain has a SID, which those of its principals begin with; so has BUILTIN. */
const ofDomain = /^S-1-5-(21(-\d+){3}|32)$/;

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
const toGrants = (entry: LdapEntry, rightsOf: RightsOf): ReadGrants => {
  const resourceId = idOf(entry);
  if (resourceId === null) return { grants: [], missing: `${entry.dn} has neither a SID nor a GUID that can be read` };
  const { rights, fault } = rightsOf(entry);
  const grants = rights.map((right) => ({
    ...right,
    id: `${resourceId}/${right.principalId}/${right.roleId}`,
    resourceId,
  }));
  if (!firstOf(entry, 'nTSecurityDescriptor'))
    return { grants, missing: `the descriptor of ${entry.dn} may not be read` };
  return { grants, missing: fault && `a descriptor of ${entry.dn} was not read to its end: ${fault}` };
};

/** What was read of one object, and what is unknown of it; null: nothing is. */
interface ReadGrants {
  readonly grants: readonly Grant[];
  readonly missing: string | null;
}

/** Of the descriptors of an object: what they let trustees do, and why one was not read to its end. */
interface Rights {
  readonly rights: readonly Right[];
  readonly fault: string | null;
}

type RightsOf = (entry: LdapEntry) => Rights;

/**
 * Remembers what came of a descriptor. Most objects of a class in one place have the same, down to the last byte:
 * Active Directory itself keeps such a descriptor only once.
 */
const openRights = (names: SchemaNames, forest: Forest, groupSids: ReadonlySet<string>): RightsOf => {
  const known = new Map<string, Rights>();
  const isTold = (trustee: string) => trustee !== self && !isHighestByNature(trustee, forest);
  const toRights = ({ edges, faults, isComplete }: Edges): Rights => ({
    rights: edges
      .filter(({ trustee, kind }) => isTold(trustee) || (kind === 'AllowedToAct' && trustee !== self))
      .map((edge) => toRight(edge, names, groupSids)),
    fault: isComplete ? null : (faults[0] ?? 'an entry of a kind that nobody knows, or no list of entries'),
  });
  const onObject = (bytes: Buffer, objectClass: string): Rights => {
    const key = objectClass + bytes.toString('latin1');
    const found = known.get(key);
    if (found !== undefined) return found;
    const rights = toRights(toEdgesOf(bytes, objectClass, names, isTold));
    if (known.size === mostKnown) known.clear();
    if (bytes.length <= mostBytes) known.set(key, rights);
    return rights;
  };
  return (entry) => {
    const [bytes, readers, actors] = descriptors.map((name) => firstOf(entry, name));
    const all = [
      ...(bytes ? [onObject(bytes, textsOf(entry, 'objectClass').at(-1) ?? 'top')] : []),
      ...(readers ? [toRights(toQuestionEdges(readers, 'ReadGMSAPassword'))] : []),
      ...(actors ? [toRights(toQuestionEdges(actors, 'AllowedToAct'))] : []),
    ];
    const [first = { rights: [], fault: null }, ...others] = all;
    if (others.length === 0) return first;
    return {
      rights: all.flatMap(({ rights }) => rights),
      fault: all.find(({ fault }) => fault !== null)?.fault ?? null,
    };
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
        const known = rightsOf;
        const read = live.map((entry) => ({ entry, ...toGrants(entry, known) }));
        const records = read.flatMap(({ grants }) => grants);
        // What is unknown of an object is not gone from it.
        const whole = read.filter(({ missing }) => missing === null).map(({ entry }) => entry);
        const wholes = [...whole, ...dead].flatMap((entry) => idOf(entry) ?? []).map((id) => ({ id }));
        const leftOut = read.flatMap(({ missing }) => missing ?? []);
        return { records, wholes, ...(leftOut.length > 0 && { leftOut }) };
      });
      for await (const page of pages) yield* splitPage(page, mostGrants, ({ resourceId }) => resourceId);
    },
    probe: async (client) => probeDirectory(client, everything, base(await client.forest())),
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
