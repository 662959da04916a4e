import { type Descriptor, parseDescriptor } from './descriptor.ts';
import type { EdgeKind } from './edge-kinds.ts';
import { isComplete, openEdgeReader } from './edge-reader.ts';
import { listRows, mostRows, type PlainEdge, rowWords, writeRows } from './edge-rows.ts';
import type { AccessEntry } from './entry.ts';
import { authorityTable, directoryTable, questionTable, type RightTable } from './right-table.ts';
import type { SchemaNames } from './schema-names.ts';
import { beginTally } from './tally.ts';
import { openTrustees, place, type Trustees } from './trustees.ts';
import { effectOf, weigh } from './weigh.ts';

/** What one trustee may do to the object, and the entries that say so. */
export interface Edge {
  readonly kind: EdgeKind;
  /**
   * The SID in text. S-1-5-10 (SELF) stands for the object itself, and on a group for its members too. The owner gets
   * what OWNER RIGHTS gets.
   */
  readonly trustee: string;
  /** For CreateChild: the class, or null for any class. */
  readonly childClass: string | null;
  /** True where the trustee would not have it without inherited entries. */
  readonly isInherited: boolean;
  /**
   * `maybe` where a deny stands before that counts only for some: those who are also in `deniedBy`, or fulfil its
   * condition. An edge that a deny surely takes away is not reported at all.
   */
  readonly isDenied: 'no' | 'maybe';
  /** The SIDs of those denies; whoever knows the memberships can tell. Empty where the deny could not be read. */
  readonly deniedBy: readonly string[];
  /** True where it takes an entry whose condition nobody evaluated. */
  readonly isConditional: boolean;
  /** The entries that give it; none for Owns and for a null DACL. */
  readonly entries: readonly AccessEntry[];
}

export interface Edges {
  readonly edges: readonly Edge[];
  /** False where the DACL was absent or damaged: what is not among the edges is unknown then, not false. */
  readonly isComplete: boolean;
  readonly faults: readonly string[];
}

/**
 * What each trustee may do to an object of a class (its most specific one, the last value of objectClass), from its
 * nTSecurityDescriptor. GenericAll, GenericWrite, AllExtendedRights and CreateChild of any class stand for what they
 * contain: the lesser edges are reported where the trustee has not all of it.
 *
 * Outside of what a descriptor says, and so not in the edges: memberships, the dSHeuristics that take implicit rights
 * from owners of computers, and that taking ownership (WriteOwner) gives only what OWNER RIGHTS leaves an owner.
 */
export const toEdges = (source: Descriptor | Uint8Array, objectClass: string, names: SchemaNames): Edges =>
  edgesOf(source, tableOf(objectClass, names));

/**
 * `toEdges`, of the wanted trustees alone. Most descriptors have rights for nobody else than those who have them
 * everywhere; the fast reader tells that, and no evidence is looked for.
 */
export const toEdgesOf = (
  bytes: Uint8Array,
  objectClass: string,
  names: SchemaNames,
  isWanted: (trustee: string) => boolean,
): Edges => {
  const table = tableOf(objectClass, names);
  if (fast.trustees.store.count > mostKnown) fast = openEdgeReader();
  const rows = fast.read(bytes, table);
  if (rows.isComplete && listRows(rows, table, fast.trustees).every(({ trustee }) => !isWanted(trustee)))
    return noEdges;
  const { edges, ...rest } = edgesOf(bytes, table);
  return { ...rest, edges: edges.filter(({ trustee }) => isWanted(trustee)) };
};

const noEdges: Edges = { edges: [], isComplete: true, faults: [] };
let fast = openEdgeReader();

/** The edges of msDS-GroupMSAMembership (ReadGMSAPassword) or msDS-AllowedToActOnBehalfOfOtherIdentity (AllowedToAct). */
export const toQuestionEdges = (source: Descriptor | Uint8Array, kind: 'ReadGMSAPassword' | 'AllowedToAct'): Edges =>
  edgesOf(source, questions[kind]);

