import { accessMask, authorityMask, readEverything } from './access-mask.ts';
import { childClasses, type EdgeDefinition, type EdgeKind, edgeDefinitions } from './edge-kinds.ts';
import { toGuidWords, wordsOfGuid } from './guid-words.ts';
import { type MaskRights, toMaskRights } from './mask-rights.ts';
import { openRuleCache, type RuleCache } from './rule-sets.ts';
import type { SchemaNames } from './schema-names.ts';

/**
 * What entries can give on objects of one class, reduced to one bit per right that matters: to write one attribute, to
 * use one extended right, to create children of one class. An entry's mask says which kinds of right it is about and
 * its object type which of them, so both become bits and an entry is worth `mask & object type`. Sets of bits are what
 * makes deny entries exact: a right is taken away alone, and an edge stands only while all of its rights do.
 */
export interface RightTable {
  readonly objectClass: string;
  /** The class's own GUID; null where nobody knows the class, so that no inherited entry can be told to be another's. */
  readonly classGuid: string | null;
  /** The rights that entries allow or deny by their mask, for `rightsOfMask`. */
  readonly byMask: MaskRights;
  /** The rights that an object type is about, by GUID in text. Object types that are not here are about none. */
  readonly covered: ReadonlyMap<string, number>;
  /** The same, with the GUID of all zeros, and the class's GUID in the form in which descriptors hold them. */
  readonly guidWords: Int32Array;
  readonly classWords: Int32Array | null;
  /** Every right of the table. */
  readonly all: number;
  /** Whether the descriptor's owner owns the object: of a descriptor that only asks a question, nobody owns anything. */
  readonly hasOwner: boolean;
  readonly rules: readonly EdgeRule[];
  /** What `rulesOfRights` has worked out before. */
  readonly ruleCache: RuleCache;
}

/** One edge that rights give. There are at most 32 rules, so that a set of them is one number. */
export interface EdgeRule {
  readonly kind: EdgeKind;
  /** For CreateChild: the class, or null for any. Null for every other kind. */
  readonly childClass: string | null;
  readonly needs: number;
  /** True where one of the rights is enough; else all are needed. */
  readonly isAnyEnough: boolean;
  /** Rights of which the rule is the better name: rules that need no others are not reported beside it. */
  readonly standsFor: number;
}

/** The rule that every table begins with: what the owner has without any entry. */
export const ownsRule = 0;

/** The table for objects of a class, by its most specific class name (the last value of objectClass). */
export const directoryTable = (objectClass: string, names: SchemaNames): RightTable => {
  const lineage = names.lineage(objectClass).map((name) => name.toLowerCase());
  const rights: Right[] = [...standing, ...childRights(names)];
  const rules: Rule[] = [];
  for (const definition of edgeDefinitions) {
    if (!definition.classes.some((name) => lineage.includes(name.toLowerCase()))) continue;
    const own = definition.names.flatMap((name) => toRight(definition, name, names) ?? []);
    rights.push(...own);
    if (own.length > 0) rules.push({ kind: definition.kind, needs: own, isAnyEnough: own.length > 1 });
  }
  const classGuid = names.classes.find(objectClass)?.guid ?? null;
  return build({
    objectClass,
    classGuid,
    hasOwner: true,
    rights,
    rules: [...directoryRules(rights), ...rules.map(widened(rights))],
  });
};

/** The table for a certification authority's own descriptor, whose masks have their own meaning. */
export const authorityTable = (): RightTable => {
  const rights = (['MANAGE_CA', 'MANAGE_CERTIFICATES', 'ENROLL'] as const).map((name) => standard(authorityMask[name]));
  const kinds = ['ManageCA', 'ManageCertificates', 'Enroll'] as const;
  const rules = rights.map((right, index) => ({ kind: kinds[index] ?? 'Enroll', needs: [right] }));
  return build({ objectClass: 'certification authority', classGuid: null, hasOwner: false, rights, rules });
};

