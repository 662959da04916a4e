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

/** Owner, group and DACL; the SACL takes a right of its own. */
const sdFlags = 7;
/** Every object that somebody may have rights on. */
const everything = '(objectClass=*)';

const attributes = [
  ...['objectClass', 'objectSid', 'objectGUID', 'nTSecurityDescriptor', 'msDS-GroupMSAMembership'],
  'msDS-AllowedToActOnBehalfOfOtherIdentity',
];

/** How objects are named in records: principals by their SID, everything else by its GUID. */
export const idOf = (entry: LdapEntry): string | null => sidOf(entry) ?? guidOf(entry);

/**
 * What every trustee may do to every object, from the security descriptors: one grant for each right, of which the kind
 * is the role (`acl:WriteDacl`), on the object (`resourceId`: its SID, else its GUID).
 *
 * Left out are trustees that may do everything by nature (SYSTEM, Administrators, Domain and Enterprise Admins …), on
 * whom every object has the same entries, and SELF. `raw` holds the entries with their masks, flags and object types.
 * `state` is `eligible` where an entry is conditional, or a deny may take the right away: it is not certain.
 */
export const toGrants = (entry: LdapEntry, names: SchemaNames, forest: Forest): ReadGrants => {
  const resourceId = idOf(entry);
  if (resourceId === null) return { grants: [], missing: `${entry.dn} has neither a SID nor a GUID that can be read` };
  const objectClass = textsOf(entry, 'objectClass').at(-1) ?? 'top';
  const descriptor = firstOf(entry, 'nTSecurityDescriptor');
  const readers = firstOf(entry, 'msDS-GroupMSAMembership');
  const actors = firstOf(entry, 'msDS-AllowedToActOnBehalfOfOtherIdentity');
  const read = [
    ...(descriptor ? [toEdges(descriptor, objectClass, names)] : []),
    ...(readers ? [toQuestionEdges(readers, 'ReadGMSAPassword')] : []),
    ...(actors ? [toQuestionEdges(actors, 'AllowedToAct')] : []),
  ];
  const grants = read
    .flatMap(({ edges }) => edges)
    .filter(({ trustee, kind }) => kind === 'AllowedToAct' || !isHighestByNature(trustee, forest))
    .filter(({ trustee }) => trustee !== self)
    .map((edge) => toGrant(edge, resourceId, names));
  if (!descriptor) return { grants, missing: `the descriptor of ${entry.dn} may not be read` };
  const damaged = read.find(({ isComplete }) => !isComplete);
  const why = damaged?.faults[0] ?? 'an entry of a kind that nobody knows, or no list of entries';
  return { grants, missing: damaged ? `a descriptor of ${entry.dn} was not read to its end: ${why}` : null };
};

/** What was read of one object, and what is unknown of it; null: nothing is. */
export interface ReadGrants {
  readonly grants: readonly Grant[];
  readonly missing: string | null;
}

const self = 'S-1-5-10';

const toGrant = (edge: Edge, resourceId: string, names: SchemaNames): Grant => {
  const role = edge.childClass === null ? `acl:${edge.kind}` : `acl:${edge.kind}:${edge.childClass}`;
  const isCertain = edge.isDenied === 'no' && !edge.isConditional;
  return {
    ...empty('grants'),
    id: `${resourceId}/${edge.trustee}/${role}`,
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
    principalKind: isGroupSid(edge.trustee) ? 'group' : 'account',
    principalId: edge.trustee,
    roleId: role,
    resourceId,
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
      const names = await readSchemaNames(client);
      const groupSids = await client.once('group sids', () => readGroupSids(client));
      const selection = {
        ...{ base: base(forest), filter: everything, tombstones, attributes },
        controls: { sdFlags, pageSize: 500 },
      };
      const pages = readChanges(client, selection, from, (live, dead) => {
        const read = live.map((entry) => ({ entry, ...toGrants(entry, names, forest) }));
        const records = read.flatMap(({ grants }) => grants).map((grant) => ofKind(grant, groupSids));
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

/** A SID does not tell what it is; those of the domain’s groups are known, and well-known ones are groups of no domain. */
const ofKind = (grant: Grant, groupSids: ReadonlySet<string>): Grant =>
  grant.principalId !== null && groupSids.has(grant.principalId) ? { ...grant, principalKind: 'group' } : grant;

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