/** The edges of a certification authority's own descriptor, as its registry holds it: ManageCA, ManageCertificates, Enroll. */
export const toAuthorityEdges = (source: Descriptor | Uint8Array): Edges => edgesOf(source, authority);

/** Tables take a millisecond to make and serve a whole forest. */
export const tableOf = (objectClass: string, names: SchemaNames): RightTable => {
  const ofForest = tables.get(names) ?? new Map<string, RightTable>();
  tables.set(names, ofForest);
  const known = ofForest.get(objectClass);
  if (known !== undefined) return known;
  const table = directoryTable(objectClass, names);
  // Classes that the schema does not have come from outside, so their number has no end.
  if (ofForest.size < mostTables) ofForest.set(objectClass, table);
  return table;
};

const tables = new WeakMap<SchemaNames, Map<string, RightTable>>();
const mostTables = 2000;
const authority = authorityTable();
const questions = { ReadGMSAPassword: questionTable('ReadGMSAPassword'), AllowedToAct: questionTable('AllowedToAct') };

const edgesOf = (source: Descriptor | Uint8Array, table: RightTable): Edges => {
  const descriptor = source instanceof Uint8Array ? parseDescriptor(source) : source;
  const sids = knownSids();
  beginTally();
  const ownership = weigh(descriptor, table, sids);
  const edges: Edge[] = [];
  if (ownership !== 'none' && descriptor.owner !== null && table.hasOwner) {
    const isDenied = ownership === 'maybe' ? 'maybe' : 'no';
    const standing = { isInherited: false, isDenied, deniedBy: [], isConditional: false, entries: [] } as const;
    edges.push({ kind: 'Owns', trustee: descriptor.owner, childClass: null, ...standing });
  }
  const words = new Int32Array(mostRows() * rowWords);
  const count = writeRows(words, 0, table);
  const witnesses = toWitnesses(descriptor, table, sids);
  for (const plain of listRows({ count, words, isComplete: true }, table, sids))
    edges.push({ ...plain, ...evidenceOf(witnesses, plain, needsOf(plain, table)) });
  return { edges, isComplete: isComplete(descriptor), faults: descriptor.faults };
};

/** Those of earlier descriptors, which mostly have the same; after so many they are forgotten, because they have no end. */
const knownSids = (): Trustees => {
  if (known.store.count > mostKnown) known = openTrustees();
  return known;
};

let known = openTrustees();
const mostKnown = 10_000;

const needsOf = ({ kind, childClass }: PlainEdge, table: RightTable): number =>
  table.rules.find((rule) => rule.kind === kind && rule.childClass === childClass)?.needs ?? 0;

/** An entry that gives or takes rights here, and whose. */
interface Witness {
  readonly entry: AccessEntry;
  readonly trustee: string | null;
  readonly isAllow: boolean;
  readonly rights: number;
}

const toWitnesses = ({ dacl, owner }: Descriptor, table: RightTable, sids: Trustees): readonly Witness[] => {
  if (dacl.state !== 'present') return [];
  return dacl.entries.flatMap((entry) => {
    const effect = effectOf(entry, table);
    if (effect === null || effect.rights === 0) return [];
    const standing = entry.trustee === null ? 0 : sids.placeOf(sids.ofText(entry.trustee));
    if ((standing & place.isCreator) !== 0) return [];
    const trustee = (standing & place.isOwnerRights) !== 0 ? owner : entry.trustee;
    return [{ entry, trustee, isAllow: effect.isAllow, rights: effect.rights }];
  });
};

const evidenceOf = (witnesses: readonly Witness[], { trustee, isDenied }: PlainEdge, needs: number) => {
  const about = witnesses.filter(({ rights }) => (rights & needs) !== 0);
  const giving = about.filter((witness) => witness.isAllow && witness.trustee === trustee);
  const last = giving.at(-1);
  const before = last === undefined ? [] : about.slice(0, about.indexOf(last));
  const deniedBy = before.flatMap((witness) => (witness.isAllow || witness.trustee === null ? [] : [witness.trustee]));
  return { deniedBy: isDenied === 'maybe' ? [...new Set(deniedBy)] : [], entries: giving.map(({ entry }) => entry) };
};
