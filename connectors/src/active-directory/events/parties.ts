import { said, type WindowsEvent } from './windows-event.ts';

/** Who did it and to what it was done. */
export interface Parties {
  /** The SID, as accounts have it. */
  readonly actorId: string | null;
  /** `DOMAIN\name`, or `name@realm` where the event knows the realm. */
  readonly actorLogin: string | null;
  /**
   * `<kind>:<value>`: `user`, `computer`, `group`, `member` and `account` by SID where there is one, else by login;
   * `service`, `object` (a GUID), `dn`, `attribute`, `share`, `file`, `template`, `request`, `certificate`, `domain`,
   * `right`, `policy`, `log`, `name` by name.
   */
  readonly targets: readonly string[];
}

export const partiesOf = (event: WindowsEvent): Parties => {
  const field = (name: string) => said(event.data.get(name));
  const isAbout = byTarget.has(event.eventId);
  const actor = event.eventId in requests ? requesterOf(field) : isAbout ? targetOf(field) : subjectOf(field);
  return {
    actorId: actor.sid,
    actorLogin: actor.login,
    targets: [...new Set((targets[event.eventId] ?? anyTarget)(field, event).filter((target) => target !== null))],
  };
};

type Field = (name: string) => string | null;
type Targets = (field: Field, event: WindowsEvent) => readonly (string | null)[];

interface Party {
  readonly sid: string | null;
  readonly login: string | null;
}

/** Sign-ins name as target who signs in, and as subject the process that asked, mostly the computer itself. */
const byTarget: ReadonlySet<number> = new Set([4624, 4625, 4768, 4769, 4770, 4771, 4776, 4777]);
const requests: Readonly<Record<number, true>> = { 4886: true, 4887: true, 4888: true };

/** S-1-0-0 is nobody: an account that was not found. */
const sidOf = (sid: string | null): string | null =>
  sid === null || sid === 'S-1-0-0' || !sid.startsWith('S-1-') ? null : sid;

const partyOf = (sid: string | null, name: string | null, domain: string | null): Party => ({
  sid: sidOf(sid),
  login: loginOf(name, domain),
});

/** A domain with a dot is a realm; its case differs from client to client and means nothing. */
const loginOf = (name: string | null, domain: string | null): string | null => {
  if (name === null) return null;
  const at = name.lastIndexOf('@');
  if (at > 0) return `${name.slice(0, at)}@${name.slice(at + 1).toLowerCase()}`;
  if (domain === null || name.includes('\\')) return name;
  return domain.includes('.') ? `${name}@${domain.toLowerCase()}` : `${domain}\\${name}`;
};

const subjectOf = (field: Field): Party =>
  partyOf(field('SubjectUserSid'), field('SubjectUserName'), field('SubjectDomainName'));

const targetOf = (field: Field): Party =>
  partyOf(field('TargetUserSid') ?? field('TargetSid'), field('TargetUserName'), field('TargetDomainName'));

const requesterOf = (field: Field): Party => partyOf(null, field('Requester'), null);

const named = (kind: string, value: string | null): string | null => (value === null ? null : `${kind}:${value}`);

const of = (kind: string, { sid, login }: Party): string | null => named(kind, sid ?? login);

/** Accounts of computers end in `$`, those of services that the directory manages too. */
const accountKind = (name: string | null): string => (name?.replace(/@.*/, '').endsWith('$') ? 'computer' : 'user');

const targetAccount: Targets = (field) => [
  of(accountKind(field('TargetUserName')), targetOf(field)),
  named('dn', field('TargetDn')),
];

/** These events are about computers by their id, also when the name has lost its `$`. */
const targetComputer: Targets = (field) => [of('computer', targetOf(field)), named('dn', field('TargetDn'))];

const renamedAccount: Targets = (field) => [
  of(
    accountKind(field('OldTargetUserName')),
    partyOf(field('TargetSid'), field('OldTargetUserName'), field('TargetDomainName')),
  ),
  named('name', field('OldTargetUserName')),
  named('name', field('NewTargetUserName')),
];

const lockedAccount: Targets = (field) => [
  of('user', partyOf(field('TargetSid'), field('TargetUserName'), field('SubjectDomainName'))),
  // In this event alone the field holds the computer from which the wrong passwords came.
  named('computer', field('TargetDomainName')),
];

const membership: Targets = (field) => [
  of('group', targetOf(field)) ?? named('group', field('GroupDn')),
  named('member', sidOf(field('MemberSid')) ?? field('MemberName')),
];

