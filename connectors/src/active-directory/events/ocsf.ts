import { said, type WindowsEvent } from './windows-event.ts';

/** OCSF class and activity of an event. */
export interface OcsfClass {
  readonly classUid: number;
  readonly activityId: number;
}

const accountChange = 3001;
const authentication = 3002;
const authorizeSession = 3003;
const entity = 3004;
const access = 3005;
const group = 3006;
const smb = 4006;
const eventLog = 1008;
/** OCSF's base event: nothing is known but that it was logged. */
const base = 0;

/** No activity of the class fits. */
const other = 99;

const of = (classUid: number, activityId: number): OcsfClass => ({ classUid, activityId });

/**
 * The class of an event. Ids belong to their provider, so only those of Windows' audit are classified, and of Samba those
 * that it gives itself; every other event is kept without a guess.
 */
export const toOcsf = (event: WindowsEvent): OcsfClass => {
  if (!auditProviders.has(event.provider.toLowerCase())) return of(base, 0);
  if (event.eventId === 4662) return of(entity, accessActivity(event));
  return classes[event.eventId] ?? of(base, 0);
};

/** Providers whose events have the ids of the Security log. */
export const auditProviders: ReadonlySet<string> = new Set([
  'microsoft-windows-security-auditing',
  'microsoft-windows-eventlog',
  'microsoft windows security auditing.',
  'security',
  'samba',
]);

/**
 * Activities: 3001 create 1, enable 2, password change 3, password reset 4, disable 5, delete 6, lock 9, unlock 12 ·
 * 3002 logon 1, ticket 3, service ticket 4, renewal 5, preauth 6 · 3003 privileges 1 · 3004 create 1, read 2, update 3,
 * delete 4 · 3005 assign 1, revoke 2 · 3006 add user 3, remove user 4 · 4006 open 2 · 1008 clear 1.
 */
const classes: Readonly<Record<number, OcsfClass>> = {
  1102: of(eventLog, 1),
  4624: of(authentication, 1),
  4625: of(authentication, 1),
  4648: of(authentication, 1),
  4672: of(authorizeSession, 1),
  4704: of(access, 1),
  4706: of(entity, 1),
  4713: of(entity, 3),
  4716: of(entity, 3),
  4719: of(entity, 3),
  4720: of(accountChange, 1),
  4722: of(accountChange, 2),
  4723: of(accountChange, 3),
  4724: of(accountChange, 4),
  4725: of(accountChange, 5),
  4726: of(accountChange, 6),
  4728: of(group, 3),
  4729: of(group, 4),
  4732: of(group, 3),
  4733: of(group, 4),
  4738: of(accountChange, other),
  4740: of(accountChange, 9),
  4741: of(accountChange, 1),
  4742: of(accountChange, other),
  4743: of(accountChange, 6),
  4756: of(group, 3),
  4757: of(group, 4),
  4765: of(accountChange, other),
  4766: of(accountChange, other),
  4767: of(accountChange, 12),
  4768: of(authentication, 3),
  4769: of(authentication, 4),
  4770: of(authentication, 5),
  4771: of(authentication, 6),
  // The controller confirms a password to a server, which then signs the account in with an event of its own.
  4776: of(authentication, 6),
  4777: of(authentication, 6),
  4781: of(accountChange, other),
  4794: of(accountChange, 4),
  4865: of(entity, 1),
  4882: of(entity, 3),
  4886: of(entity, 1),
  4887: of(entity, 1),
  4888: of(entity, 1),
  4890: of(entity, 3),
  4892: of(entity, 3),
  4898: of(entity, 2),
  4899: of(entity, 3),
  4900: of(entity, 3),
  5136: of(entity, 3),
  5137: of(entity, 1),
  5140: of(smb, 2),
  5141: of(entity, 4),
  5145: of(smb, 2),
};

/** Rights of a directory object (MS-ADTS 5.1.3.2): the strongest that was used says what was done. */
const accessRights: readonly (readonly [mask: number, activityId: number])[] = [
  [0x1_0042, 4], // delete, delete child, delete tree
  [0x1, 1],
  [0xc_0028, 3], // write DACL, write owner, write property, validated write
  [0x2_0094, 2], // read control, read property, list children, list object
];

const accessActivity = ({ data }: WindowsEvent): number => {
  const mask = Number(said(data.get('AccessMask')) ?? 0);
  return accessRights.find(([rights]) => (mask & rights) !== 0)?.[1] ?? other;
};
