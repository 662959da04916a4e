import type { OktaOrganisation } from '@gatehouse/connectors/okta/fake';
import { oktaApiTokens, oktaCustomRoles, oktaResourceSets, oktaRoleAssignments } from './okta-admins.ts';
import { oktaApps } from './okta-apps.ts';
import { oktaEvents } from './okta-events.ts';
import { oktaGroupRules, oktaGroups } from './okta-groups.ts';
import { oktaAuthenticators, oktaIdps, oktaPolicies, oktaZones } from './okta-guards.ts';
import { oktaUsers } from './okta-people.ts';
import type { LabOrganisation } from './organisation.ts';

/** The organisation as Okta knows it. */
export const makeOkta = (lab: LabOrganisation): OktaOrganisation => ({
  name: 'meridianfreight',
  users: oktaUsers(lab),
  groups: oktaGroups(lab),
  groupRules: oktaGroupRules(lab),
  apps: oktaApps(lab),
  customRoles: oktaCustomRoles(lab),
  resourceSets: oktaResourceSets(lab),
  roleAssignments: oktaRoleAssignments(lab),
  authenticators: oktaAuthenticators(lab),
  apiTokens: oktaApiTokens(lab),
  idps: oktaIdps(lab),
  policies: oktaPolicies(lab),
  zones: oktaZones(lab),
  events: oktaEvents(lab),
});