const service: Targets = (field) => [
  named('service', field('ServiceName')),
  of(accountKind(field('ServiceName')), partyOf(field('ServiceSid'), null, null)),
];

const explicit: Targets = (field) => [
  of('user', partyOf(null, field('TargetUserName'), field('TargetDomainName'))),
  named('computer', field('TargetServerName')),
];

const directoryObject: Targets = (field) => [
  named('object', guidOf(field('ObjectGUID'))),
  named('dn', field('ObjectDN')),
  named('attribute', field('AttributeLDAPDisplayName')),
];

/** 4662 names its object as `%{guid}` or by its distinguished name. */
const accessedObject: Targets = (field) => {
  const name = field('ObjectName');
  const guid = name?.startsWith('%{') ? guidOf(name) : null;
  return [guid === null ? named('dn', name) : named('object', guid)];
};

const guidOf = (guid: string | null): string | null => guid?.replaceAll(/[%{}]/g, '').toLowerCase() ?? null;

const share: Targets = (field) => [named('share', field('ShareName')), named('file', field('RelativeTargetName'))];

const certificate: Targets = (field) => [
  named('request', field('RequestId')),
  named('template', field('CertificateTemplate') ?? templateOf(field('Attributes'))),
  named('certificate', field('SerialNumber')),
  named('user', principalOf(field('SubjectAlternativeName') ?? field('Attributes'))),
];

/** Servers before 2022 tell the template and the wished names only in the request's attributes. */
const templateOf = (attributes: string | null): string | null =>
  /CertificateTemplate:([^\r\n]{1,200})/i.exec(attributes ?? '')?.[1]?.trim() ?? null;

/** For whom the certificate is: `Other Name: Principal Name=ada@corp.example`, `SAN:upn=ada@corp.example&dns=…`. */
const principalOf = (names: string | null): string | null =>
  /(?:Principal Name|\bupn)\s*=\s*([^\s&,]{1,200})/i.exec(names ?? '')?.[1] ?? null;

const trust: Targets = (field) => [
  named('domain', field('DomainName') ?? field('TopLevelName') ?? field('ForestRoot')),
  named('account', sidOf(field('DomainSid') ?? field('ForestRootSid'))),
];

/** The certification authority writes its events on its own computer. */
const authority: Targets = (field, { computer }) => [
  named('computer', computer),
  named('policy', field('PropertyName')),
];

const template: Targets = (field) => [
  named('template', field('TemplateInternalName') ?? field('TemplateDSObjectFQDN') ?? field('TemplateDSObjectFqdn')),
];

const targets: Readonly<Record<number, Targets>> = {
  1102: (_, { channel }) => [named('log', said(channel))],
  4624: (_, { computer }) => [named('computer', computer)],
  4625: (_, { computer }) => [named('computer', computer)],
  4648: explicit,
  4662: accessedObject,
  4672: (_, { computer }) => [named('computer', computer)],
  4704: (field) => [named('account', sidOf(field('TargetSid'))), ...rightsOf(field('PrivilegeList'))],
  4706: trust,
  4713: () => ['policy:kerberos'],
  4716: trust,
  4719: (field) => [named('policy', guidOf(field('SubcategoryGuid')) ?? field('SubcategoryId'))],
  4728: membership,
  4729: membership,
  4732: membership,
  4733: membership,
  4740: lockedAccount,
  4741: targetComputer,
  4742: targetComputer,
  4743: targetComputer,
  4756: membership,
  4757: membership,
  4768: service,
  4769: service,
  4770: service,
  4771: service,
  4776: () => [],
  4777: () => [],
  4781: renamedAccount,
  4794: (_, { computer }) => [named('computer', computer)],
  4865: trust,
  4882: authority,
  4886: certificate,
  4887: certificate,
  4888: certificate,
  4890: authority,
  4892: authority,
  4898: template,
  4899: template,
  4900: template,
  5136: directoryObject,
  5137: directoryObject,
  5140: share,
  5141: directoryObject,
  5145: share,
};

const rightsOf = (list: string | null): readonly string[] =>
  (list ?? '')
    .split(/\s+/)
    .filter((right) => /^Se\w{1,60}$/.test(right))
    .map((right) => `right:${right}`);

/** Account events, and every event that is not known here but names a target as Windows' events do. */
const anyTarget: Targets = targetAccount;
