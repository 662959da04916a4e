import { example } from '../testing/example.ts';
import type { Org } from '../testing/world.ts';
import { domainOf } from './testing/domain.ts';

interface Link {
  readonly policy: string;
  readonly isEnforced?: boolean;
  readonly isDisabled?: boolean;
}

/** A domain whose quota lets people add computers, its controllers, and policies linked to either. */
const policiesOf = (
  org: Org,
  links: { readonly domain?: readonly Link[]; readonly controllers?: readonly Link[] },
  more: object = {},
) => {
  const { domainAdmin, place, sid } = domainOf(org);
  const asJson = (list: readonly Link[] = []) =>
    list.map((link) => ({ isEnforced: false, isDisabled: false, ...link }));
  place.resource('top', {
    ...{ type: 'domain', name: 'corp.example' },
    attributes: { sid, dn: 'DC=corp,DC=example', links: asJson(links.domain), machineAccountQuota: 10, ...more },
  });
  place.resource('ou', {
    type: 'organizational_unit',
    attributes: { dn: 'OU=Domain Controllers,DC=corp,DC=example', links: asJson(links.controllers), ...more },
  });
  return {
    ...{ place, domainAdmin },
    policy: (
      name: string,
      privileges: Readonly<Record<string, readonly string[]>>,
      settings: object = {},
      attributes: object = {},
    ) => {
      place.resource(`policy-${name}`, {
        type: 'group_policy',
        name,
        attributes: { policy: `{${name}}`, ...attributes },
      });
      return place.policy(`policy-${name}`, {
        ...{ type: 'group_policy', name },
        settings: {
          ...{ policy: `{${name}}`, isRead: true, unread: [] },
          privileges: Object.fromEntries(Object.entries(privileges).map(([key, who]) => [key, [...who]])),
          ...settings,
        },
      });
    },
  };
};

const helpDesk = 'S-1-5-21-1-2-3-1101';

export default example({
  found: (org) => {
    const { place, policy } = policiesOf(org, {
      controllers: [{ policy: '{Controllers}' }, { policy: '{Named}' }],
      domain: [{ policy: '{Below}' }, { policy: '{Above}', isEnforced: true }],
    });
    place.account('S-1-5-21-1-2-3-1102', { login: 'CORP\\ops', raw: { sAMAccountName: 'ops' } });
    policy('Below', { SeDebugPrivilege: ['S-1-5-32-544'], SeEnableDelegationPrivilege: [helpDesk] });
    return [
      policy('Controllers', { SeMachineAccountPrivilege: ['S-1-5-11'], SeDebugPrivilege: ['S-1-5-32-544'] }),
      policy('Named', { SeEnableDelegationPrivilege: ['CORP\\Ops', 'S-1-5-32-544'] }),
      policy('Above', { SeDebugPrivilege: [helpDesk] }),
    ];
  },
  clear: (org) => {
    const { policy, domainAdmin } = policiesOf(
      org,
      {
        controllers: [{ policy: '{Controllers}' }, { policy: '{Off}', isDisabled: true }, { policy: '{User}' }],
        domain: [{ policy: '{Weaker}' }, { policy: '{Blocked}' }],
      },
      { blocksInheritance: true, machineAccountQuota: 0 },
    );
    policy('Controllers', {
      SeMachineAccountPrivilege: ['S-1-5-11'],
      SeDebugPrivilege: ['S-1-5-32-544', domainAdmin],
      SeShutdownPrivilege: [helpDesk],
    });
    policy('Off', { SeDebugPrivilege: [helpDesk] });
    policy('User', { SeDebugPrivilege: [helpDesk] }, {}, { isComputerPartOff: true });
    policy('Weaker', { SeDebugPrivilege: [helpDesk] });
    policy('Blocked', { SeEnableDelegationPrivilege: [helpDesk] });
    policy('Elsewhere', { SeDebugPrivilege: [helpDesk] });
  },
  unknown: (org) => {
    const { policy } = policiesOf(org, { controllers: [{ policy: '{A}' }, { policy: '{B}' }, { policy: '{C}' }] });
    policy('A', { SeDebugPrivilege: ['CORP\\nobody'] });
    policy('B', {}, { isRead: false });
    policy('C', {}, { unread: ['Machine/Microsoft/Windows NT/SecEdit/GptTmpl.inf'] });
  },
});