/**
 * The table for a descriptor that is the value of an attribute and asks one question of it: who may read the password
 * (msDS-GroupMSAMembership, MS-ADTS 3.1.1.4.5.39: RIGHT_DS_READ_PROPERTY), or who may act for others
 * (msDS-AllowedToActOnBehalfOfOtherIdentity, MS-SFU 3.2.5.1.2: the right to control access).
 */
export const questionTable = (kind: 'ReadGMSAPassword' | 'AllowedToAct'): RightTable => {
  const mask = kind === 'ReadGMSAPassword' ? accessMask.READ_PROPERTY : accessMask.CONTROL_ACCESS;
  const right = standard(mask);
  return build({
    objectClass: kind,
    classGuid: null,
    hasOwner: false,
    rights: [right],
    rules: [{ kind, needs: [right] }],
  });
};

/** One right before it has a bit. */
interface Right {
  readonly group: 'standard' | 'write' | 'control' | 'validated' | 'create';
  /** An entry gives the right when its mask has all of these bits… */
  readonly given: number;
  /** …and takes it away when it denies any of these. */
  readonly taken: number;
  /** Object types that are about it; an entry without object type is about every right. */
  readonly guids: readonly string[];
  /** The class whose creation it is. */
  readonly childClass?: string;
}

interface Rule {
  readonly kind: EdgeKind;
  readonly childClass?: string | undefined;
  readonly needs: readonly Right[];
  readonly isAnyEnough?: boolean;
  readonly standsFor?: readonly Right[];
}

const one = (group: Right['group'], mask: number, guids: readonly string[] = []): Right => ({
  ...{ group, given: mask, taken: mask, guids },
});
const standard = (mask: number) => one('standard', mask);

const writeDacl = standard(accessMask.WRITE_DAC);
const writeOwner = standard(accessMask.WRITE_OWNER);
const deletion = standard(accessMask.DELETE);
const deleteChild = standard(accessMask.DELETE_CHILD);
/** Rights that no object type is about: only an entry for everything gives them. The bare ones of a group stand for "all others". */
const standing: readonly Right[] = [
  ...[writeDacl, writeOwner, deletion, deleteChild, standard(accessMask.DELETE_TREE), standard(readEverything)],
  one('write', accessMask.WRITE_PROPERTY),
  one('control', accessMask.CONTROL_ACCESS),
  one('validated', accessMask.WRITE_PROPERTY_EXTENDED),
  one('create', accessMask.CREATE_CHILD),
];

const childRights = (names: SchemaNames): readonly Right[] =>
  childClasses.flatMap((name) => {
    const guid = names.classes.find(name)?.guid;
    return guid === undefined ? [] : [{ ...one('create', accessMask.CREATE_CHILD, [guid]), childClass: name }];
  });

/** Null where the forest's schema does not have it. */
const toRight = (definition: EdgeDefinition, name: string, names: SchemaNames): Right | null => {
  if (definition.by === 'right' || definition.by === 'propertySet') {
    const right = names.rights.find(name);
    if (right === null) return null;
    return definition.by === 'right'
      ? one('control', accessMask.CONTROL_ACCESS, [right.guid])
      : one('write', accessMask.WRITE_PROPERTY, [right.guid]);
  }
  const attribute = names.attributes.find(name);
  if (attribute === null) return null;
  if (definition.by === 'validatedWrite') return one('validated', accessMask.WRITE_PROPERTY_EXTENDED, [attribute.guid]);
  const guids = attribute.propertySet === null ? [attribute.guid] : [attribute.guid, attribute.propertySet];
  if (definition.by === 'attribute') return one('write', accessMask.WRITE_PROPERTY, guids);
  // A confidential attribute is read with CONTROL_ACCESS and READ_PROPERTY together (MS-ADTS 5.1.3.3.6). The second is
  // usually given to everybody, by another entry, so the first tells who reads; to lack either is to be unable to.
  const taken = accessMask.CONTROL_ACCESS | accessMask.READ_PROPERTY;
  return { group: 'control', given: accessMask.CONTROL_ACCESS, taken, guids };
};

