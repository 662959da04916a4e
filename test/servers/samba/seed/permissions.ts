import { accounts, dnOf } from './accounts.ts';
import { enrolmentServiceDn } from './certificate-services.ts';
import { groups } from './groups.ts';
import { base, guids, publicKeyServices, sidOf, units } from './names.ts';
import { policies, policyDn } from './policies.ts';

/** Entries that are put before those an object has already, as SDDL (MS-DTYP 2.5.1). */
export interface Permission {
  readonly dn: string;
  readonly entries: readonly string[];
}

export const permissions: readonly Permission[] = [
  {
    dn: base,
    entries: [
      right(guids.getChanges, sidOf(accounts.dcSync.rid)),
      right(guids.getChangesAll, sidOf(accounts.dcSync.rid)),
      right(guids.getChanges, sidOf(accounts.changesOnly.rid)),
    ],
  },
  { dn: `CN=AdminSDHolder,CN=System,${base}`, entries: [everything(sidOf(accounts.sdHolderWriter.rid))] },
  { dn: `CN=Deleted Objects,${base}`, entries: [`(A;;LCRP;;;${sidOf(accounts.reader.rid)})`] },
  {
    dn: units.people,
    entries: [`(OA;CIIO;CR;${guids.forceChangePassword};${guids.user};${sidOf(groups.helpDesk.rid)})`],
  },
  {
    dn: units.serviceAccounts,
    entries: [`(OA;CI;CC;${guids.delegatedManagedServiceAccount};;${sidOf(groups.serviceAutomation.rid)})`],
  },
  {
    dn: units.workstations,
    entries: [
      `(OA;CIIO;RPCR;${guids.lapsLegacyPassword};${guids.computer};${sidOf(groups.floorSupport.rid)})`,
      // One too many: every account of the domain reads the local administrator's password.
      `(OA;CIIO;RPCR;${guids.lapsLegacyPassword};${guids.computer};AU)`,
    ],
  },
  {
    dn: units.servers,
    entries: [`(OA;CIIO;RPCR;${guids.lapsPassword};${guids.computer};${sidOf(groups.tier0Operators.rid)})`],
  },
  {
    dn: dnOf(accounts.writableNames),
    entries: [
      `(OA;;WP;${guids.publicInformation};;${sidOf(groups.helpDesk.rid)})`,
      `(OA;;WP;${guids.keyCredentialLink};;${sidOf(groups.helpDesk.rid)})`,
    ],
  },
  {
    dn: dnOf(accounts.delegableAdmin),
    entries: [`(OA;;WP;${guids.altSecurityIdentities};;${sidOf(groups.helpDesk.rid)})`],
  },
  {
    dn: policyDn(policies.controllerHardening.id),
    entries: [everything(sidOf(groups.policyEditors.rid))],
  },
  {
    dn: `CN=NTAuthCertificates,${publicKeyServices}`,
    entries: [everything(sidOf(groups.webOperators.rid))],
  },
  {
    dn: enrolmentServiceDn('Corp Issuing CA 1'),
    entries: [everything(sidOf(groups.pkiOperators.rid))],
  },
];

/** The descriptor with the entries first, where explicit ones stand. */
export const withEntries = (sddl: string, entries: readonly string[]): string =>
  sddl.replace(/D:([A-Z]*)/, (head) => `${head}${entries.join('')}`);

function right(guid: string, sid: string): string {
  return `(OA;;CR;${guid};;${sid})`;
}
function everything(sid: string): string {
  return `(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;${sid})`;
}
