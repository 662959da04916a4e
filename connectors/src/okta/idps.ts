import { empty, type Resource, stream } from '@gatehouse/connector-kit';
import type { OktaClient } from './client.ts';
import { rawOf } from './raw.ts';
import { at, flagAt, Identified, saidAt, switchOf, textAt, textsAt, timeAt } from './shapes.ts';
import { flat, walk } from './walk.ts';

/**
 * An identity provider through which people come in. `attributes`:
 *
 * | name | what |
 * |---|---|
 * | idpType | SAML2, OIDC, GOOGLE, MICROSOFT, X509 … |
 * | issuer | who asserts |
 * | accountLinkAction | AUTO: someone it asserts becomes the user of that name; DISABLED: no |
 * | accountLinkGroups | the groups whose members may be linked; empty: every user |
 * | excludesAdmins | accountLink leaves administrators out |
 * | provisioningAction | AUTO: users are made when they first come |
 * | jit | provisioningAction is AUTO |
 * | profileMaster | it overwrites the profiles of its users |
 * | groupsAction, groupAssignments | the groups its users are put into |
 * | subjectMatchType, usernameTemplate, subjectFilter | how a user is found |
 */
export const toIdp = (idp: Identified): Resource => {
  const { policy, protocol } = idp;
  const provisioning = at(policy, 'provisioning');
  const link = at(policy, 'accountLink');
  return {
    ...empty('resources'),
    id: idp.id,
    raw: rawOf(idp),
    type: 'identity_provider',
    name: textAt(idp, 'name'),
    status: switchOf(idp),
    createdAt: timeAt(idp, 'created'),
    url: saidAt(protocol, 'endpoints', 'sso', 'url') ?? saidAt(protocol, 'endpoints', 'authorization', 'url'),
    attributes: {
      idpType: textAt(idp, 'type'),
      issuer: textAt(protocol, 'issuer', 'url') ?? textAt(protocol, 'credentials', 'trust', 'issuer'),
      accountLinkAction: textAt(link, 'action'),
      accountLinkGroups: textsAt(link, 'filter', 'groups', 'include'),
      excludesAdmins: flagAt(link, 'filter', 'users', 'excludeAdmins'),
      provisioningAction: textAt(provisioning, 'action'),
      jit: provisioning === undefined || provisioning === null ? null : textAt(provisioning, 'action') === 'AUTO',
      profileMaster: flagAt(provisioning, 'profileMaster'),
      groupsAction: textAt(provisioning, 'groups', 'action'),
      groupAssignments: [
        ...textsAt(provisioning, 'groups', 'assignments'),
        ...textsAt(provisioning, 'groups', 'filter'),
      ],
      subjectMatchType: textAt(policy, 'subject', 'matchType'),
      usernameTemplate: textAt(policy, 'subject', 'userNameTemplate', 'template'),
      subjectFilter: textAt(policy, 'subject', 'filter'),
    },
  };
};

export const idps = stream<OktaClient, 'resources'>({
  record: 'resources',
  title: 'Identity providers',
  needs: 'the scope okta.idps.read, and the admin role “Read-only Administrator”',
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  async *read(client, from) {
    await client.session.require('okta.idps.read');
    const section = flat({ first: '/api/v1/idps?limit=200', list: (c, path) => c.list(path, Identified), map: toIdp });
    yield* walk(client, { sections: [section] }, from);
  },
  probe: (client) => client.probe('/api/v1/idps?limit=1', 'okta.idps.read'),
});