/** What every directory object has. Names for everything of a kind come first and stand for what they contain. */
const directoryRules = (rights: readonly Right[]): readonly Rule[] => {
  const of = (...groups: readonly Right['group'][]) => rights.filter(({ group }) => groups.includes(group));
  const children = of('create').filter(({ childClass }) => childClass !== undefined);
  return [
    { kind: 'GenericAll', needs: rights, standsFor: rights },
    { kind: 'GenericWrite', needs: of('write'), standsFor: of('write', 'validated') },
    { kind: 'AllExtendedRights', needs: of('control'), standsFor: of('control') },
    { kind: 'CreateChild', needs: of('create'), standsFor: of('create') },
    ...children.map((right) => ({ kind: 'CreateChild' as const, childClass: right.childClass, needs: [right] })),
    { kind: 'WriteDacl', needs: [writeDacl] },
    { kind: 'WriteOwner', needs: [writeOwner] },
    { kind: 'Delete', needs: [deletion] },
    { kind: 'DeleteChild', needs: [deleteChild] },
  ];
};

/** The rule for a whole property set needs its attributes too, and who writes `member` need not be told to add themselves. */
const widened =
  (rights: readonly Right[]) =>
  (rule: Rule): Rule => {
    if (rule.kind === 'AddMember')
      return {
        ...rule,
        standsFor: rights.filter(({ guids }) => guids.some((guid) => rule.needs[0]?.guids[0] === guid)),
      };
    if (rule.kind !== 'WriteAccountRestrictions') return rule;
    const set = rule.needs[0]?.guids[0] ?? '';
    return { ...rule, needs: rights.filter(({ group, guids }) => group === 'write' && guids.includes(set)) };
  };

interface Plan {
  readonly objectClass: string;
  readonly classGuid: string | null;
  readonly hasOwner: boolean;
  readonly rights: readonly Right[];
  readonly rules: readonly Rule[];
}

const build = ({ objectClass, classGuid, hasOwner, rights, rules }: Plan): RightTable => {
  if (rights.length > 31) throw new RangeError(`${rights.length} rights do not fit in the bits of a number`);
  const bits = (some: readonly Right[]) => some.reduce((set, right) => set | (1 << rights.indexOf(right)), 0);
  const covered = new Map<string, number>();
  for (const guid of new Set(rights.flatMap(({ guids }) => guids)))
    covered.set(guid, bits(rights.filter(({ guids }) => guids.includes(guid))));
  // The class's own GUID is the root of the tree of object types (MS-ADTS 5.1.3.3.3): an entry for it is one for
  // everything, except that for children it names their class.
  if (classGuid !== null)
    covered.set(classGuid, (covered.get(classGuid) ?? 0) | bits(rights.filter(({ group }) => group !== 'create')));
  const owns = { kind: 'Owns', childClass: null, needs: 0, isAnyEnough: false, standsFor: 0 } as const;
  return {
    ...{ objectClass, classGuid, byMask: toMaskRights(rights), covered, all: bits(rights), hasOwner },
    ruleCache: openRuleCache(),
    guidWords: toGuidWords([...covered, [nil, bits(rights)]]),
    classWords: classGuid === null ? null : wordsOfGuid(classGuid),
    rules: [
      owns,
      ...rules.map((rule) => ({
        ...{ kind: rule.kind, childClass: rule.childClass ?? null, needs: bits(rule.needs) },
        ...{ isAnyEnough: rule.isAnyEnough ?? false, standsFor: bits(rule.standsFor ?? []) },
      })),
    ],
  };
};

/** The object type that is none: the entry is for everything. */
export const nil = '00000000-0000-0000-0000-000000000000';
