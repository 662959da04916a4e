import { defineConnector } from '@gatehouse/connector-kit';
import { fields } from '@gatehouse/fields';
import { Fault } from '@gatehouse/kernel';
import { z } from 'zod';
import { apiTokens } from './api-tokens.ts';
import { appAssignments } from './app-assignments.ts';
import { appCredentials } from './app-credentials.ts';
import { appGrants } from './app-grants.ts';
import { apps } from './apps.ts';
import { authenticators } from './authenticators.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { cleanDomain, type Domain } from './domain.ts';
import { factors } from './factors.ts';
import { groupRules, groups, memberships } from './groups.ts';
import { idps } from './idps.ts';
import { policies } from './policies.ts';
import { resourceSets } from './resource-sets.ts';
import { roleAssignments } from './role-assignments.ts';
import { roles } from './roles.ts';
import { setup } from './setup.ts';
import { systemLog } from './system-log.ts';
import { users } from './users.ts';
import { zones } from './zones.ts';

const noDomain = 'Enter the domain of your organisation, for example acme.okta.com.';

const config = fields.object({
  domain: fields
    .text('Okta domain', 'The address at which people sign in, for example acme.okta.com.')
    .refine((text) => cleanDomain(text) !== null, noDomain),
  clientId: fields.text('Client ID', 'Shown under Client Credentials of the app that you made for Gatehouse.'),
  privateKey: fields.secretText(
    'Private key',
    'The private key in PEM form that Okta showed when you generated it, or the same key as a JSON Web Key.',
  ),
  // May be empty, because a form sends a field that was emptied again as it is.
  keyId: z
    .string()
    .trim()
    .max(200)
    .meta({ title: 'Key ID', description: 'The KID of this key. Needed only where the app has several keys.' })
    .optional(),
});

const domainOf = (text: string): Domain => {
  const domain = cleanDomain(text);
  if (domain === null) throw new Fault('misconfigured', noDomain);
  return domain;
};

/** Okta, read as an API services app: everything it has to say about who can do what, and nothing that changes it. */
export const okta = defineConnector({
  id: 'okta',
  name: 'Okta',
  summary:
    'Users, groups, applications, administrators, second factors, policies and the System Log of an Okta organisation.',
  config,
  setup,
  point: ({ domain }) => new URL(domainOf(domain).origin).host,
  notes: ({ domain }) => [domainOf(domain).note].filter((note) => note !== null),
  connect: ({ domain, clientId, privateKey, keyId }, host) =>
    createClient(host, { origin: domainOf(domain).origin, clientId, keyId: keyId || null, privateKey }),
  check,
  // In the order in which they are read: who there is, what they can do, then what takes long.
  streams: {
    users,
    groups,
    'group-rules': groupRules,
    apps,
    roles,
    'resource-sets': resourceSets,
    'role-assignments': roleAssignments,
    'api-tokens': apiTokens,
    authenticators,
    idps,
    zones,
    policies,
    'app-grants': appGrants,
    'app-credentials': appCredentials,
    'system-log': systemLog,
    memberships,
    'app-assignments': appAssignments,
    factors,
  },
});
